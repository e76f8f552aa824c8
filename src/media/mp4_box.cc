#include "media/mp4_box.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace reel::media {
namespace {

using base::Code;
using base::Fail;
using base::Result;
using Bytes = std::span<const uint8_t>;

constexpr size_t kMaxHeaderBytes = 16;

std::string_view AsText(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// The header at the start of `bytes`, whose box may take up to `available`.
Result<Box> ParseHeader(Bytes bytes, int64_t offset, int64_t available) {
  FieldReader fields(bytes);
  uint64_t size = fields.Get<uint32_t>();
  Box box;
  box.offset = offset;
  box.header_bytes = 8;
  box.type =
      AsText(fields.rest().first(std::min<size_t>(4, fields.rest().size())));
  fields.Skip(4);
  if (size == 1) {
    size = fields.Get<uint64_t>();
    box.header_bytes = 16;
  } else if (size == 0) {  // up to the end of what holds it
    size = static_cast<uint64_t>(available);
  }
  if (!fields.ok() || size < static_cast<uint64_t>(box.header_bytes) ||
      size > static_cast<uint64_t>(available)) {
    return Fail(Code::kCorruptInput,
                fmt::format("box at byte {} is cut short", offset));
  }
  box.bytes = static_cast<int64_t>(size);
  return box;
}

}  // namespace

Result<std::optional<Box>> ReadBoxHeader(const base::File& file,
                                         int64_t offset) {
  REEL_ASSIGN(const int64_t size, file.Size());
  if (offset == size) return std::nullopt;
  if (offset < 0 || offset > size) {
    return Fail(Code::kCorruptInput,
                fmt::format("no box can start at byte {}", offset));
  }
  std::array<uint8_t, kMaxHeaderBytes> header{};
  REEL_ASSIGN(const size_t got, file.ReadAt(offset, header));
  return ParseHeader(Bytes(header).first(got), offset, size - offset);
}

Result<std::vector<uint8_t>> ReadBox(const base::File& file, const Box& box,
                                     int64_t max_bytes) {
  if (box.bytes > max_bytes) {
    return Fail(Code::kResourceExhausted,
                fmt::format("box at byte {} has {} bytes, more than {}",
                            box.offset, box.bytes, max_bytes));
  }
  std::vector<uint8_t> bytes(static_cast<size_t>(box.bytes));
  REEL_ASSIGN(const size_t got, file.ReadAt(box.offset, bytes));
  if (got != bytes.size()) {
    return Fail(Code::kIo, fmt::format("box at byte {}: file shrank while read",
                                       box.offset));
  }
  return bytes;
}

Result<std::optional<BoxView>> TakeBox(Bytes& bytes) {
  if (bytes.empty()) return std::nullopt;
  REEL_ASSIGN(const Box box,
              ParseHeader(bytes.first(std::min(kMaxHeaderBytes, bytes.size())),
                          0, static_cast<int64_t>(bytes.size())));
  const Bytes whole = bytes.first(static_cast<size_t>(box.bytes));
  bytes = bytes.subspan(whole.size());
  return BoxView{
      .type = AsText(whole.subspan(4, 4)),
      .payload = whole.subspan(static_cast<size_t>(box.header_bytes))};
}

Result<std::optional<Bytes>> FindBox(Bytes boxes, std::string_view type) {
  for (;;) {
    REEL_ASSIGN(const std::optional<BoxView> box, TakeBox(boxes));
    if (!box) return std::nullopt;
    if (box->type == type) return box->payload;
  }
}

Result<Bytes> RequireBox(Bytes boxes, std::string_view type) {
  REEL_ASSIGN(const std::optional<Bytes> box, FindBox(boxes, type));
  if (box) return *box;
  return Fail(Code::kCorruptInput, fmt::format("there is no {} box", type));
}

Result<Bytes> RequireOnlyBox(Bytes boxes, std::string_view type) {
  REEL_ASSIGN(const Bytes only, RequireBox(boxes, type));
  const size_t end =
      static_cast<size_t>(only.data() + only.size() - boxes.data());
  REEL_ASSIGN(const std::optional<Bytes> second,
              FindBox(boxes.subspan(end), type));
  if (!second) return only;
  return Fail(Code::kUnsupported,
              fmt::format("there is more than one {} box", type));
}

uint64_t FieldReader::GetBytes(size_t count) {
  if (bytes_.size() < count) {
    Skip(count);
    return 0;
  }
  uint64_t value = 0;
  for (const uint8_t byte : bytes_.first(count)) value = value << 8 | byte;
  bytes_ = bytes_.subspan(count);
  return value;
}

void FieldReader::Skip(size_t count) {
  ok_ = ok_ && count <= bytes_.size();
  bytes_ = bytes_.subspan(ok_ ? count : bytes_.size());
}

}  // namespace reel::media
