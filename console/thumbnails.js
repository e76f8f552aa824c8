// The seek bar's pictures: WebVTT cues that name tiles of a sprite.

// Seconds of a WebVTT time stamp, "[hours:]minutes:seconds.fraction".
function seconds(stamp) {
  return stamp.trim().split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
}

// [{start, end, url, x, y, width, height}], in order.
export function parseThumbnails(vtt, baseUrl) {
  const tiles = [];
  for (const block of vtt.replace(/\r\n?/g, '\n').split(/\n{2,}/)) {
    const lines = block.split('\n');
    const timing = lines.findIndex((line) => line.includes('-->'));
    if (timing < 0 || timing + 1 >= lines.length) continue;
    const [start, end] = lines[timing].split('-->').map((part) => seconds(part.trim().split(/\s+/)[0]));
    const area = /^(.+)#xywh=(\d+),(\d+),(\d+),(\d+)$/.exec(lines[timing + 1].trim());
    if (!area) continue;
    const [x, y, width, height] = area.slice(2).map(Number);
    tiles.push({start, end, url: new URL(area[1], baseUrl).href, x, y, width, height});
  }
  return tiles;
}

// The tiles of the title at `url`; none if it has no thumbnails.
export async function loadThumbnails(url) {
  const response = await fetch(url);
  if (!response.ok) return [];
  return parseThumbnails(await response.text(), response.url);
}

// Shows in `element` the tile of `time`; whether there is one.
export function showThumbnail(element, tiles, time) {
  const tile = tiles.find((t) => time >= t.start && time < t.end) ?? tiles.at(-1);
  if (!tile) return false;
  Object.assign(element.style, {
    width: `${tile.width}px`,
    height: `${tile.height}px`,
    backgroundImage: `url("${tile.url}")`,
    backgroundPosition: `-${tile.x}px -${tile.y}px`,
  });
  return true;
}
