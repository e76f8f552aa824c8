#include "media/fragment_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <optional>
#include <utility>

#include "media/av_error.h"
#include "media/av_log.h"
#include "media/encoder_session.h"
#include "media/handles.h"

namespace reel::media {
namespace {

// libavformat refuses packets that are shown before they are decoded, which
// signed composition offsets need. But its MP4 muxer moves all decode times by
// the lead of the first packet: so packets go in with decode times early by a
// constant, larger than any reordering, and come out with the true ones.
constexpr int64_t kLead = int64_t{1} << 40;

constexpr int kIoBufferBytes = 1 << 16;

// The type of `data` lost or gained a const between libavformat 58 and 61.
template <typename Byte>
int Append(void* sink, Byte* data, int size) {
  auto* bytes = static_cast<std::vector<uint8_t>*>(sink);
  bytes->insert(bytes->end(), data, data + size);
  return size;
}

base::Result<Io> MakeSink(std::vector<uint8_t>* bytes) {
  auto* buffer = static_cast<uint8_t*>(av_malloc(kIoBufferBytes));
  Io io(avio_alloc_context(buffer, kIoBufferBytes, /*write_flag=*/1, bytes,
                           nullptr, &Append, nullptr));
  if (io == nullptr) {
    av_free(buffer);
    REEL_TRY(CheckAv(AVERROR(ENOMEM), "open muxer"));
  }
  return io;
}

base::Result<Output> MakeMuxer() {
  AVFormatContext* muxer = nullptr;
  REEL_TRY(
      CheckAv(avformat_alloc_output_context2(&muxer, nullptr, "mp4", nullptr),
              "open muxer"));
  Output output(muxer);
  // No version and no date in the file; times stay as they are.
  output->flags |= AVFMT_FLAG_BITEXACT;
  output->avoid_negative_ts = AVFMT_AVOID_NEG_TS_DISABLED;
  return output;
}

base::Status AddStream(AVFormatContext& muxer, const AVCodecContext& codec,
                       const std::string& language) {
  AVStream* stream = avformat_new_stream(&muxer, nullptr);
  if (stream == nullptr) return CheckAv(AVERROR(ENOMEM), "open muxer");
  stream->time_base = codec.time_base;
  stream->sample_aspect_ratio = codec.sample_aspect_ratio;
  if (!language.empty()) {
    av_dict_set(&stream->metadata, "language", language.c_str(), 0);
  }
  return CheckAv(avcodec_parameters_from_context(stream->codecpar, &codec),
                 "open muxer");
}

base::Status CheckTimes(std::span<const CodedPacket> packets,
                        std::span<const int64_t> starts) {
  std::vector<int64_t> times;
  for (const CodedPacket& packet : packets) times.push_back(packet.pts);
  std::sort(times.begin(), times.end());
  const bool right = !packets.empty() && starts.size() == packets.size() + 1 &&
                     packets.front().key &&
                     packets.front().pts == starts.front() &&
                     std::equal(times.begin(), times.end(), starts.begin()) &&
                     std::adjacent_find(starts.begin(), starts.end(),
                                        std::greater_equal<>()) == starts.end();
  if (right) return {};
  return base::Fail(base::Code::kInvalidArgument,
                    fmt::format("write segment: {} packets do not fit the {} "
                                "times that they should have",
                                packets.size(), starts.size()));
}

}  // namespace

struct FragmentWriter::State {
  std::vector<uint8_t> sink;  // what the muxer has written since TakeSink
  Io io;                      // writes to `sink`
  Output muxer;               // writes to `io`
  Packet packet;
  int64_t lead = 0;            // decode times are early by this on the way in
  std::optional<int64_t> end;  // of the segment before
  std::vector<uint8_t> init;

