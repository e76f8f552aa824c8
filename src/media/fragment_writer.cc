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
#include "media/init_segment.h"

namespace reel::media {
namespace {

// libavformat's MP4 muxer takes packets to be out of range from 2^31 ticks on,
// and aborts the process when durations add up to more.
constexpr int64_t kMaxTicks = int64_t{1} << 30;

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
  const bool right =
      !packets.empty() && starts.size() == packets.size() + 1 &&
      packets.front().key && packets.front().pts == starts.front() &&
      std::equal(times.begin(), times.end(), starts.begin()) &&
      std::adjacent_find(starts.begin(), starts.end(),
                         std::greater_equal<>()) == starts.end() &&
      starts.back() - starts.front() < kMaxTicks;
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
  // Media time minus presentation time, of decoding and of showing.
  int64_t decode_delay = 0;
  int64_t delay = 0;
  std::optional<SoundEdges> sound;
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

  base::Status WriteHeader(int64_t sequence, int64_t timescale_hz) {
    Options options;
    options.Set("movflags",
                "frag_custom+empty_moov+default_base_moof+frag_discont+"
                "skip_trailer");
    options.Set("use_editlist", "0");
    options.Set("fragment_index", std::to_string(sequence).c_str());
    // Else the muxer doubles a small timescale.
    options.Set("video_track_timescale", std::to_string(timescale_hz).c_str());
    REEL_TRY(CheckAv(avformat_write_header(muxer.get(), options.get()),
                     "write init segment"));
    init = FinishInit(TakeSink(), delay, sound);
    return {};
  }

  std::vector<uint8_t> TakeSink() {
    avio_flush(io.get());
    return std::exchange(sink, {});
  }

  base::Status WritePacket(const CodedPacket& coded, int64_t start,
                           int64_t end_of_it) {
    packet->data = const_cast<uint8_t*>(coded.bytes.data());
    packet->size = static_cast<int>(coded.bytes.size());
    packet->pts = coded.pts + delay;
    packet->dts = start + decode_delay;
    packet->duration = end_of_it - start;
    packet->flags = coded.key ? AV_PKT_FLAG_KEY : 0;
    if (packet->pts < packet->dts) {
      return base::Fail(base::Code::kInvalidArgument,
                        fmt::format("write segment: the picture at {} is coded "
                                    "too late to be shown then",
                                    coded.pts));
    }
    return CheckAv(av_write_frame(muxer.get(), packet.get()), "write segment");
  }
};

FragmentWriter::FragmentWriter(std::unique_ptr<State> state)
    : state_(std::move(state)) {}
FragmentWriter::FragmentWriter(FragmentWriter&&) noexcept = default;
FragmentWriter& FragmentWriter::operator=(FragmentWriter&&) noexcept = default;
FragmentWriter::~FragmentWriter() = default;

base::Result<FragmentWriter> FragmentWriter::OpenVideo(
    const VideoEncoder& encoder, int64_t first_sequence,
    int64_t longest_frame_ticks) {
  if (longest_frame_ticks < 1 || longest_frame_ticks >= kMaxTicks / 16) {
    return base::Fail(base::Code::kInvalidArgument,
                      fmt::format("write fragments: frames of {} ticks",
                                  longest_frame_ticks));
  }
  REEL_ASSIGN(auto state, State::Create(encoder.codec(), ""));
  state->delay = encoder.codec().has_b_frames * longest_frame_ticks;
  REEL_TRY(state->WriteHeader(first_sequence, encoder.settings().timescale_hz));
  return FragmentWriter(std::move(state));
}

base::Result<FragmentWriter> FragmentWriter::OpenAudio(
    const AudioEncoder& encoder, const std::string& language, int64_t samples) {
  constexpr int64_t kFrame = AudioEncoder::kFrameSamples;
  REEL_ASSIGN(auto state, State::Create(encoder.codec(), language));
  state->delay = state->decode_delay = AudioEncoder::kPriming;
  const int64_t past_last_frame = (state->delay + samples) % kFrame;
  state->sound = {.priming = state->delay,
                  .samples = samples,
                  .padding = (kFrame - past_last_frame) % kFrame};
  REEL_TRY(state->WriteHeader(1, encoder.settings().sample_rate_hz));
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
  REEL_TRY(
      CheckAv(av_write_frame(state_->muxer.get(), nullptr), "write segment"));
  return state_->TakeSink();
}

}  // namespace reel::media
