#!/usr/bin/env bash
# ./run bench [pipeline [FILE] [--runs N] [--memory] | kernels [FILE]]
set -euo pipefail
cd "$(dirname "$0")/.."
name=${1:-pipeline}
shift || true
case $name in
  pipeline) exec python3 bench/pipeline.py "$@" ;;
  kernels)
    ninja -C build/release bench_kernels >&2
    exec build/release/bin/bench_kernels \
      "${@:-../shared/media/derived/feature_short_a_720p24.mp4}" ;;
  *) echo "bench: no such benchmark: $name (there are: pipeline, kernels)" >&2; exit 2 ;;
esac
