#include "media/input.h"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <optional>
#include <utility>
#include <vector>

#include "base/byte_source.h"
#include "base/file.h"
#include "media/av_error.h"
#include "media/av_log.h"
#include "media/av_memory.h"
#include "media/composition_demuxer.h"
#include "media/source_probe.h"
#include "model/composition.h"

namespace reel::media {

struct Input::Bytes {
  std::span<const uint8_t> memory;           // comes first
  std::unique_ptr<base::ByteSource> source;  // then this
  std::optional<base::File> pipe;            // or this
  int64_t size = 0;                          // 0 of a pipe
  int64_t position = 0;
  // What our own reading met: all that libav says after it comes of it.
  std::optional<base::Error> trouble{};
};

namespace {

constexpr int kIoBufferBytes = 1 << 16;
// As much as libav itself looks at before it gives up on recognising a file.
constexpr int64_t kProbeBytes = 1 << 20;

int ReadBytes(void* opaque, uint8_t* into, int room) {
  auto& bytes = *static_cast<Input::Bytes*>(opaque);
  const std::span<uint8_t> target(into, static_cast<size_t>(room));
  const auto in_memory = static_cast<int64_t>(bytes.memory.size());
  size_t got = 0;
  if (bytes.position < in_memory) {
    got = std::min<size_t>(target.size(), in_memory - bytes.position);
    std::memcpy(into, bytes.memory.data() + bytes.position, got);
  } else if (bytes.pipe || (bytes.source && bytes.position < bytes.size)) {
    const auto read =
        bytes.pipe ? bytes.pipe->Read(target)
                   : bytes.source->ReadAt(bytes.position - in_memory, target);
    if (!read) {
      bytes.trouble = read.error();
      return AVERROR(EIO);
    }
    got = *read;
  }
  bytes.position += static_cast<int64_t>(got);
  return got == 0 ? AVERROR_EOF : static_cast<int>(got);
}

int64_t SeekBytes(void* opaque, int64_t offset, int whence) {
  auto& bytes = *static_cast<Input::Bytes*>(opaque);
  switch (whence & ~AVSEEK_FORCE) {
    case AVSEEK_SIZE:
      return bytes.size;
    case SEEK_CUR:
      offset = av_sat_add64(offset, bytes.position);
      break;
    case SEEK_END:
      offset = av_sat_add64(offset, bytes.size);
      break;
    default:
      break;
  }
  if (offset < 0) return AVERROR(EINVAL);
  return bytes.position = offset;
}

base::Result<Io> MakeIo(Input::Bytes& bytes) {
  auto* buffer = static_cast<unsigned char*>(av_malloc(kIoBufferBytes));
  AVIOContext* io =
      buffer == nullptr
          ? nullptr
          : avio_alloc_context(buffer, kIoBufferBytes, 0, &bytes, &ReadBytes,
                               nullptr, bytes.pipe ? nullptr : &SeekBytes);
  if (io == nullptr) {
    av_free(buffer);
    return base::Fail(base::Code::kResourceExhausted, "libav: out of memory");
  }
  return Io(io);
}

// Why libav failed: what our own reading met, or else its words, with what it
// logged before them.
base::Error Explain(const Input::Bytes& bytes, int av_error,
                    const std::string& doing, AvLogCapture& log) {
  if (bytes.trouble) return *bytes.trouble;
  base::Error error = FromMediaError(av_error, doing);
  if (const std::string said = log.TakeErrors(); !said.empty())
    error.message += " (" + said + ")";
  return error;
}

// What the container says of a stream's colours. libav forgets it when it looks
// at the stream, even one that only says that it does not know, as ProRes does.
class ContainerColors {
 public:
  explicit ContainerColors(const AVFormatContext& context) {
    for (unsigned i = 0; i < context.nb_streams; ++i) {
      const AVCodecParameters& codec = *context.streams[i]->codecpar;
      said_.push_back({codec.color_primaries, codec.color_trc,
                       codec.color_space, codec.color_range});
    }
  }

  // Where the stream itself is silent.
  void Restore(const AVFormatContext& context) const {
    for (size_t i = 0; i < said_.size(); ++i) {
      AVCodecParameters& codec = *context.streams[i]->codecpar;
      const Said& said = said_[i];
      if (codec.color_primaries == AVCOL_PRI_UNSPECIFIED)
        codec.color_primaries = said.primaries;
      if (codec.color_trc == AVCOL_TRC_UNSPECIFIED)
        codec.color_trc = said.transfer;
      if (codec.color_space == AVCOL_SPC_UNSPECIFIED)
        codec.color_space = said.matrix;
      if (codec.color_range == AVCOL_RANGE_UNSPECIFIED)
        codec.color_range = said.range;
    }
  }

