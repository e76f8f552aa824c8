// node run.mjs TITLE_DIR REEL: plays a finished title in Chromium, with three
// players and on the page of `reel play`. Prints TAP; exits 1 on a failure.
import fs from 'node:fs';
import path from 'node:path';
import {launchBrowser, reelPlay, servePlayers} from './browser.mjs';
import {playPageTests} from './play_page.mjs';

const TIME_LIMIT_MS = 120_000;
const [title, reel] = process.argv.slice(2);
if (!title || !reel) {
  console.error('usage: node run.mjs TITLE_DIR REEL');
  process.exit(2);
}

let count = 0;
let failures = 0;

async function test(name, run) {
  let timer;
  const limit = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not done within ${TIME_LIMIT_MS / 1000} s`)), TIME_LIMIT_MS);
  });
  const start = performance.now();
  try {
    const seen = await Promise.race([run(), limit]);
    const detail = seen ? ` # ${JSON.stringify(seen)}` : '';
    console.log(`ok ${++count} - ${name} (${Math.round(performance.now() - start)} ms)${detail}`);
  } catch (error) {
    ++failures;
    console.log(`not ok ${++count} - ${name}\n  ${error.message.split('\n')[0]}`);
  } finally {
    clearTimeout(timer);
  }
}

// The report's renditions, or nothing to compare with.
function expectedHeights() {
  const file = path.join(title, 'report.json');
  if (!fs.existsSync(file)) return undefined;
  const {renditions} = JSON.parse(fs.readFileSync(file));
  return [...new Set(renditions.map((r) => r.height))].sort((a, b) => a - b);
}

async function playerTest(context, page, url, player) {
  const tab = await context.newPage();
  try {
    await tab.goto(page);
    const seen = await tab.evaluate(([name, manifest]) => playThrough(name, manifest), [player, url]);
    const want = expectedHeights();
    if (want && String(seen.heights) !== String(want)) throw new Error(`offers heights ${seen.heights}, the report tells ${want}`);
    return seen;
  } finally {
    await tab.close();
  }
}

const server = await reelPlay(reel, title);
const players = await servePlayers();
const browser = await launchBrowser();
for (const [player, manifest] of [['shaka', 'master.m3u8'], ['shaka', 'manifest.mpd'], ['hls', 'master.m3u8'], ['dash', 'manifest.mpd']]) {
  await test(`${player} plays ${manifest}, seeks and switches`,
             () => playerTest(browser.context, players.address, server.address + manifest, player));
}
for (const [name, run] of playPageTests(server.address)) {
  await test(name, async () => {
    const tab = await browser.context.newPage();
    try {
      return await run(tab);
    } finally {
      await tab.close();
    }
  });
}
await browser.close();
await players.close();
await test('reel play ends with 0 on SIGINT', async () => {
  const code = await server.close();
  if (code !== 0) throw new Error(`exit code ${code}`);
});
console.log(`1..${count}`);
process.exit(failures ? 1 : 0);
