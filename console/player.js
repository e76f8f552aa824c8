// The page of `reel play`: Shaka Player with our own controls, beside what
// report.json says of the title.
import {bitrate, bytes, clock} from './format.js';
import {loadThumbnails, showThumbnail} from './thumbnails.js';

const $ = (id) => document.getElementById(id);
const video = $('video');
const stage = $('stage');
const ICONS = {
  play: 'M8 5v14l11-7z',
  pause: 'M6 5h4v14H6zm8 0h4v14h-4z',
  sound: 'M4 9v6h4l5 5V4L8 9zm12.5 3A4.5 4.5 0 0 0 14 8v8a4.5 4.5 0 0 0 2.5-4z',
  muted: 'M4 9v6h4l5 5V4L8 9zm17-.6L19.600 7l-2.300 2.300L15 7l-1.400 1.400 2.300 2.300-2.300 2.300L15 14.400l2.300-2.300 2.300 2.300L21 13l-2.300-2.300z',
  enter: 'M5 14H3v7h7v-2H5zm-2-4h2V5h5V3H3zm16 9h-5v2h7v-7h-2zM14 3v2h5v5h2V3z',
  leave: 'M3 16h5v5h2v-7H3zm5-8H3v2h7V3H8zm6 13h2v-5h5v-2h-7zm2-13V3h-2v7h7V8z',
};

let player;
let report = null;
let tiles = [];

function make(tag, text, properties = {}) {
  const element = Object.assign(document.createElement(tag), properties);
  if (text !== undefined) element.textContent = text;
  return element;
}

