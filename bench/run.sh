#!/usr/bin/env bash
# ./run bench [pipeline [FILE] [--runs N] [--memory]]
set -euo pipefail
name=${1:-pipeline}
shift || true
case $name in
  pipeline) exec python3 "$(dirname "$0")/pipeline.py" "$@" ;;
  *) echo "bench: no such benchmark: $name (there is: pipeline)" >&2; exit 2 ;;
esac
