// node screenshot.mjs TITLE_DIR REEL OUT.png [light|dark] [SECONDS]: the page of
// `reel play` at work, for README.md.
import {launchBrowser, reelPlay} from './browser.mjs';

const [title, reel, out, scheme = 'light', seconds] = process.argv.slice(2);
if (!out) {
  console.error('usage: node screenshot.mjs TITLE_DIR REEL OUT.png [light|dark] [SECONDS]');
  process.exit(2);
}
const server = await reelPlay(reel, title);
const browser = await launchBrowser({viewport: {width: 1280, height: 1010}, colorScheme: scheme});
const tab = await browser.context.newPage();
await tab.goto(server.address);
await tab.waitForFunction(() => document.getElementById('video').readyState >= 3);
await tab.evaluate((to) => {
  const video = document.getElementById('video');
  video.muted = true;
  video.currentTime = to === undefined ? video.duration * 0.3 : Number(to);
  return video.play();
}, seconds);
await tab.waitForTimeout(4000);
const box = await (await tab.$('#seek')).boundingBox();
await tab.mouse.move(box.x + 0.62 * box.width, box.y + box.height / 2);
await tab.waitForTimeout(500);
await tab.screenshot({path: out});
await browser.close();
await server.close();
