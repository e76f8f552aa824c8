#include "package/hls.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <span>
#include <vector>

#include "package/bitrate.h"

namespace reel::package {
namespace {

enum class Kind { kAllFrames, kKeyFrames };

constexpr char kAudioGroup[] = "audio";
constexpr char kHeader[] = "#EXTM3U\n#EXT-X-VERSION:7\n";

// The byte ranges of one single-file track.
struct TrackView {
  const std::string& rendition;
  int64_t init_bytes;
  std::span<const int64_t> offsets;
  SegmentSizes sizes;
};

TrackView KeyFramesOf(const model::VideoTrackFile& track) {
  TrackView view{track.rendition, track.init_bytes, track.segment_offsets,
                 SizesOf(track.segments, track.timescale_hz)};
  for (size_t i = 0; i < track.segments.size(); ++i)
    view.sizes.segments[i].bytes = track.key_frame_bytes[i];
  return view;
}

template <typename Track>
TrackView AllFramesOf(const Track& track) {
  return {track.rendition, track.init_bytes, track.segment_offsets,
          SizesOf(track.segments, track.timescale_hz)};
}

std::string WriteMedia(const TrackView& track, Kind kind) {
  const std::string uri = track.rendition + ".mp4";
  std::string out = kHeader;
  const auto line = [&out]<typename... Args>(fmt::format_string<Args...> format,
                                             Args&&... args) {
    fmt::format_to(std::back_inserter(out), format,
                   std::forward<Args>(args)...);
    out += '\n';
  };
  line("#EXT-X-TARGETDURATION:{}", TargetDurationSeconds(track.sizes));
  line("#EXT-X-PLAYLIST-TYPE:VOD");
  if (kind == Kind::kKeyFrames) line("#EXT-X-I-FRAMES-ONLY");
  line("#EXT-X-MAP:URI=\"{}\",BYTERANGE=\"{}@0\"", uri, track.init_bytes);
  const std::vector<int64_t> durations = DurationsMicroseconds(track.sizes);
  for (size_t i = 0; i < durations.size(); ++i) {
    line("#EXTINF:{}.{:06},", durations[i] / 1'000'000,
         durations[i] % 1'000'000);
    line("#EXT-X-BYTERANGE:{}@{}", track.sizes.segments[i].bytes,
         track.offsets[i]);
    line("{}", uri);
  }
  line("#EXT-X-ENDLIST");
  return out;
}

// NAME must differ within the group.
std::string NameOf(const std::vector<model::AudioTrackFile>& group, size_t n) {
  const auto name = [&](size_t i) {
    return group[i].language == "und" ? "Audio" : group[i].language;
  };
  size_t same_before = 0;
  for (size_t i = 0; i < n; ++i) same_before += name(i) == name(n);
  return same_before == 0 ? name(n)
                          : fmt::format("{} {}", name(n), same_before + 1);
}

std::string MediaTag(const std::vector<model::AudioTrackFile>& group,
                     size_t n) {
  const model::AudioTrackFile& track = group[n];
  const std::string language =
      track.language == "und" ? ""
                              : fmt::format(",LANGUAGE=\"{}\"", track.language);
  return fmt::format(
      "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"{}\",NAME=\"{}\"{},DEFAULT={},"
      "AUTOSELECT=YES,CHANNELS=\"{}\",URI=\"audio/{}.m3u8\"\n",
      kAudioGroup, NameOf(group, n), language, n == 0 ? "YES" : "NO",
      track.channels, track.rendition);
}

// What the sound adds to a variant: any of the group may play with it.
struct AudioShare {
  Bitrates rates;      // the largest of each
  std::string codecs;  // ",mp4a.40.2"
};

AudioShare ShareOf(const std::vector<model::AudioTrackFile>& group) {
  AudioShare share;
  std::set<std::string> codecs;
  for (const model::AudioTrackFile& track : group) {
    const Bitrates rates =
        MeasureBitrates(SizesOf(track.segments, track.timescale_hz));
    share.rates.peak_bps = std::max(share.rates.peak_bps, rates.peak_bps);
    share.rates.average_bps =
        std::max(share.rates.average_bps, rates.average_bps);
    codecs.insert(track.codecs);
  }
  for (const std::string& codec : codecs) share.codecs += "," + codec;
  return share;
}

// FRAME-RATE has three decimals.
std::string FrameRate(base::Rational rate) {
  const int64_t thousandths = base::Rescale(1, rate, {1, 1000});
  return fmt::format("{}.{:03}", thousandths / 1000, thousandths % 1000);
}

std::string StreamTag(const model::VideoTrackFile& track,
                      const AudioShare& audio, base::Rational frame_rate) {
  const Bitrates rates = MeasureBitrates(AllFramesOf(track).sizes);
  return fmt::format(
      "#EXT-X-STREAM-INF:BANDWIDTH={},AVERAGE-BANDWIDTH={},CODECS=\"{}{}\","
      "RESOLUTION={}x{},FRAME-RATE={}{},CLOSED-CAPTIONS=NONE\n"
      "video/{}.m3u8\n",
      rates.peak_bps + audio.rates.peak_bps,
      rates.average_bps + audio.rates.average_bps, track.codecs, audio.codecs,
      track.width, track.height, FrameRate(frame_rate),
      audio.codecs.empty() ? "" : fmt::format(",AUDIO=\"{}\"", kAudioGroup),
      track.rendition);
}

std::string IFrameStreamTag(const model::VideoTrackFile& track) {
  const Bitrates rates = MeasureBitrates(KeyFramesOf(track).sizes);
  return fmt::format(
      "#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH={},AVERAGE-BANDWIDTH={},"
      "CODECS=\"{}\",RESOLUTION={}x{},URI=\"video/{}-iframes.m3u8\"\n",
      rates.peak_bps, rates.average_bps, track.codecs, track.width,
      track.height, track.rendition);
}

}  // namespace

std::string MasterPlaylist(const Title& title) {
  std::string out = std::string(kHeader) + "#EXT-X-INDEPENDENT-SEGMENTS\n";
  for (size_t i = 0; i < title.audio.size(); ++i)
    out += MediaTag(title.audio, i);
  const AudioShare audio = ShareOf(title.audio);
  for (const model::VideoTrackFile& track : title.video)
    out += StreamTag(track, audio, title.frame_rate);
  for (const model::VideoTrackFile& track : title.video)
    out += IFrameStreamTag(track);
  return out;
}

std::string MediaPlaylist(const model::VideoTrackFile& track) {
  return WriteMedia(AllFramesOf(track), Kind::kAllFrames);
}

std::string MediaPlaylist(const model::AudioTrackFile& track) {
  return WriteMedia(AllFramesOf(track), Kind::kAllFrames);
}

std::string IFramePlaylist(const model::VideoTrackFile& track) {
  return WriteMedia(KeyFramesOf(track), Kind::kKeyFrames);
}

}  // namespace reel::package
