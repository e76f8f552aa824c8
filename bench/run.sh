#!/usr/bin/env bash
# ./run bench [pipeline [FILE] [--runs N] [--memory] | kernels [FILE] |
#             inspect [FILE…] [--runs N] [--memory] |
#             ladder [FILE…] [--work DIR] [--recipes A,B] [--verify] |
#             vmaf [REF DIST] [--rounds N] [--target NAME] |
#             fleet [--titles N] [--workers N] [--scale X] [--rate R] …]
set -euo pipefail
cd "$(dirname "$0")/.."
name=${1:-pipeline}
shift || true
case $name in
  pipeline) exec python3 bench/pipeline.py "$@" ;;
  inspect) exec python3 bench/inspect.py "$@" ;;
  ladder) exec python3 bench/ladder.py "$@" ;;
  kernels)
    ninja -C build/release bench_kernels >&2
    exec build/release/bin/bench_kernels \
      "${@:-../shared/media/derived/feature_short_a_720p24.mp4}" ;;
  vmaf)
    ninja -C build/release bench_vmaf reel >&2
    exec bench/vmaf.sh "$@" ;;
  fleet)
    ninja -C build/release fleet_simulation >&2
    exec python3 bench/fleet.py "$@" ;;
  *)
    echo "bench: no such benchmark: $name (there are: pipeline, inspect, ladder, kernels, vmaf, fleet)" >&2
    exit 2 ;;
esac
