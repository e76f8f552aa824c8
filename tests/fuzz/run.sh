#!/usr/bin/env bash
# ./run fuzz inspect [COUNT] [FIRST]: mutated clips and IMF packages through
# inspection, with ASan and UBSan; cases FIRST to FIRST + COUNT.
# ./run fuzz variations [COUNT] [FIRST]: sound clips in every dress, none of which
# may be rejected.
# ./run fuzz [TARGET] [SECONDS]: a target is tests/fuzz/TARGET_fuzz.cc. A crash is
# left beside its corpus in build/fuzz/TARGET; make a unit test of it.
set -euo pipefail
target=${1:-mp4}
if [ "$target" = inspect ]; then
  media=../shared/media imf=../shared/imf
  [ -d "$media/defects" ] && [ -d "$imf/small_imp" ] ||
    { echo "fuzz: needs clips and packages in ../shared" >&2; exit 77; }
  cmake --preset asan >/dev/null
  ninja -C build/asan inspect_mutations >&2
  # The smallest clips of every container: most cases for the time.
  mapfile -t clips < <(find "$media/originals" "$media/defects" -type f \
    ! -name '*.tsv' -size -450k -size +1k -printf '%s %p\n' | sort -n | cut -d' ' -f2- | head -20)
  # One package that plays, as often as a few that cannot.
  short=build/fuzz/small_imp
  mkdir -p build/fuzz
  tests/fuzz/shorten_package.py "$imf/small_imp" "$short"
  packages=("$short" "$short" "$short" "$short" "$short"
    "$imf/photon/HT/IMP" "$imf/photon/Application5/PhotonApp5Test"
    "$imf/photon/MERIDIAN_Netflix_Photon_161006" "$imf/photon/IAB/CompleteIMP"
    "$imf/photon/TimedTextImageAndTextProfile")
  exec build/asan/bin/inspect_mutations "${3:-1}" "${2:-3000}" \
    "${clips[@]}" "${packages[@]}"
fi
if [ "$target" = variations ]; then
  cmake --preset release >/dev/null
  ninja -C build/release reel >&2
  exec python3 tests/integration/variations.py "${2:-220}" "${3:-0}"
fi
seconds=${2:-60}
source=tests/fuzz/${target}_fuzz.cc
[ -f "$source" ] || {
  echo "fuzz: no such target: $target; there are:" tests/fuzz/*_fuzz.cc >&2
  exit 2
}
# What each target reads with, so that only that is built.
declare -A sources=(
  [mp4]="src/media/mp4_box.cc src/media/mp4_track.cc src/media/segment_index.cc
         src/base/result.cc src/base/rational.cc"
  [imf]="src/imf/xml.cc src/imf/fields.cc src/imf/finding_list.cc
         src/imf/asset_map.cc src/imf/packing_list.cc src/imf/descriptor.cc
         src/imf/composition_playlist.cc src/imf/timeline.cc
         src/model/composition.cc src/base/digest.cc src/base/json.cc
         src/base/file.cc src/base/result.cc src/base/rational.cc
         -lpugixml -lcrypto"
  [report]="src/model/fingerprint.cc src/model/frames.cc src/model/packets.cc
            src/model/finding.cc src/model/constant_grid.cc src/base/json.cc
            src/base/result.cc src/base/rational.cc"
  [fusion]="src/quality/fusion.cc src/quality/gaussian_polynomial.cc
         src/quality/support_vectors.cc src/base/json.cc src/base/file.cc
         src/base/result.cc -Ibuild/release/generated"
)
corpus=build/fuzz/$target
mkdir -p "$corpus"
# What it starts from: whole files, so that more than their first bytes is tried.
seeds=()
if [ -d "tests/fuzz/seeds/$target" ]; then seeds+=("tests/fuzz/seeds/$target"); fi
if [ "$target" = imf ] && [ -d ../shared/imf ]; then
  mkdir -p build/fuzz/imf-seeds
  find ../shared/imf -name '*.xml' -size -64k -exec cp --backup=numbered -t build/fuzz/imf-seeds {} +
  seeds+=(build/fuzz/imf-seeds)
fi
# shellcheck disable=SC2086
clang++-14 -std=c++20 -g -O1 -fsanitize=fuzzer,address,undefined -Isrc \
  "$source" ${sources[$target]} -lfmt -o "$corpus.bin"
"$corpus.bin" -max_total_time="$seconds" -max_len=65536 \
  -artifact_prefix="$corpus-crash-" "$corpus" "${seeds[@]}"
