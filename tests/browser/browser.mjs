// Chromium without a network of its own, and the servers that tests need.
import {spawn} from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {chromium} from 'playwright-core';

const HERE = path.dirname(fileURLToPath(import.meta.url));
const PLAYERS = {
  '/hls.js': 'hls.js/dist/hls.min.js',
  '/dash.js': 'dashjs/dist/modern/umd/dash.all.min.js',
  '/shaka.js': 'shaka-player/dist/shaka-player.compiled-es2021.js',
};

// A browser with a new, empty profile that is gone after close().
export async function launchBrowser(options = {}) {
  const profile = fs.mkdtempSync(path.join(os.tmpdir(), 'reel-browser-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.REEL_CHROMIUM ?? '/usr/bin/chromium',
    headless: true,
    args: [
      '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage',
      '--autoplay-policy=no-user-gesture-required',
      '--disable-background-networking', '--disable-component-update',
      '--disable-default-apps', '--disable-sync', '--no-first-run',
      '--no-pings', '--disable-domain-reliability',
    ],
    ...options,
  });
  const close = async () => {
    await context.close();
    fs.rmSync(profile, {recursive: true, force: true});
  };
  return {context, close};
}

// Serves players.html and the three players; {address, close}.
export async function servePlayers() {
  const files = {'/': path.join(HERE, 'players.html')};
  for (const [url, file] of Object.entries(PLAYERS))
    files[url] = path.join(HERE, 'node_modules', file);
  const server = http.createServer((request, response) => {
    const file = files[request.url];
    if (!file) return response.writeHead(404).end();
    const type = file.endsWith('.html') ? 'text/html' : 'text/javascript';
    response.writeHead(200, {'content-type': type});
    fs.createReadStream(file).pipe(response);
  });
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  return {
    address: `http://127.0.0.1:${server.address().port}/`,
    close: () => new Promise((closed) => {
      server.close(closed);
      server.closeAllConnections();
    }),
  };
}

// Runs `reel play TITLE`; {address, close}. close() resolves to the exit code.
export async function reelPlay(reel, title) {
  const child = spawn(reel, ['play', title], {stdio: ['ignore', 'pipe', 'inherit']});
  const ended = new Promise((resolve) => child.on('close', resolve));
  const address = await new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => reject(new Error(`reel play ended with ${code}`)));
    child.stdout.on('data', (data) => resolve(String(data).trim()));
  });
  return {
    address,
    close: () => {
      child.kill('SIGINT');
      return ended;
    },
  };
}