 private:
  struct Said {
    AVColorPrimaries primaries;
    AVColorTransferCharacteristic transfer;
    AVColorSpace matrix;
    AVColorRange range;
  };
  std::vector<Said> said_;  // [streams known from the header]
};

base::Result<InputHandle> OpenContext(AVIOContext* io,
                                      const Input::Bytes& bytes) {
  AvLogCapture log;
  BoundAvMemory();
  AVFormatContext* context = avformat_alloc_context();
  if (context == nullptr)
    return base::Fail(base::Code::kResourceExhausted, "libav: out of memory");
  context->pb = io;
  Options options;
  options.Set("protocol_whitelist", "none");
  // No name: what a file is, its bytes decide. Frees `context` on failure.
  if (const int opened =
          avformat_open_input(&context, "", nullptr, options.get());
      opened < 0)
    return tl::unexpected(Explain(bytes, opened, "open", log));
  InputHandle handle(context);
  const ContainerColors colors(*context);
  const int found = avformat_find_stream_info(context, nullptr);
  // What libav makes of a failing disk may look like success.
  if (found < 0 || bytes.trouble)
    return tl::unexpected(
        Explain(bytes, found, "read the streams' headers", log));
  colors.Restore(*context);
  return handle;
}

}  // namespace

Input::Input() = default;
Input::Input(Input&&) noexcept = default;
Input::~Input() = default;

base::Result<Input> Input::Open(std::unique_ptr<Bytes> bytes) {
  Input input;
  input.bytes_ = std::move(bytes);
  REEL_ASSIGN(input.io_, MakeIo(*input.bytes_));
  REEL_ASSIGN(input.handle_, OpenContext(input.io_.get(), *input.bytes_));
  input.context_ = input.handle_.get();
  return input;
}

base::Result<Input> Input::OpenFile(const std::string& path) {
  if (const auto composition = model::CompositionPath(path))
    return OpenComposition(*composition);
  return OpenJoined({}, path);
}

base::Result<Input> Input::OpenComposition(const std::string& path) {
  REEL_ASSIGN(CompositionDemuxer demuxer, CompositionDemuxer::Open(path));
  Input input;
  input.composition_ = std::make_unique<CompositionDemuxer>(std::move(demuxer));
  input.context_ = &input.composition_->context();
  return input;
}

base::Result<Input> Input::OpenJoined(std::span<const uint8_t> head,
                                      const std::string& path) {
  auto bytes = std::make_unique<Bytes>();
  bytes->memory = head;
  REEL_ASSIGN(bytes->source, base::OpenByteSource(path));
  REEL_ASSIGN(bytes->size, bytes->source->Size());
  bytes->size += static_cast<int64_t>(head.size());
  auto input = Open(std::move(bytes));
  if (!input) return base::Prefix(input.error(), base::SourceLabel(path));
  return input;
}

base::Result<Input> Input::OpenStream(const std::string& path) {
  const bool standard = path == "-";
  auto bytes = std::make_unique<Bytes>();
  REEL_ASSIGN(base::File file, standard ? base::File::StandardInput()
                                        : base::File::OpenForReading(path));
  if (file.IsSeekable()) {
    REEL_ASSIGN(bytes->size, file.Size());
    bytes->source = base::MakeByteSource(std::move(file));
  } else {
    bytes->pipe = std::move(file);
  }
  auto input = Open(std::move(bytes));
  if (!input)
    return base::Prefix(input.error(), standard ? "standard input" : path);
  return input;
}

base::Result<Input> Input::OpenMemory(std::span<const uint8_t> memory) {
  auto bytes = std::make_unique<Bytes>();
  bytes->memory = memory;
  bytes->size = static_cast<int64_t>(memory.size());
  return Open(std::move(bytes));
}

std::string Input::format_name() const {
  return composition_ ? "imf" : context_->iformat->name;
}

int64_t Input::bytes() const {
  return composition_ ? composition_->bytes() : bytes_->size;
}

bool Input::Seek(int stream, int64_t time) {
  if (composition_) return composition_->Seek(stream, time);
  return av_seek_frame(context_, stream, time, AVSEEK_FLAG_BACKWARD) >= 0;
}

bool Input::SeekToByte(int stream, int64_t position) {
  return !composition_ &&
         av_seek_frame(context_, stream, position, AVSEEK_FLAG_BYTE) >= 0;
}

bool Input::SeeksByBytes() const {
  return !composition_ && (context_->iformat->flags & AVFMT_TS_DISCONT) != 0;
}

base::Result<bool> Input::Read(AVPacket& packet) {
  AvLogCapture log;
  av_packet_unref(&packet);
  if (composition_) return composition_->Read(packet);
  const int result = av_read_frame(context_, &packet);
  const bool failed = result < 0 && result != AVERROR_EOF;
  if (failed || bytes_->trouble)
    return tl::unexpected(Explain(*bytes_, result, "read a packet", log));
  return result >= 0;
}

std::string RecognizeContainer(std::span<const uint8_t> beginning) {
  SilenceAvLog();
  std::vector<uint8_t> padded(beginning.begin(), beginning.end());
  padded.resize(padded.size() + AVPROBE_PADDING_SIZE);
  const AVProbeData data = {.filename = "",
                            .buf = padded.data(),
                            .buf_size = static_cast<int>(beginning.size()),
                            .mime_type = nullptr};
  int score = 0;
  const AVInputFormat* format = av_probe_input_format3(&data, 1, &score);
  return format != nullptr && score > AVPROBE_SCORE_RETRY ? format->name : "";
}

base::Result<std::string> RecognizeContainer(const std::string& path) {
  REEL_ASSIGN(const auto source, base::OpenByteSource(path));
  std::vector<uint8_t> beginning(kProbeBytes);
  REEL_ASSIGN(const size_t got, source->ReadAt(0, beginning));
  beginning.resize(got);
  return RecognizeContainer(beginning);
}

}  // namespace reel::media
