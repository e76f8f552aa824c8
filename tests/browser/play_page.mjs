// The page of `reel play`, used as a person would.

async function open(tab, address) {
  const problems = [];
  const foreign = [];
  tab.on('pageerror', (error) => problems.push(error.message));
  tab.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
  tab.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(address) && !/^(blob|data):/.test(url)) foreign.push(url);
  });
  await tab.goto(address);
  await tab.waitForFunction(() => document.getElementById('video').readyState >= 3);
  return () => {
    if (problems.length) throw new Error(`page errors: ${problems.join('; ')}`);
    if (foreign.length) throw new Error(`asks elsewhere: ${foreign.join(' ')}`);
  };
}

// Media time passes.
async function plays(tab) {
  await tab.waitForFunction(() => {
    const video = document.getElementById('video');
    window.firstTime ??= video.currentTime;
    return video.currentTime > window.firstTime + 0.5;
  });
  await tab.evaluate(() => delete window.firstTime);
}

// Back to the first quarter, since a short title soon ends.
async function rewind(tab) {
  await tab.evaluate(() => {
    const video = document.getElementById('video');
    video.currentTime = video.duration / 4;
    return video.play();
  });
}

async function start(tab) {
  await tab.evaluate(() => document.getElementById('video').muted = true);
  await tab.click('#big-play');
  await plays(tab);
}

async function showsHeight(tab, height) {
  await tab.waitForFunction((want) => document.getElementById('video').videoHeight === want, height);
}

async function choose(tab, height) {
  await tab.hover('#stage');
  await tab.click('#quality');
  await tab.click(`#quality-menu [data-height="${height}"]`);
}

async function playsAndSwitches(tab, address) {
  const check = await open(tab, address);
  await start(tab);
  const heights = await tab.$$eval('#quality-menu [data-height]', (items) => items.map((item) => item.dataset.height).filter((h) => h !== 'auto').map(Number));
  for (const height of heights) {
    await rewind(tab);
    await choose(tab, height);
    await showsHeight(tab, height);
    await plays(tab);
  }
  check();
  return {heights};
}

async function switchesManifest(tab, address) {
  const check = await open(tab, address);
  await start(tab);
  await tab.click('[data-manifest="/manifest.mpd"]');
  await plays(tab);
  if (await tab.getAttribute('[data-manifest="/manifest.mpd"]', 'aria-checked') !== 'true') throw new Error('DASH is not marked');
  check();
}

async function showsThumbnails(tab, address) {
  const check = await open(tab, address);
  const box = await (await tab.$('#seek')).boundingBox();
  const areas = new Set();
  for (const part of [0.1, 0.5, 0.9]) {
    await tab.mouse.move(box.x + part * box.width, box.y + box.height / 2);
    await tab.waitForSelector('#thumbnail:not([hidden])');
    const style = await tab.$eval('#thumbnail', (t) => [t.style.backgroundImage, t.style.backgroundPosition, t.offsetWidth]);
    const [, url] = /^url\("(.+)"\)$/.exec(style[0]);
    const loaded = await tab.evaluate((src) => new Promise((done) => {
      const image = new Image();
      image.onload = () => done(image.naturalWidth);
      image.onerror = () => done(0);
      image.src = src;
    }), url);
    if (loaded < style[2]) throw new Error(`${url} is ${loaded} wide, its tiles ${style[2]}`);
    areas.add(style.join());
  }
  if (areas.size < 3) throw new Error('the same picture everywhere');
  await tab.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  await tab.waitForFunction(() => {
    const video = document.getElementById('video');
    return !video.seeking && Math.abs(video.currentTime - video.duration / 2) < video.duration * 0.02;
  });
  check();
}

async function tellsTheReport(tab, address) {
  const check = await open(tab, address);
  const report = await (await fetch(`${address}report.json`)).json();
  await tab.waitForSelector('#renditions tr.current');
  const rows = await tab.$$eval('#renditions tr', (all) => all.map((row) => row.dataset.rendition));
  const want = report.renditions.map((r) => r.id);
  if (String(rows) !== String(want)) throw new Error(`rows ${rows}, the report tells ${want}`);
  const badge = await tab.textContent('#verdict');
  if (report.validation.verdict === 'pass' && !badge.startsWith('Verified')) throw new Error(`badge says ${badge}`);
  const page = await tab.goto(`${address}report.html`);
  if (page.status() !== 200) throw new Error(`report.html: ${page.status()}`);
  check();
}

// [name, run(tab)] of each test.
export function playPageTests(address) {
  return [
    ['the page plays, its menu switches quality', (tab) => playsAndSwitches(tab, address)],
    ['the page switches from HLS to DASH', (tab) => switchesManifest(tab, address)],
    ['the page shows thumbnails on its seek bar', (tab) => showsThumbnails(tab, address)],
    ['the page tells what the report tells', (tab) => tellsTheReport(tab, address)],
  ];
}
