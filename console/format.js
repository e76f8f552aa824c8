// Numbers as people read them.

export function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds || 0));
  const two = (n) => String(n).padStart(2, '0');
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  return (hours ? `${hours}:${two(minutes)}` : String(minutes)) +
      `:${two(whole % 60)}`;
}

export function bitrate(bps) {
  if (!bps) return '–';
  if (bps >= 1e8) return `${Math.round(bps / 1e6)} Mb/s`;
  return bps >= 1e6 ? `${(bps / 1e6).toFixed(2)} Mb/s` :
                      `${Math.round(bps / 1e3)} kb/s`;
}

export function bytes(n) {
  if (!n) return '–';
  return n >= 1e9 ? `${(n / 1e9).toFixed(2)} GB` : `${(n / 1e6).toFixed(1)} MB`;
}
