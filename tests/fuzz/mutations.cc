#include "fuzz/mutations.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <iterator>
#include <optional>

namespace reel::fuzz {
namespace {

template <typename T, size_t kSize>
const T& OneOf(const T (&choices)[kSize], Random& random) {
  return choices[Below(random, kSize)];
}

void FlipBits(Bytes& bytes, Random& random) {
  const size_t flips = 1 + Below(random, 40);
  // Half of the time in the first kilobytes, where headers are.
  const size_t end =
      random() % 2 == 0 ? bytes.size() : std::min<size_t>(bytes.size(), 4096);
  for (size_t i = 0; i < flips && end > 0; ++i)
    bytes[Below(random, end)] ^= static_cast<uint8_t>(1u << random() % 8);
}

void Cut(Bytes& bytes, Random& random) {
  bytes.resize(Below(random, bytes.size()));
}

// A stretch is copied over another, or taken out.
void Splice(Bytes& bytes, Random& random) {
  if (bytes.size() < 16) return;
  const size_t length = 1 + Below(random, bytes.size() / 4);
  const size_t from = Below(random, bytes.size() - length);
  const size_t to = Below(random, bytes.size() - length);
  if (random() % 2 == 0) {
    std::memmove(&bytes[to], &bytes[from], length);
  } else {
    bytes.erase(bytes.begin() + static_cast<ptrdiff_t>(from),
                bytes.begin() + static_cast<ptrdiff_t>(from + length));
  }
}

template <typename Pattern>
std::vector<size_t> PlacesOf(const Bytes& bytes, const Pattern& pattern) {
  std::vector<size_t> places;
  for (auto at = bytes.begin();; ++at) {
    at = std::search(at, bytes.end(), pattern.begin(), pattern.end());
    if (at == bytes.end()) return places;
    places.push_back(static_cast<size_t>(at - bytes.begin()));
  }
}

void WriteBigEndian(Bytes& bytes, ptrdiff_t place, uint64_t value, int size) {
  for (int i = 0; i < size; ++i) {
    const ptrdiff_t at = place + i;
    if (at >= 0 && at < std::ssize(bytes))
      bytes[static_cast<size_t>(at)] =
          static_cast<uint8_t>(value >> 8 * (size - 1 - i));
  }
}

// Sizes of MP4 boxes and counts of their tables: a number before or after one
// of the boxes' names becomes an extreme one.
void Resize(Bytes& bytes, Random& random) {
  static const std::string kNames[] = {
      "moov", "trak", "stsz", "stco", "stts", "ctts", "stsc", "mdat", "stsd",
      "elst", "moof", "trun", "avcC", "hvcC", "esds", "co64", "stss", "ftyp"};
  std::vector<size_t> places;
  for (const std::string& name : kNames) {
    const std::vector<size_t> more = PlacesOf(bytes, name);
    places.insert(places.end(), more.begin(), more.end());
  }
  if (places.empty()) return FlipBits(bytes, random);
  const size_t place = places[Below(random, places.size())];
  const ptrdiff_t offset =
      random() % 2 == 0 ? -4 : 4 + 4 * ptrdiff_t(random() % 4);
  static const uint32_t kExtremes[] = {
      0, 1, 7, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0xFFFFFFF0};
  WriteBigEndian(bytes, static_cast<ptrdiff_t>(place) + offset,
                 OneOf(kExtremes, random), 4);
}

// The length, in BER, that follows a key of 16 bytes.
void Relength(Bytes& bytes, Random& random) {
  constexpr std::array<uint8_t, 4> kKey{0x06, 0x0E, 0x2B, 0x34};
  const std::vector<size_t> places = PlacesOf(bytes, kKey);
  if (places.empty()) return FlipBits(bytes, random);
  // Half of the time one of the header's.
  const size_t most =
      random() % 2 == 0 ? places.size() : std::min<size_t>(places.size(), 100);
  const auto at = static_cast<ptrdiff_t>(places[Below(random, most)] + 16);
  static const uint64_t kExtremes[] = {0,          1,          0x7F,
                                       0xFFFFFF,   0x7FFFFFFF, 0xFFFFFFFF,
                                       ~0ULL >> 1, ~0ULL,      1ULL << 63};
  const int size = OneOf({1, 3, 4, 8, 9, 15}, random);
  WriteBigEndian(bytes, at, 0x80u | static_cast<unsigned>(size), 1);
  WriteBigEndian(bytes, at + 1, OneOf(kExtremes, random), std::min(size, 8));
}

// --- XML ---------------------------------------------------------------------

struct Extent {
  size_t begin = 0;
  size_t end = 0;
};

// One element with all that is in it, if its end is found.
std::optional<Extent> AnyElement(const std::string& xml, Random& random) {
  const size_t begin = xml.find('<', Below(random, xml.size()));
  if (begin == std::string::npos) return std::nullopt;
  const size_t name_end = xml.find_first_of(" >/\n", begin + 1);
  if (name_end == std::string::npos || name_end == begin + 1)
    return std::nullopt;
  const std::string close =
      "</" + xml.substr(begin + 1, name_end - begin - 1) + ">";
  const size_t end = xml.find(close, name_end);
  if (end == std::string::npos) return std::nullopt;
  return Extent{begin, end + close.size()};
}

void TakeElementOut(std::string& xml, Random& random) {
  if (const auto extent = AnyElement(xml, random))
    xml.erase(extent->begin, extent->end - extent->begin);
}

void RepeatElement(std::string& xml, Random& random) {
  const auto extent = AnyElement(xml, random);
  if (!extent) return;
  const std::string element =
      xml.substr(extent->begin, extent->end - extent->begin);
  const int copies = OneOf({1, 2, 30}, random);
  for (int i = 0; i < copies; ++i) xml.insert(extent->end, element);
}

void SwapIdentifiers(std::string& xml, Random& random) {
  constexpr size_t kLength = 45;  // urn:uuid: and 36 digits and dashes
  std::vector<size_t> places;
  for (size_t at = xml.find("urn:uuid:"); at != std::string::npos;
       at = xml.find("urn:uuid:", at + 1)) {
    if (at + kLength <= xml.size()) places.push_back(at);
  }
  if (places.size() < 2) return;
  const size_t a = places[Below(random, places.size())];
  const size_t b = places[Below(random, places.size())];
  const std::string kept = xml.substr(a, kLength);
  xml.replace(a, kLength, xml.substr(b, kLength));
  if (random() % 2 == 0) xml.replace(b, kLength, kept);
}

void MakeNumberExtreme(std::string& xml, Random& random) {
  static const char* const kElements[] = {
      "EntryPoint", "SourceDuration", "RepeatCount", "IntrinsicDuration",
      "EditRate",   "Size",           "VolumeCount", "Length",
      "SampleRate", "StoredWidth",    "StoredHeight"};
  static const char* const kExtremes[] = {"0",
                                          "-1",
                                          "1",
                                          "0 1",
                                          "1 0",
                                          "-24 1",
                                          "1 1000000000",
                                          "1000000000 1",
                                          "2147483647 2147483647",
                                          "24000 1001",
                                          "4294967296",
                                          "9007199254740992",
                                          "9223372036854775807",
                                          "9223372036854775808",
                                          "-9223372036854775808",
                                          "18446744073709551616",
                                          "99999999999999999999999999",
                                          "1e308",
                                          "NaN",
                                          "0x10",
                                          " 7 ",
                                          ""};
  const std::string element = OneOf(kElements, random);
  if (!ReplaceText(xml, element, Below(random, xml.size()),
                   OneOf(kExtremes, random)))
    ReplaceText(xml, element, 0, OneOf(kExtremes, random));
}

// After the declaration: what a parser that knows DTDs would expand or fetch.
void AddEntities(std::string& xml, const std::string& secret, Random& random) {
  std::string type = fmt::format(
      "<!DOCTYPE x [<!ENTITY secret SYSTEM \"file://{}\">"
      "<!ENTITY % more SYSTEM \"file://{}\">%more;<!ENTITY l0 \"laughing\">",
      secret, secret);
  for (int i = 1; i < 30; ++i)
    type +=
        fmt::format("<!ENTITY l{0} \"&l{1};&l{1};&l{1};&l{1};\">", i, i - 1);
  type += "]>";
  const size_t declaration = xml.find("?>");
  xml.insert(declaration == std::string::npos ? 0 : declaration + 2, type);
  ReplaceText(xml, OneOf({"Id", "ContentTitle", "Path"}, random), 0,
              random() % 2 == 0 ? "&l29;" : "&secret;");
}

std::string Repeat(const std::string& text, size_t times) {
  std::string all;
  all.reserve(text.size() * times);
  for (size_t i = 0; i < times; ++i) all += text;
  return all;
}

// Much of something where an element begins.
void Bloat(std::string& xml, Random& random) {
  const size_t root = xml.find('<', xml.find("?>") + 1);
  const size_t at =
      xml.find('<', std::max(root + 1, Below(random, xml.size())));
  if (root == std::string::npos || at == std::string::npos) return;
  const size_t many =
      OneOf({size_t{100}, size_t{3000}, size_t{200'000}}, random);
  const std::string a(many, 'a');
  const std::string elements[] = {
      Repeat("<a>", many) + Repeat("</a>", many),
      Repeat("<Segment><SequenceList/></Segment>", many),
      Repeat("<Resource/>", many),
      Repeat("<Asset><Id>x</Id></Asset>", many),
      "<a " + a + "=\"" + a + "\"/>",
      "<b " + Repeat("c=\"\" ", many) + "/>",
      a,
      "<!--" + a + "-->",
      "<![CDATA[" + a + "]]>",
      "<" + a + "/>"};
  xml.insert(at, OneOf(elements, random));
}

void MutateBytesOf(std::string& xml, Random& random) {
  constexpr void (*kMutations[])(Bytes&, Random&) = {FlipBits, Cut, Splice};
  Bytes bytes(xml.begin(), xml.end());
  OneOf(kMutations, random)(bytes, random);
  xml.assign(bytes.begin(), bytes.end());
}

}  // namespace

size_t Below(Random& random, size_t end) {
  return end == 0 ? 0 : random() % end;
}

Bytes MutateMedia(Bytes bytes, Random& random) {
  constexpr void (*kMutations[])(Bytes&, Random&) = {FlipBits, Cut, Splice,
                                                     Resize, Relength};
  const size_t rounds = 1 + Below(random, 3);
  for (size_t i = 0; i < rounds; ++i) OneOf(kMutations, random)(bytes, random);
  return bytes;
}

std::string MutateXml(std::string xml, const std::string& secret,
                      Random& random) {
  const size_t rounds = 1 + Below(random, 3);
  for (size_t i = 0; i < rounds; ++i) {
    switch (Below(random, 10)) {
      case 0:
        MutateBytesOf(xml, random);
        break;
      case 1:
      case 2:
        TakeElementOut(xml, random);
        break;
      case 3:
        RepeatElement(xml, random);
        break;
      case 4:
        SwapIdentifiers(xml, random);
        break;
      case 5:
        AddEntities(xml, secret, random);
        break;
      case 6:
        Bloat(xml, random);
        break;
      default:
        MakeNumberExtreme(xml, random);
        break;
    }
  }
  return xml;
}

bool ReplaceText(std::string& xml, const std::string& element, size_t from,
                 const std::string& text) {
  const size_t name = xml.find(element + ">", from);
  if (name == std::string::npos) return false;
  const size_t begin = name + element.size() + 1;
  const size_t end = xml.find("</", begin);
  if (end == std::string::npos) return false;
  xml.replace(begin, end - begin, text);
  return true;
}

}  // namespace reel::fuzz
