// HDR metadata of a title: the container's and the pictures'.
#pragma once

#include <string>

#include "inspect/check.h"
#include "model/source.h"

namespace reel::inspect {

// A check of pictures against HDR metadata.
using HdrCheck = Findings (*)(const TitleFacts&, const model::HdrMetadata&);

bool IsHdr(const std::string& transfer);  // PQ or HLG

// Cd/m2 of a luma level of 10 bits, in the source's range, by SMPTE ST 2084.
double NitsOf(const TitleFacts& facts, int level);

Findings HdrMetadataMissing(const TitleFacts& facts,
                            const model::HdrMetadata& metadata);
Findings HdrMetadataInvalid(const TitleFacts& facts,
                            const model::HdrMetadata& metadata);
Findings HdrTaggedSdr(const TitleFacts& facts,
                      const model::HdrMetadata& metadata);
Findings SdrTaggedHdr(const TitleFacts& facts,
                      const model::HdrMetadata& metadata);

}  // namespace reel::inspect
