#include "package/package.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "package/dash.h"
#include "package/hls.h"

namespace reel::package {
namespace {

using base::Code;
using base::Fail;
using base::Result;
using base::Status;

// Letters, digits and a few signs that mean nothing in a URL, a playlist's
// quoted string or a path.
bool IsPlain(std::string_view text, std::string_view signs) {
  return !text.empty() && text.front() != '.' &&
         std::all_of(text.begin(), text.end(), [&](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                  (c >= '0' && c <= '9') ||
                  signs.find(c) != std::string_view::npos;
         });
}

template <typename Track>
Status CheckTrack(const Track& track) {
  const auto bad = [&](const char* what) {
    return Fail(Code::kInvalidArgument,
                fmt::format("{}: {}", track.rendition, what));
  };
  if (!IsPlain(track.rendition, "-_.")) return bad("is no plain file name");
  if (track.segments.empty() || track.timescale_hz < 1 ||
      track.segment_offsets.size() != track.segments.size()) {
    return bad("has no segments, or not the offset of each");
  }
  int64_t ticks = 0;
  for (const model::EncodedSegment& segment : track.segments) {
    if (segment.start_ticks != ticks || segment.duration_ticks < 1)
      return bad("its segments do not follow each other from time 0");
    ticks += segment.duration_ticks;
  }
  return {};
}

Status CheckTitle(const Title& title) {
  if (title.video.empty())
    return Fail(Code::kInvalidArgument, "a title needs a video track");
  if (title.frame_rate.num < 1 || title.frame_rate.den < 1)
    return Fail(Code::kInvalidArgument, "the frame rate is not positive");
  for (const model::VideoTrackFile& track : title.video) {
    REEL_TRY(CheckTrack(track));
    if (track.key_frame_bytes.size() != track.segments.size())
      return Fail(Code::kInvalidArgument,
                  track.rendition + ": lacks the sizes of its key frames");
  }
  for (const model::AudioTrackFile& track : title.audio) {
    REEL_TRY(CheckTrack(track));
    if (!IsPlain(track.language, "-"))
      return Fail(Code::kInvalidArgument,
                  track.rendition + ": its language is no BCP 47 tag");
  }
  return {};
}

}  // namespace

Result<Manifests> WriteManifests(const Title& title) {
  REEL_TRY(CheckTitle(title));
  Manifests files;
  files["master.m3u8"] = MasterPlaylist(title);
  files["manifest.mpd"] = DashManifest(title);
  for (const model::VideoTrackFile& track : title.video) {
    const std::string stem = "video/" + track.rendition;
    files[stem + ".m3u8"] = MediaPlaylist(track);
    files[stem + "-iframes.m3u8"] = IFramePlaylist(track);
  }
  for (const model::AudioTrackFile& track : title.audio)
    files["audio/" + track.rendition + ".m3u8"] = MediaPlaylist(track);
  if (title.thumbnails)
    files["thumbnails/thumbnails.vtt"] = ThumbnailTrack(*title.thumbnails);
  return files;
}

}  // namespace reel::package
