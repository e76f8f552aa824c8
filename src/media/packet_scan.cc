#include "media/packet_scan.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/byte_source.h"
#include "media/av_error.h"
#include "media/handles.h"
#include "media/input.h"
#include "media/packet_facts.h"
#include "media/random_access.h"

namespace reel::media {
namespace {

// A day at 1000 packets a second: what no real title reaches.
constexpr size_t kMaxPackets = 86'400'000;
// How often `progress` is called: once per so many packets.
constexpr int64_t kProgressPackets = 1024;

// Whether an MP4 index promises samples beyond the file's end.
bool IndexExceedsFile(const Input& input) {
  for (unsigned i = 0; i < input.context().nb_streams; ++i) {
    AVStream* stream = input.context().streams[i];
    const int entries = avformat_index_get_entries_count(stream);
    for (int n = 0; n < entries; ++n) {
      const AVIndexEntry* entry = avformat_index_get_entry(stream, n);
      if (entry->pos + entry->size > input.bytes()) return true;
    }
  }
  return false;
}

// Transport streams are whole packets of one size.
bool EndsInsideTransportPacket(const Input& input) {
  if (input.format_name() != "mpegts") return false;
  return input.bytes() % 188 != 0 && input.bytes() % 192 != 0 &&
         input.bytes() % 204 != 0;
}

// kNoTime, which is less than any time, when it is not known.
int64_t EndOf(const AVPacket& packet) {
  const int64_t start = packet.pts != AV_NOPTS_VALUE ? packet.pts : packet.dts;
  if (start == AV_NOPTS_VALUE) return model::kNoTime;
  return av_sat_add64(start, std::max<int64_t>(packet.duration, 0));
}

class Scan {
 public:
  Scan(const Input& input, const model::Source& source)
      : random_access_(*input.stream(source.video.index).codecpar),
        video_(source.video.index) {
    for (const model::AudioTrack& track : source.audio)
      audio_.push_back(track.index);
    result_.audio_end.resize(audio_.size(), model::kNoTime);
  }

  base::Status See(const AVPacket& packet, AVRational time_base) {
    if (const int64_t end = EndOf(packet); end != model::kNoTime) {
      const int64_t us = av_rescale_q(end, time_base, AV_TIME_BASE_Q);
      result_.end_us = std::max(result_.end_us, us);
    }
    if (packet.stream_index == video_) return SeeVideo(packet);
    SeeAudio(packet);
    return {};
  }

  PacketScan Take() {
    // Where decoding begins, however poor a place it is.
    std::vector<model::Packet>& packets = result_.video.packets;
    if (!packets.empty()) packets[first_key_.value_or(0)].key = true;
    return std::move(result_);
  }

 private:
  base::Status SeeVideo(const AVPacket& packet) {
    std::vector<model::Packet>& packets = result_.video.packets;
    if (packets.size() >= kMaxPackets)
      return base::Fail(base::Code::kUnsupported, "too many packets");
    if ((packet.flags & AV_PKT_FLAG_KEY) != 0 && !first_key_)
      first_key_ = packets.size();
    packets.push_back(PacketFacts(packet, random_access_));
    return {};
  }

  void SeeAudio(const AVPacket& packet) {
    const auto at =
        std::find(audio_.begin(), audio_.end(), packet.stream_index);
    if (at == audio_.end()) return;
    int64_t& end = result_.audio_end[at - audio_.begin()];
    end = std::max(end, EndOf(packet));
  }

  RandomAccess random_access_;
  int video_;
  std::optional<size_t> first_key_;  // by the demuxer's word
  std::vector<int> audio_;
  PacketScan result_;
};

}  // namespace

base::Result<PacketScan> ScanPackets(
    const std::string& path, const model::Source& source,
    const std::function<void(double)>& progress) {
  if (source.video.index < 0)
    return base::Fail(base::Code::kInvalidArgument,
                      base::SourceLabel(path) + ": no picture track to scan");
  REEL_ASSIGN(Input input, Input::OpenFile(path));
  REEL_ASSIGN(Packet packet, MakePacket());
  Scan scan(input, source);
  std::string read_error;
  for (int64_t n = 0;; ++n) {
    const base::Result<bool> got = input.Read(*packet);
    if (!got && !IsMediaFault(got.error().code))
      return base::Prefix(got.error(), base::SourceLabel(path));
    if (!got) read_error = got.error().message;
    if (!got || !*got) break;
    REEL_TRY_DOING(
        base::SourceLabel(path),
        scan.See(*packet, input.stream(packet->stream_index).time_base));
    if (progress && n % kProgressPackets == 0 && packet->pos >= 0)
      progress(static_cast<double>(packet->pos) / input.bytes());
  }
  PacketScan result = scan.Take();
  result.read_error = read_error;
  result.truncated = !read_error.empty() || IndexExceedsFile(input) ||
                     EndsInsideTransportPacket(input);
  return result;
}

}  // namespace reel::media
