#include "model/fingerprint.h"

#include <fmt/format.h>

#include <algorithm>

namespace reel::model {
namespace {

constexpr std::array<uint8_t, 4> kMagic = {'R', 'F', 'P', '1'};
constexpr size_t kBytesPerFrame = 2 * (kFingerprintProjections + 2);

void Put(uint16_t value, std::vector<uint8_t>& out) {
  out.push_back(static_cast<uint8_t>(value));
  out.push_back(static_cast<uint8_t>(value >> 8));
}

uint16_t Get(const uint8_t* at) {
  return static_cast<uint16_t>(at[0] | at[1] << 8);
}

}  // namespace

std::vector<uint8_t> Serialize(const Fingerprints& fingerprints) {
  std::vector<uint8_t> out(kMagic.begin(), kMagic.end());
  out.reserve(kMagic.size() + fingerprints.size() * kBytesPerFrame);
  for (const Fingerprint& f : fingerprints) {
    for (const int16_t value : f.projection)
      Put(static_cast<uint16_t>(value), out);
    Put(f.mean, out);
    Put(f.change, out);
  }
  return out;
}

base::Result<Fingerprints> ParseFingerprints(std::span<const uint8_t> bytes) {
  if (bytes.size() < kMagic.size() ||
      !std::equal(kMagic.begin(), kMagic.end(), bytes.begin())) {
    return base::Fail(base::Code::kCorruptInput,
                      "fingerprints: does not start with RFP1");
  }
  const auto body = bytes.subspan(kMagic.size());
  if (body.size() % kBytesPerFrame != 0) {
    return base::Fail(base::Code::kCorruptInput,
                      fmt::format("fingerprints: {} bytes are no whole number "
                                  "of frames",
                                  body.size()));
  }
  Fingerprints fingerprints(body.size() / kBytesPerFrame);
  const uint8_t* at = body.data();
  for (Fingerprint& f : fingerprints) {
    for (int16_t& value : f.projection) {
      value = static_cast<int16_t>(Get(at));
      at += 2;
    }
    f.mean = Get(at);
    f.change = Get(at + 2);
    at += 4;
  }
  return fingerprints;
}

}  // namespace reel::model