function setIcon(button, name, label) {
  const space = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(space, 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.append(document.createElementNS(space, 'path'));
  svg.firstChild.setAttribute('d', ICONS[name]);
  button.replaceChildren(svg);
  button.setAttribute('aria-label', label);
}

function fail(text) {
  $('message').textContent = text;
  $('message').hidden = false;
}

// ---- The title, as its report tells it --------------------------------------

// The rendition that a track of the manifest plays: of its size, nearest rate.
function renditionOf(track) {
  const same = (report?.renditions ?? []).filter((r) => r.width === track.width && r.height === track.height);
  const rate = track.videoBandwidth || track.bandwidth;
  const distance = (r) => Math.abs(r.peak_bitrate - rate);
  return same.sort((a, b) => distance(a) - distance(b))[0];
}

function showVerdict() {
  const passed = report.validation.verdict === 'pass';
  const badge = $('verdict');
  const count = report.validation.checks.length;
  badge.textContent = passed ? `Verified, ${count} checks` : 'Validation failed';
  badge.classList.add(passed ? 'good' : 'bad');
  badge.hidden = $('report-link').hidden = false;
}

function showRenditions() {
  $('renditions').replaceChildren(...report.renditions.map((r) => {
    const row = make('tr');
    row.dataset.rendition = r.id;
    const vmaf = r.vmaf?.mean === undefined ? '—' : r.vmaf.mean.toFixed(1);
    const cells = [r.id, `${r.width} × ${r.height}`, `${r.codec} ${r.profile}`, bitrate(r.average_bitrate), bitrate(r.peak_bitrate), vmaf, bytes(r.bytes)];
    row.append(...cells.map((text, i) => make('td', text, {className: i > 2 ? 'number' : ''})));
    return row;
  }));
}

function showFacts() {
  const {source, shots, renditions, audio, cost, inspection} = report;
  const first = renditions[0];
  const seconds = first?.duration ?? 0;
  const wait = cost.wall_seconds;
  const facts = [
    ['Duration', clock(seconds)],
    ['Frames', first?.frames.toLocaleString('en')],
    ['Frame rate', first && `${Number(first.frame_rate.toFixed(3))} /s`],
    ['Shots', shots.length],
    ['Source', `${source.video.codec} ${source.video.width} × ${source.video.height}`],
    ['Inspection', inspection.verdict],
    ['Audio', audio.length ? audio.map((a) => `${a.codec}, ${a.channels} ch`).join('; ') : 'none'],
    ['Made in', wait ? `${wait.toFixed(0)} s, ${(seconds / wait).toFixed(2)}× speed` : undefined],
  ];
  $('facts').replaceChildren(...facts.filter(([, value]) => value !== undefined).flatMap(([name, value]) => [make('dt', name), make('dd', String(value))]));
}

function showCuts() {
  const end = report.renditions[0]?.duration;
  if (!end) return;
  $('cuts').replaceChildren(...report.shots.slice(1).map((shot) => {
    const mark = make('div');
    mark.style.left = `${100 * shot.start / end}%`;
    return mark;
  }));
}

async function loadReport() {
  const response = await fetch('/report.json');
  if (!response.ok) return;
  report = await response.json();
  document.title = report.title;
  $('title').textContent = report.title;
  showVerdict();
  showRenditions();
  showFacts();
  showCuts();
}

// ---- Quality -----------------------------------------------------------------

function tracksBestFirst() {
  return player.getVariantTracks().sort((a, b) => b.height - a.height || b.bandwidth - a.bandwidth);
}

function nameOf(track) {
  return `${track.height}p`;
}

function chooseAuto() {
  player.configure({abr: {enabled: true}});
  fillQualityMenu();
}

function chooseTrack(track) {
  player.configure({abr: {enabled: false}});
  player.selectVariantTrack(track, /* clearBuffer= */ true);
  fillQualityMenu();
}

function menuItem(name, detail, checked, choose) {
  const item = make('button', undefined, {onclick: () => {
    choose();
    openQualityMenu(false);
  }});
  item.setAttribute('role', 'menuitemradio');
  item.setAttribute('aria-checked', String(checked));
  item.append(make('span', name), make('small', detail));
  return item;
}

function fillQualityMenu() {
  const auto = player.getConfiguration().abr.enabled;
  const active = tracksBestFirst().find((track) => track.active);
  $('quality').textContent = auto ? (active ? `Auto · ${nameOf(active)}` : 'Auto') : nameOf(active);
  const items = tracksBestFirst().map((track) => {
    const item = menuItem(nameOf(track), `${track.width} × ${track.height}, ${bitrate(renditionOf(track)?.average_bitrate ?? track.bandwidth)}`, !auto && track.active, () => chooseTrack(track));
    item.dataset.height = track.height;
    return item;
  });
  const first = menuItem('Auto', 'follows your connection', auto, chooseAuto);
  first.dataset.height = 'auto';
  $('quality-menu').replaceChildren(first, ...items);
}

function openQualityMenu(open) {
  $('quality-menu').hidden = !open;
  stage.classList.toggle('busy', open);
  $('quality').setAttribute('aria-expanded', String(open));
}

// ---- Live figures --------------------------------------------------------------

const bufferHistory = [];  // seconds ahead, two a second, for a minute

function bufferAhead() {
  const ranges = video.buffered;
  for (let i = 0; i < ranges.length; ++i) {
    if (ranges.start(i) <= video.currentTime + 0.1 && video.currentTime <= ranges.end(i))
      return ranges.end(i) - video.currentTime;
  }
  return 0;
}

function drawBuffer(ahead) {
  bufferHistory.push(ahead);
  if (bufferHistory.length > 120) bufferHistory.shift();
  const top = Math.max(10, ...bufferHistory);
  const points = bufferHistory.map((value, i) => `${2 * (120 - bufferHistory.length + i)},${(42 - 40 * value / top).toFixed(1)}`);
  const left = points[0].split(',')[0];
  $('buffer-line').setAttribute('d', `M${points.join(' L')}`);
  $('buffer-area').setAttribute('d', `M${left},44 L${points.join(' L')} L238,44 Z`);
}

function showStats() {
  const quality = video.getVideoPlaybackQuality();
  const active = player.getVariantTracks().find((track) => track.active);
  const rendition = active && renditionOf(active);
  const ahead = bufferAhead();
  $('stat-rendition').textContent = active ? `${active.width} × ${active.height}` : '–';
  $('stat-bitrate').textContent = bitrate(rendition?.average_bitrate ?? active?.bandwidth);
  $('stat-buffer').textContent = `${ahead.toFixed(1)} s`;
  $('stat-frames').textContent = quality.totalVideoFrames.toLocaleString('en');
  $('stat-dropped').textContent = quality.droppedVideoFrames.toLocaleString('en');
  $('stat-throughput').textContent = bitrate(player.getStats().estimatedBandwidth);
  for (const row of $('renditions').rows)
    row.classList.toggle('current', row.dataset.rendition === rendition?.id);
  drawBuffer(ahead);
}

// ---- Controls -------------------------------------------------------------------

function togglePlay() {
  if (video.paused) video.play().catch((error) => fail(error.message));
  else video.pause();
}

function toggleFullscreen() {
  if (document.fullscreenElement) document.exitFullscreen();
  else stage.requestFullscreen().catch((error) => fail(error.message));
}

function showPlaying() {
  stage.classList.toggle('playing', !video.paused);
  if (!video.paused) stage.classList.add('started');
  setIcon($('play'), video.paused ? 'play' : 'pause', video.paused ? 'Play' : 'Pause');
}

function showSound() {
  const silent = video.muted || video.volume === 0;
  setIcon($('mute'), silent ? 'muted' : 'sound', silent ? 'Unmute' : 'Mute');
  $('volume').value = silent ? 0 : video.volume;
}

function showTime() {
  const end = video.duration || 0;
  const part = end ? `${100 * video.currentTime / end}%` : '0';
  $('time').textContent = `${clock(video.currentTime)} / ${clock(end)}`;
  $('played').style.width = $('knob').style.left = part;
  $('seek').setAttribute('aria-valuemax', end.toFixed(1));
  $('seek').setAttribute('aria-valuenow', video.currentTime.toFixed(1));
  $('seek').setAttribute('aria-valuetext', clock(video.currentTime));
}

function showBuffered() {
  const end = video.duration || 1;
  const bars = Array.from(video.buffered, () => 0);
  for (let i = 0; i < video.buffered.length; ++i) {
    const bar = make('div');
    bar.style.left = `${100 * video.buffered.start(i) / end}%`;
    bar.style.width = `${100 * (video.buffered.end(i) - video.buffered.start(i)) / end}%`;
    bars[i] = bar;
  }
  $('buffered').replaceChildren(...bars);
}

function timeAt(event) {
  const box = $('seek').getBoundingClientRect();
  const part = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
  return part * (video.duration || 0);
}

function preview(event) {
  const box = $('seek').getBoundingClientRect();
  const shown = showThumbnail($('thumbnail'), tiles, timeAt(event));
  $('thumbnail').hidden = !shown;
  $('preview-time').textContent = clock(timeAt(event));
  $('preview').hidden = false;
  const half = $('preview').offsetWidth / 2;
  const x = event.clientX - box.left;
  $('preview').style.left = `${Math.min(box.width - half, Math.max(half, x))}px`;
}

function wireSeekBar() {
  const seek = $('seek');
  let dragging = false;
  seek.onpointerdown = (event) => {
    dragging = true;
    seek.setPointerCapture(event.pointerId);
    video.currentTime = timeAt(event);
  };
  seek.onpointermove = (event) => {
    preview(event);
    if (dragging) video.currentTime = timeAt(event);
  };
  seek.onpointerup = () => dragging = false;
  seek.onpointerleave = () => $('preview').hidden = true;
}

const KEYS = {
  ' ': togglePlay,
  k: togglePlay,
  f: toggleFullscreen,
  m: () => video.muted = !video.muted,
  ArrowLeft: () => video.currentTime -= 5,
  ArrowRight: () => video.currentTime += 5,
  Escape: () => openQualityMenu(false),
};

function wireKeys() {
  document.addEventListener('keydown', (event) => {
    const onControl = event.target.closest('button, a, input');
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (onControl && event.key !== 'Escape') return;
    if (!(event.key in KEYS)) return;
    event.preventDefault();
    KEYS[event.key]();
  });
}

function wireControls() {
  for (const id of ['play', 'big-play', 'video']) $(id).onclick = togglePlay;
  $('mute').onclick = () => video.muted = !video.muted;
  $('volume').oninput = () => {
    video.volume = $('volume').value;
    video.muted = false;
  };
  $('fullscreen').onclick = toggleFullscreen;
  $('quality').onclick = () => openQualityMenu($('quality-menu').hidden);
  document.addEventListener('click', (event) => {
    if (!event.target.closest('.menu')) openQualityMenu(false);
  });
  document.onfullscreenchange = () => document.fullscreenElement ?
      setIcon($('fullscreen'), 'leave', 'Leave full screen') :
      setIcon($('fullscreen'), 'enter', 'Full screen');
  for (const event of ['play', 'pause', 'ended']) video.addEventListener(event, showPlaying);
  for (const event of ['timeupdate', 'seeking', 'durationchange']) video.addEventListener(event, showTime);
  video.addEventListener('progress', showBuffered);
  video.addEventListener('volumechange', showSound);
  showPlaying();
  showSound();
  document.onfullscreenchange();
  wireSeekBar();
  wireKeys();
}

// ---- Start ------------------------------------------------------------------------

async function load(manifest, start) {
  $('message').hidden = true;
  for (const button of $('protocol').children)
    button.setAttribute('aria-checked', String(button.dataset.manifest === manifest));
  try {
    await player.load(manifest, start);
    fillQualityMenu();
  } catch (error) {
    fail(`This browser cannot play ${manifest} (Shaka error ${error.code}).`);
  }
}

async function switchManifest(manifest) {
  const wasPaused = video.paused;
  await load(manifest, video.currentTime);
  if (!wasPaused) await video.play();
}

async function start() {
  wireControls();
  shaka.polyfill.installAll();
  if (!shaka.Player.isBrowserSupported()) return fail('This browser has no Media Source Extensions.');
  player = new shaka.Player();
  await player.attach(video);
  player.addEventListener('error', (event) => fail(`Playback failed (Shaka error ${event.detail.code}).`));
  for (const event of ['adaptation', 'variantchanged', 'trackschanged']) player.addEventListener(event, fillQualityMenu);
  for (const button of $('protocol').children) button.onclick = () => switchManifest(button.dataset.manifest);
  await Promise.all([loadReport(), load('/master.m3u8', 0), loadThumbnails('/thumbnails/thumbnails.vtt').then((t) => tiles = t)]);
  fillQualityMenu();
  showStats();
  setInterval(showStats, 500);
}

start();
