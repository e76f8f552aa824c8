#include "package/dash.h"

#include <fmt/format.h>

#include <algorithm>
#include <pugixml.hpp>
#include <sstream>
#include <string_view>

#include "base/rational.h"
#include "package/bitrate.h"

namespace reel::package {
namespace {

using pugi::xml_node;

constexpr int64_t kMicro = 1'000'000;

void Set(xml_node node, const char* name, const std::string& value) {
  node.append_attribute(name) = value.c_str();
}
void Set(xml_node node, const char* name, int64_t value) {
  Set(node, name, fmt::format("{}", value));
}

// xs:duration, to the microsecond, rounded up so that no tick is cut off.
std::string XsDuration(int64_t ticks, int64_t timescale_hz) {
  const int64_t us =
      -base::RescaleFloor(-ticks, {1, timescale_hz}, {1, kMicro});
  std::string text = fmt::format("PT{}.{:06}", us / kMicro, us % kMicro);
  while (text.back() == '0') text.pop_back();
  if (text.back() == '.') text.pop_back();
  return text + "S";
}

template <typename Track>
int64_t DurationTicks(const Track& track) {
  const model::EncodedSegment& last = track.segments.back();
  return last.start_ticks + last.duration_ticks;
}

template <typename Track>
int64_t LongestTicks(const Track& track) {
  int64_t longest = 0;
  for (const model::EncodedSegment& segment : track.segments)
    longest = std::max(longest, segment.duration_ticks);
  return longest;
}

void AppendDescriptor(xml_node parent, const char* element, const char* scheme,
                      const std::string& value) {
  const xml_node node = parent.append_child(element);
  Set(node, "schemeIdUri", scheme);
  Set(node, "value", value);
}

// The media's own times are those of the period, also where an edit list cuts
// the sound's priming: its presentation starts at 0. So there is no
// presentationTimeOffset.
template <typename Track>
void AppendSegmentBase(xml_node representation, const Track& track,
                       std::string_view folder) {
  representation.append_child("BaseURL").text() =
      fmt::format("{}/{}.mp4", folder, track.rendition).c_str();
  xml_node base = representation.append_child("SegmentBase");
  Set(base, "timescale", track.timescale_hz);
  Set(base, "indexRange",
      fmt::format("{}-{}", track.init_bytes,
                  track.init_bytes + track.index_bytes - 1));
  Set(base, "indexRangeExact", "true");
  Set(base.append_child("Initialization"), "range",
      fmt::format("0-{}", track.init_bytes - 1));
}

template <typename Track>
xml_node AppendRepresentation(xml_node set, const Track& track,
                              base::Rational min_buffer) {
  const xml_node node = set.append_child("Representation");
  Set(node, "id", track.rendition);
  Set(node, "codecs", track.codecs);
  const int64_t buffer_ticks = std::max<int64_t>(
      1, base::RescaleFloor(1, min_buffer, {1, track.timescale_hz}));
  Set(node, "bandwidth",
      BandwidthBps(SizesOf(track.segments, track.timescale_hz), buffer_ticks));
  return node;
}

xml_node AppendMediaSet(xml_node period, const char* content_type) {
  const xml_node set = period.append_child("AdaptationSet");
  Set(set, "contentType", content_type);
  Set(set, "mimeType", fmt::format("{}/mp4", content_type));
  Set(set, "subsegmentAlignment", "true");
  Set(set, "subsegmentStartsWithSAP", "1");
  return set;
}

void AppendVideo(xml_node period, const Title& title,
                 base::Rational min_buffer) {
  const xml_node set = AppendMediaSet(period, "video");
  for (const model::VideoTrackFile& track : title.video) {
    const xml_node node = AppendRepresentation(set, track, min_buffer);
    Set(node, "width", track.width);
    Set(node, "height", track.height);
    Set(node, "frameRate", base::ToString(base::Reduce(title.frame_rate)));
    Set(node, "sar", "1:1");
    AppendSegmentBase(node, track, "video");
  }
}

// One set per track: a player switches within a set by bandwidth, and these
// differ in content.
void AppendAudio(xml_node period, const model::AudioTrackFile& track,
                 bool is_main, base::Rational min_buffer) {
  const xml_node set = AppendMediaSet(period, "audio");
  if (track.language != "und") Set(set, "lang", track.language);
  AppendDescriptor(set, "Role", "urn:mpeg:dash:role:2011",
                   is_main ? "main" : "alternate");
  const xml_node node = AppendRepresentation(set, track, min_buffer);
  Set(node, "audioSamplingRate", track.sample_rate_hz);
  AppendDescriptor(node, "AudioChannelConfiguration",
                   "urn:mpeg:dash:23003:3:audio_channel_configuration:2011",
                   fmt::format("{}", track.channels));
  AppendSegmentBase(node, track, "audio");
}

void AppendThumbnails(xml_node period, const ThumbnailLayout& layout) {
  const int64_t sheet_ms = layout.interval_ms * layout.columns * layout.rows;
  xml_node set = period.append_child("AdaptationSet");
  Set(set, "contentType", "image");
  Set(set, "mimeType", "image/jpeg");
  const xml_node segments = set.append_child("SegmentTemplate");
  Set(segments, "media", "thumbnails/sprite-$Number$.jpg");
  Set(segments, "timescale", 1000);
  Set(segments, "duration", sheet_ms);
  Set(segments, "startNumber", 1);
  const xml_node node = set.append_child("Representation");
  Set(node, "id", "thumbnails");
  Set(node, "bandwidth",
      (8000 * layout.largest_sheet_bytes + sheet_ms - 1) / sheet_ms);
  Set(node, "width", layout.columns * layout.tile_width);
  Set(node, "height", layout.rows * layout.tile_height);
  AppendDescriptor(node, "EssentialProperty",
                   "http://dashif.org/guidelines/thumbnail_tile",
                   fmt::format("{}x{}", layout.columns, layout.rows));
}

std::string Print(const pugi::xml_document& document) {
  std::ostringstream out;
  document.save(out, "  ", pugi::format_indent, pugi::encoding_utf8);
  return out.str();
}

}  // namespace

std::string DashManifest(const Title& title) {
  const model::VideoTrackFile& first = title.video.front();
  // A player may start on any segment once it has one whole.
  const base::Rational min_buffer{LongestTicks(first), first.timescale_hz};
  pugi::xml_document document;
  xml_node declaration = document.append_child(pugi::node_declaration);
  Set(declaration, "version", "1.0");
  Set(declaration, "encoding", "utf-8");
  xml_node mpd = document.append_child("MPD");
  Set(mpd, "xmlns", "urn:mpeg:dash:schema:mpd:2011");
  Set(mpd, "profiles", "urn:mpeg:dash:profile:isoff-on-demand:2011");
  Set(mpd, "type", "static");
  Set(mpd, "mediaPresentationDuration",
      XsDuration(DurationTicks(first), first.timescale_hz));
  Set(mpd, "minBufferTime", XsDuration(min_buffer.num, min_buffer.den));
  const xml_node period = mpd.append_child("Period");
  Set(period, "id", "0");
  AppendVideo(period, title, min_buffer);
  for (const model::AudioTrackFile& track : title.audio)
    AppendAudio(period, track, &track == &title.audio.front(), min_buffer);
  if (title.thumbnails) AppendThumbnails(period, *title.thumbnails);
  int64_t id = 0;
  for (xml_node set : period.children("AdaptationSet"))
    set.prepend_attribute("id") = fmt::format("{}", id++).c_str();
  return Print(document);
}

}  // namespace reel::package
