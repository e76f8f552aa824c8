// Essence held against what the package says of it.
#pragma once

#include "imf/composition_playlist.h"
#include "imf/finding_list.h"
#include "media/essence_probe.h"

namespace reel::imf {

// imf-descriptor-mismatch where the codestream, as it decodes, contradicts the
// composition's descriptor: size, bit depth, components and their subsampling,
// rate, colour; channels, rate and bits of sound. What either does not say is
// not compared. Pure.
void JudgeDescriptor(const EssenceDescriptor& descriptor,
                     const media::Essence& essence, const Subject& subject,
                     FindingList& findings);

// imf-descriptor-mismatch where a track's essence is not of one kind throughout
// (SMPTE ST 2067-2, 6.2: homogeneous essence). Pure.
void JudgeHomogeneous(const media::Essence& first, const media::Essence& other,
                      const Subject& subject, FindingList& findings);

}  // namespace reel::imf
