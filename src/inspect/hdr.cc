// The frame check that collects HDR metadata for the four checks that need it.
#include "inspect/hdr.h"

#include <iterator>

#include "inspect/checks.h"
#include "inspect/light.h"
#include "media/hdr_metadata.h"

namespace reel::inspect {
namespace {

// Keeps what the first picture that says anything says.
class MetadataWatch : public FrameWatch {
 public:
  base::Status See(const media::DecodedFrame& frame) override {
    if (metadata_ == model::HdrMetadata{})
      metadata_ = media::HdrMetadataOf(frame.picture);
    return {};
  }
  base::Json State() const override { return metadata_; }

 private:
  model::HdrMetadata metadata_;
};

// The container's word first, then the pictures'.
base::Result<model::HdrMetadata> MetadataOf(
    const TitleFacts& facts, std::span<const base::Json> states) {
  model::HdrMetadata metadata = facts.source.video.hdr;
  for (const base::Json& state : states) {
    REEL_ASSIGN(const auto seen, base::FromJson<model::HdrMetadata>(state));
    if (!metadata.mastering_display && seen.mastering_display) {
      const model::HdrMetadata before = metadata;
      metadata = seen;
      metadata.content_light = before.content_light;
      metadata.max_cll = before.max_cll;
      metadata.max_fall = before.max_fall;
    }
    if (!metadata.content_light && seen.content_light) {
      metadata.content_light = true;
      metadata.max_cll = seen.max_cll;
      metadata.max_fall = seen.max_fall;
    }
  }
  return metadata;
}

base::Result<Findings> Conclude(const TitleFacts& facts,
                                std::span<const base::Json> states) {
  REEL_ASSIGN(const model::HdrMetadata metadata, MetadataOf(facts, states));
  Findings findings;
  for (const HdrCheck check :
       {HdrMetadataMissing, HdrMetadataInvalid, HdrTaggedSdr, SdrTaggedHdr}) {
    for (auto& finding : check(facts, metadata))
      findings.push_back(std::move(finding));
  }
  return findings;
}

}  // namespace

bool IsHdr(const std::string& transfer) {
  return transfer == "smpte2084" || transfer == "arib-std-b67";
}

double NitsOf(const TitleFacts& facts, int level) {
  return PqNits(facts.source.video.color.range == "pc" ? level / 1023.0
                                                       : (level - 64) / 876.0);
}

FrameCheck Hdr() {
  return {.name = "hdr",
          .watch = []() -> std::unique_ptr<FrameWatch> {
            return std::make_unique<MetadataWatch>();
          },
          .conclude = Conclude};
}

}  // namespace reel::inspect
