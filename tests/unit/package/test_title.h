// A small title for the tests of manifests: 23.976 frames a second, two
// renditions of three segments, sound in two languages, thumbnails.
#pragma once

#include <string>
#include <vector>

#include "package/package.h"

namespace reel::package {

inline model::VideoTrackFile TestVideo(const std::string& id, int height,
                                       const std::string& codecs,
                                       int64_t scale) {
  model::VideoTrackFile track;
  track.rendition = id;
  track.codecs = codecs;
  track.width = height * 16 / 9;
  track.height = height;
  track.timescale_hz = 24000;
  track.init_bytes = 800;
  track.index_bytes = 76;
  int64_t offset = 876, frame = 0;
  for (const int64_t frames : {96, 60, 23}) {
    track.segments.push_back({{frame, frame + frames},
                              frame * 1001,
                              frames * 1001,
                              frames * scale,
                              ""});
    track.segment_offsets.push_back(offset);
    track.key_frame_bytes.push_back(10 * scale);
    offset += frames * scale;
    frame += frames;
  }
  track.bytes = offset;
  return track;
}

inline model::AudioTrackFile TestAudio(const std::string& id,
                                       const std::string& language) {
  model::AudioTrackFile track;
  track.rendition = id;
  track.codecs = "mp4a.40.2";
  track.language = language;
  track.channels = 2;
  track.sample_rate_hz = 48000;
  track.timescale_hz = 48000;
  track.priming_samples = 1024;
  track.init_bytes = 700;
  track.index_bytes = 64;
  track.segments = {{{0, 189}, 0, 192512, 64000, ""},
                    {{189, 352}, 192512, 165846, 56000, ""}};
  track.segment_offsets = {764, 64764};
  track.bytes = 120764;
  return track;
}

inline Title TestTitle() {
  Title title;
  title.video = {TestVideo("720p-h264", 720, "avc1.64001f", 15000),
                 TestVideo("360p-h264", 360, "avc1.4d401e", 4000)};
  title.audio = {TestAudio("audio-en-aac", "en"),
                 TestAudio("audio-und-aac", "und")};
  title.frame_rate = {24000, 1001};
  title.thumbnails = ThumbnailLayout{.interval_ms = 2000,
                                     .tiles = 4,
                                     .tile_width = 160,
                                     .tile_height = 90,
                                     .columns = 4,
                                     .rows = 1,
                                     .duration_ms = 7466,
                                     .largest_sheet_bytes = 9000};
  return title;
}

}  // namespace reel::package
