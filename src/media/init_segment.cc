#include "media/init_segment.h"

#include <fmt/format.h>

#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace reel::media {
namespace {

// Bytes are strings here: they are put together from texts and numbers.
using std::literals::operator""s;

std::string U32(int64_t value) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) {
    bytes += static_cast<char>(value >> shift);
  }
  return bytes;
}

std::string Box(std::string_view type, const std::string& content) {
  return U32(static_cast<int64_t>(content.size()) + 8) + std::string(type) +
         content;
}

// Version 0, no flags.
std::string FullBox(std::string_view type, const std::string& content) {
  return Box(type, U32(0) + content);
}

// Calls `see` for each of the boxes, which are the muxer's own and so whole.
void ForEachBox(std::string_view boxes,
                const std::function<void(std::string_view type,
                                         std::string_view box)>& see) {
  while (!boxes.empty()) {
    size_t bytes = 0;
    for (size_t i = 0; i < 4; ++i) {
      bytes = bytes << 8 | static_cast<uint8_t>(boxes.at(i));
    }
    REEL_CHECK(bytes >= 8 && bytes <= boxes.size());
    see(boxes.substr(4, 4), boxes.substr(0, bytes));
    boxes.remove_prefix(bytes);
  }
}

std::string EditList(int64_t start_ticks) {
  constexpr int64_t kRateOne = 0x10000;
  const std::string entry = U32(0) + U32(start_ticks) + U32(kRateOne);
  return Box("edts", FullBox("elst", U32(1) + entry));
}

// Hexadecimal numbers: priming, padding, samples; the others mean nothing.
std::string GaplessTag(const SoundEdges& sound) {
  std::string text = fmt::format(" 00000000 {:08X} {:08X} {:016X}",
                                 sound.priming, sound.padding, sound.samples);
  for (int i = 0; i < 8; ++i) text += " 00000000";
  constexpr int64_t kUtf8 = 1;
  const std::string item = FullBox("mean", "com.apple.iTunes") +
                           FullBox("name", "iTunSMPB") +
                           Box("data", U32(kUtf8) + U32(0) + text);
  const std::string handler =
      FullBox("hdlr", U32(0) + "mdirappl" + std::string(9, '\0'));
  return Box("udta", FullBox("meta", handler + Box("ilst", Box("----", item))));
}

std::string FinishTrack(std::string_view boxes, int64_t edit_start_ticks) {
  std::string track;
  ForEachBox(boxes, [&](std::string_view type, std::string_view box) {
    track += box;
    if (type == "tkhd" && edit_start_ticks != 0) {
      track += EditList(edit_start_ticks);
    }
  });
  return Box("trak", track);
}

}  // namespace

std::vector<uint8_t> FinishInit(std::span<const uint8_t> muxed,
                                int64_t edit_start_ticks,
                                std::optional<SoundEdges> sound) {
  const std::string_view boxes(reinterpret_cast<const char*>(muxed.data()),
                               muxed.size());
  std::string moov;
  const auto see_child = [&](std::string_view type, std::string_view box) {
    if (type == "trak") {
      moov += FinishTrack(box.substr(8), edit_start_ticks);
    } else if (type != "udta") {
      moov += box;
    }
  };
  ForEachBox(boxes, [&](std::string_view type, std::string_view box) {
    if (type == "moov") ForEachBox(box.substr(8), see_child);
  });
  if (sound) moov += GaplessTag(*sound);
  const std::string init =
      Box("ftyp", "iso6\0\0\0\0iso6cmfcmp41"s) + Box("moov", moov);
  return {init.begin(), init.end()};
}

}  // namespace reel::media
