// What tasks leave for each other and for other programs: reports, findings and
// measurements as JSON, and the tables of packets and frames.
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "base/json.h"
#include "inspect/sound_facts.h"
#include "model/finding.h"
#include "model/fingerprint.h"
#include "model/frames.h"
#include "model/packets.h"
#include "model/report.h"

namespace {

// Read, written and read again.
template <typename T>
void Read(std::string_view text) {
  const auto value = reel::base::ParseJsonAs<T>(text);
  if (!value) return;
  const std::string written = reel::base::DumpJson(reel::base::Json(*value));
  (void)reel::base::ParseJsonAs<T>(written);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  Read<reel::model::InspectionReport>(text);
  Read<reel::model::Report>(text);
  Read<reel::model::Source>(text);
  Read<reel::inspect::SoundFacts>(text);
  const std::span<const uint8_t> bytes(data, size);
  (void)reel::model::ParsePacketIndex(bytes);
  (void)reel::model::ParseFrameTable(bytes);
  (void)reel::model::ParseFingerprints(bytes);
  return 0;
}
