#include "assemble/leaky_bucket.h"

#include <fmt/format.h>

#include <optional>
#include <string_view>
#include <vector>

#include "base/file.h"
#include "media/mp4_box.h"
#include "media/mp4_track.h"

namespace reel::assemble {
namespace {

using base::Code;
using base::Fail;
using base::Result;
using media::Box;

constexpr int64_t kMaxHeaderBytes = 4 << 20;  // of a moov or moof

// All bytes of the next box of `type`; empty if there is none. Moves `offset`
// behind it.
Result<std::vector<uint8_t>> ReadNext(const base::File& file,
                                      std::string_view type, int64_t& offset) {
  for (;;) {
    REEL_ASSIGN(const std::optional<Box> box,
                media::ReadBoxHeader(file, offset));
    if (!box.has_value()) return std::vector<uint8_t>();
    offset += box->bytes;
    if (box->type == type) return media::ReadBox(file, *box, kMaxHeaderBytes);
  }
}

// Feeds the fragment's access units to `bucket`; gives the decode time of what
// follows them.
Result<int64_t> RemoveAll(const media::Fragment& fragment, int64_t now_ticks,
                          model::LeakyBucket& bucket) {
  if (fragment.decode_ticks < now_ticks) {
    return Fail(Code::kCorruptInput,
                fmt::format("fragment {} is due before the one before it ends",
                            fragment.sequence_number));
  }
  now_ticks = fragment.decode_ticks;
  for (const media::Sample& sample : fragment.samples) {
    bucket.Remove({.decode_ticks = now_ticks, .bits = 8 * sample.bytes});
    now_ticks += sample.duration_ticks;
  }
  return now_ticks;
}

}  // namespace

Result<model::BucketReport> RunLeakyBucketOverTrack(
    const std::string& track_path, int64_t rate_bps, int64_t buffer_bits,
    int start_percent) {
  REEL_ASSIGN(const base::File file, base::File::OpenForReading(track_path));
  int64_t offset = 0;
  REEL_ASSIGN(const std::vector<uint8_t> moov, ReadNext(file, "moov", offset));
  REEL_ASSIGN(const media::TrackHeader header, media::ParseTrackHeader(moov));
  model::LeakyBucket bucket({.rate_bps = rate_bps,
                             .buffer_bits = buffer_bits,
                             .timescale_hz = header.timescale_hz},
                            start_percent);
  for (int64_t now_ticks = 0;;) {
    REEL_ASSIGN(const std::vector<uint8_t> moof,
                ReadNext(file, "moof", offset));
    if (moof.empty()) return bucket.Finish(now_ticks);
    REEL_ASSIGN(const media::Fragment fragment,
                media::ParseFragment(moof, header));
    REEL_ASSIGN(now_ticks, RemoveAll(fragment, now_ticks, bucket));
  }
}

}  // namespace reel::assemble
