#include "media/fragment_input.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>

#include "media/av_error.h"

namespace reel::media {
namespace {

constexpr int kBufferBytes = 1 << 16;

}  // namespace

base::Result<std::unique_ptr<FragmentInput>> FragmentInput::Open(
    std::span<const uint8_t> head, const std::string& path) {
  REEL_ASSIGN(base::File file, base::File::OpenForReading(path));
  REEL_ASSIGN(const int64_t size, file.Size());
  auto input = std::make_unique<FragmentInput>(
      head, std::move(file), static_cast<int64_t>(head.size()) + size);
  auto* buffer = static_cast<uint8_t*>(av_malloc(kBufferBytes));
  input->io_.reset(avio_alloc_context(buffer, kBufferBytes, /*write_flag=*/0,
                                      input.get(), &Read, nullptr, &Seek));
  if (input->io_ == nullptr) {
    av_free(buffer);
    REEL_TRY(CheckAv(AVERROR(ENOMEM), "open " + path));
  }
  return input;
}

int FragmentInput::Read(void* self, uint8_t* into, int size) {
  auto& input = *static_cast<FragmentInput*>(self);
  const std::span<uint8_t> buffer(into, static_cast<size_t>(size));
  const auto head_bytes = static_cast<int64_t>(input.head_.size());
  size_t got = 0;
  if (input.position_ < head_bytes) {
    const auto rest = input.head_.subspan(static_cast<size_t>(input.position_));
    got = std::min(rest.size(), buffer.size());
    std::copy_n(rest.begin(), got, buffer.begin());
  } else {
    const auto read = input.file_.ReadAt(input.position_ - head_bytes, buffer);
    if (!read) return AVERROR(EIO);
    got = *read;
  }
  input.position_ += static_cast<int64_t>(got);
  return got == 0 ? AVERROR_EOF : static_cast<int>(got);
}

int64_t FragmentInput::Seek(void* self, int64_t offset, int whence) {
  auto& input = *static_cast<FragmentInput*>(self);
  if (whence == AVSEEK_SIZE) return input.bytes_;
  if (whence == SEEK_CUR) offset += input.position_;
  if (whence == SEEK_END) offset += input.bytes_;
  if (offset < 0 || offset > input.bytes_) return AVERROR(EINVAL);
  return input.position_ = offset;
}

}  // namespace reel::media
