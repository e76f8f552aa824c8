#include "media/audio_reader.h"

#include <fmt/format.h>

#include <cerrno>
#include <utility>

#include "base/byte_source.h"
#include "media/audio_mixer.h"
#include "media/av_error.h"
#include "media/av_log.h"
#include "media/av_memory.h"
#include "media/handles.h"
#include "media/input.h"

namespace reel::media {
namespace {

base::Result<Codec> OpenDecoder(const AVStream& stream) {
  const AVCodec* decoder = avcodec_find_decoder(stream.codecpar->codec_id);
  if (decoder == nullptr) {
    return base::Fail(base::Code::kUnsupported,
                      fmt::format("no decoder for sound in {}",
                                  avcodec_get_name(stream.codecpar->codec_id)));
  }
  REEL_ASSIGN(Codec codec, MakeCodec(decoder));
  REEL_TRY(
      CheckMedia(avcodec_parameters_to_context(codec.get(), stream.codecpar),
                 "open decoder"));
  codec->pkt_timebase = stream.time_base;
  codec->thread_count = 1;
  codec->flags |= AV_CODEC_FLAG_BITEXACT;
  REEL_TRY(CheckMedia(avcodec_open2(codec.get(), decoder, nullptr),
                      std::string("open decoder ") + decoder->name));
  return codec;
}

}  // namespace

struct AudioReader::State {
  State(Input opened, int stream_index, int channels)
      : input(std::move(opened)), stream(stream_index), mixer(channels) {}

  Input input;
  int stream;
  Codec codec;
  Packet packet;
  Frame frame;
  AudioMixer mixer;
  model::AudioTrack track;
  int64_t damaged_packets = 0;
  int64_t coded_bytes = 0;
  std::optional<AudioBlock> first;  // decoded when opened

  // Opens the stream; its rate is known for certain only from the first frame
  // (implicit SBR doubles what the container says).
  base::Status Start(const std::string& path) {
    for (unsigned i = 0; i < input.context().nb_streams; ++i) {
      const int other = static_cast<int>(i);
      if (other != stream) input.stream(other).discard = AVDISCARD_ALL;
    }
    const AVStream& chosen = input.stream(stream);
    track.index = stream;
    track.codec = avcodec_get_name(chosen.codecpar->codec_id);
    track.time_base = {chosen.time_base.num, chosen.time_base.den};
    track.channels = chosen.codecpar->ch_layout.nb_channels;
    REEL_ASSIGN(codec, OpenDecoder(chosen));
    REEL_ASSIGN(packet, MakePacket());
    REEL_ASSIGN(frame, MakeFrame());
    REEL_ASSIGN(first, DecodeBlock());
    if (first) return {};
    return base::Fail(base::Code::kCorruptInput,
                      fmt::format("{}: no sound that can be decoded in track "
                                  "{}",
                                  path, stream));
  }

  base::Result<std::optional<AudioBlock>> DecodeBlock() {
    AvLogCapture log;  // refusals are counted, their words are not needed
    for (;;) {
      const int result = avcodec_receive_frame(codec.get(), frame.get());
      if (result == AVERROR_EOF) return std::nullopt;
      if (result == AVERROR(EAGAIN)) {
        REEL_TRY(Feed());
      } else if (result < 0) {
        REEL_TRY(CountDamage(result));
      } else if (frame->nb_samples > 0) {
        return Converted();
      }
    }
  }

  // One packet into the decoder, or the end of the file.
  base::Status Feed() {
    const base::Result<bool> read = input.Read(*packet);
    if (!read && !IsMediaFault(read.error().code)) {
      return tl::unexpected(read.error());
    }
    // Where the demuxer finds no more packets, the sound ends.
    const bool ended = !read || !*read;
    if (!ended && packet->stream_index != stream) return {};
    if (!ended) coded_bytes += packet->size;
    const int sent =
        avcodec_send_packet(codec.get(), ended ? nullptr : packet.get());
    return sent < 0 ? CountDamage(sent) : base::Status{};
  }

  base::Status CountDamage(int result) {
    ++damaged_packets;
    return result == AVERROR(ENOMEM) && IsMemoryGone()
               ? CheckAv(result, "decode sound")
               : base::Status{};
  }

  base::Result<std::optional<AudioBlock>> Converted() {
    if (track.sample_rate_hz == 0) track.sample_rate_hz = frame->sample_rate;
    if (frame->sample_rate != track.sample_rate_hz) {
      return base::Fail(base::Code::kUnsupported,
                        fmt::format("the sample rate changes from {} to {} Hz",
                                    track.sample_rate_hz, frame->sample_rate));
    }
    AudioBlock block;
    if (frame->best_effort_timestamp != AV_NOPTS_VALUE) {
      block.pts = frame->best_effort_timestamp;
    }
    REEL_ASSIGN(block.pcm, mixer.Mix(*frame));
    return block;
  }

  static base::Result<AudioReader> Create(Input input, const std::string& path,
                                          int stream, int channels) {
    AVFormatContext& context = input.context();
    if (stream < 0 || stream >= static_cast<int>(context.nb_streams) ||
        input.stream(stream).codecpar->codec_type != AVMEDIA_TYPE_AUDIO) {
      return base::Fail(base::Code::kInvalidArgument,
                        fmt::format("{}: track {} is not sound",
                                    base::SourceLabel(path), stream));
    }
    auto state = std::make_unique<State>(std::move(input), stream, channels);
    REEL_TRY(state->Start(path));
    return AudioReader(std::move(state));
  }
};

AudioReader::AudioReader(std::unique_ptr<State> state)
    : state_(std::move(state)) {}
AudioReader::AudioReader(AudioReader&&) noexcept = default;
AudioReader& AudioReader::operator=(AudioReader&&) noexcept = default;
AudioReader::~AudioReader() = default;

base::Result<AudioReader> AudioReader::Open(const std::string& path,
                                            const model::AudioTrack& track,
                                            int channels) {
  REEL_ASSIGN(Input input, Input::OpenFile(path));
  return State::Create(std::move(input), path, track.index, channels);
}

base::Result<AudioReader> AudioReader::OpenFragments(
    std::span<const uint8_t> head, const std::string& path, int channels) {
  REEL_ASSIGN(Input input, Input::OpenJoined(head, path));
  const int stream = av_find_best_stream(&input.context(), AVMEDIA_TYPE_AUDIO,
                                         -1, -1, nullptr, 0);
  return State::Create(std::move(input), path, stream, channels);
}

base::Result<std::optional<AudioBlock>> AudioReader::Next() {
  if (state_->first) return std::exchange(state_->first, std::nullopt);
  return state_->DecodeBlock();
}

const model::AudioTrack& AudioReader::track() const { return state_->track; }

int64_t AudioReader::damaged_packets() const { return state_->damaged_packets; }

int64_t AudioReader::coded_bytes() const { return state_->coded_bytes; }

}  // namespace reel::media
