// Names of essence codings and colours by their SMPTE universal labels.
// Sources: SMPTE ST 400 (labels register), ST 2067-21, RP 224.
#pragma once

#include <string>
#include <string_view>

namespace reel::imf {

// Labels are 32 lower-case hexadecimal digits. Their version byte (the eighth)
// is not looked at.

// "High-Throughput JPEG 2000 (ISO/IEC 15444-15)"; "" for one that is not known.
std::string EssenceCodingName(std::string_view label);
// Names of ITU-T H.273 as FFmpeg spells them: "bt709", "smpte2084"; "" for one
// that is not known or has no such name.
std::string TransferName(std::string_view label);
std::string PrimariesName(std::string_view label);
std::string MatrixName(std::string_view label);
// As people write it: "urn:smpte:ul:060e2b34.0401010d.04010202.03010801".
std::string LabelText(std::string_view label);

}  // namespace reel::imf
