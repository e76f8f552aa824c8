#!/bin/sh
# fusion_refit.sh FIT_FUSION PROJECT: the samples give the committed models, byte
# for byte. Exit code 77: skipped, for there are no samples.
set -eu
fit=$1
project=$2
vmaf=${REEL_SHARED_VMAF:-$project/../shared/vmaf}
[ -d "$vmaf" ] || { echo "no samples at $vmaf"; exit 77; }
out=$(mktemp -d)
trap 'rm -r "$out"' EXIT
for model in vmaf_v0.6.1:fusion-samples vmaf_4k_v0.6.1:fusion-samples-4k; do
  name=${model%:*}
  "$fit" "$name" --samples "$vmaf/${model#*:}.csv.gz" \
    --real-frames "$vmaf/fusion-real-frames.csv.gz" --output "$out/$name.json"
  cmp "$out/$name.json" "$project/models/$name.json"
done
