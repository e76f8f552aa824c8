#!/usr/bin/env bash
# ./run bench vmaf [REF DIST] [options of bench_vmaf]: cycles and instructions a
# pixel of VMAF, how it scales to two threads, and the memory that it takes.
set -euo pipefail
cd "$(dirname "$0")/.."
media=../shared/vmaf/media
if [[ ${1:-} == "" || $1 == --* ]]; then
  set -- "$media/ref_vid_1920x1080.mkv" "$media/dis_vid_x264_23.mkv" "$@"
fi
reference=$1
distorted=$2
for file in "$reference" "$distorted"; do
  [ -f "$file" ] || { echo "bench: $file: no such file; give two: ./run bench vmaf REF DIST" >&2; exit 2; }
done
bench=build/release/bin/bench_vmaf
"$bench" "$@"

# Instructions, with AVX2 at most: callgrind knows no AVX-512. Those of the second
# of two pairs, and of a second distorted picture.
if command -v valgrind >/dev/null; then
  count() {
    valgrind --tool=callgrind --callgrind-out-file=/dev/null "$bench" \
      "$reference" "$distorted" --once "$1" 2>&1 |
      sed -n '/refs:/{s/.*refs: *//;s/,//g;p}'
  }
  size=$(ffprobe -v error -select_streams v:0 -show_entries stream=width,height \
    -of csv=p=0:s=x "$reference")
  echo "instructions a pixel (callgrind, AVX2):"
  one=$(count single); two=$(count pair); further=$(count further)
  awk "BEGIN{pixels = ${size/x/*}; printf \"  pair %.1f, further %.1f\\n\",
    ($two - $one) / pixels, ($further - $one) / pixels}"
fi

# Whole runs: frames repeated until threads have something to do, kept without
# coding so that reading them costs next to nothing.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for side in reference distorted; do
  ffmpeg -v error -stream_loop 19 -i "${!side}" -pix_fmt yuv420p "$work/$side.y4m"
done
run() { # threads distorted...
  local threads=$1; shift
  /usr/bin/time -f '%e %U %S %M' -o "$work/time" \
    build/release/bin/reel vmaf --threads "$threads" "$work/reference.y4m" "$@" >/dev/null 2>&1
  read -r wall user sys rss <"$work/time"
}
echo "whole runs of reel vmaf, frames as y4m, three in turn:"
for _ in 1 2 3; do
  run 1 "$work/distorted.y4m"; one=$wall; memory=$rss
  run 2 "$work/distorted.y4m"; two=$wall
  run 1 "$work/distorted.y4m" "$work/distorted.y4m" "$work/distorted.y4m"; three=$rss
  echo "  1 thread $one s, 2 threads $two s, $(awk "BEGIN{printf \"%.2f\", $one/$two}") times as fast;" \
    "peak memory $((memory / 1024)) MiB, $(((three - memory) / 2048)) MiB more for each further rung"
done