  static base::Result<std::unique_ptr<State>> Create(
      const AVCodecContext& codec, const std::string& language) {
    SilenceAvLog();
    auto state = std::make_unique<State>();
    REEL_ASSIGN(state->io, MakeSink(&state->sink));
    REEL_ASSIGN(state->muxer, MakeMuxer());
    REEL_ASSIGN(state->packet, MakePacket());
    state->muxer->pb = state->io.get();
    REEL_TRY(AddStream(*state->muxer, codec, language));
    return state;
  }

  base::Status WriteHeader(const std::string& flags, Options& options) {
    options.Set(
        "movflags",
        ("frag_custom+default_base_moof+cmaf+skip_trailer+" + flags).c_str());
    return CheckAv(avformat_write_header(muxer.get(), options.get()),
                   "write init segment");
  }

  std::vector<uint8_t> TakeSink() {
    avio_flush(io.get());
    return std::exchange(sink, {});
  }

  base::Status WritePacket(const CodedPacket& coded, int64_t start,
                           int64_t end_of_it) {
    packet->data = const_cast<uint8_t*>(coded.bytes.data());
    packet->size = static_cast<int>(coded.bytes.size());
    packet->pts = coded.pts;
    packet->dts = start - lead;
    packet->duration = end_of_it - start;
    packet->flags = coded.key ? AV_PKT_FLAG_KEY : 0;
    return CheckAv(av_write_frame(muxer.get(), packet.get()), "write segment");
  }

  base::Status Flush() {
    return CheckAv(av_write_frame(muxer.get(), nullptr), "write segment");
  }
};

FragmentWriter::FragmentWriter(std::unique_ptr<State> state)
    : state_(std::move(state)) {}
FragmentWriter::FragmentWriter(FragmentWriter&&) noexcept = default;
FragmentWriter& FragmentWriter::operator=(FragmentWriter&&) noexcept = default;
FragmentWriter::~FragmentWriter() = default;

base::Result<FragmentWriter> FragmentWriter::OpenVideo(
    const VideoEncoder& encoder, int64_t first_sequence) {
  REEL_ASSIGN(auto state, State::Create(encoder.codec(), ""));
  state->lead = kLead;
  Options options;
  options.Set("fragment_index", std::to_string(first_sequence).c_str());
  // Else the muxer doubles a small timescale.
  options.Set("video_track_timescale",
              std::to_string(encoder.settings().timescale_hz).c_str());
  options.Set("use_editlist", "0");
  REEL_TRY(state->WriteHeader("empty_moov+frag_discont+negative_cts_offsets",
                              options));
  state->init = state->TakeSink();
  return FragmentWriter(std::move(state));
}

base::Result<FragmentWriter> FragmentWriter::OpenAudio(
    const AudioEncoder& encoder, const std::string& language) {
  REEL_ASSIGN(auto state, State::Create(encoder.codec(), language));
  Options options;
  options.Set("use_editlist", "1");
  // The muxer learns the edit list from the first packet.
  REEL_TRY(state->WriteHeader("delay_moov", options));
  return FragmentWriter(std::move(state));
}

const std::vector<uint8_t>& FragmentWriter::init() const {
  return state_->init;
}

base::Result<std::vector<uint8_t>> FragmentWriter::WriteSegment(
    std::span<const CodedPacket> packets, std::span<const int64_t> starts) {
  REEL_TRY(CheckTimes(packets, starts));
  if (state_->end.value_or(starts.front()) != starts.front()) {
    return base::Fail(base::Code::kInvalidArgument,
                      fmt::format("write segment: starts at {}, where {} was "
                                  "to follow",
                                  starts.front(), *state_->end));
  }
  state_->end = starts.back();
  for (size_t i = 0; i < packets.size(); ++i) {
    REEL_TRY(state_->WritePacket(packets[i], starts[i], starts[i + 1]));
  }
  REEL_TRY(state_->Flush());
  if (state_->init.empty()) {
    state_->init = state_->TakeSink();
    REEL_TRY(state_->Flush());
  }
  return state_->TakeSink();
}

}  // namespace reel::media
