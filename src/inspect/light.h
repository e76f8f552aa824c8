// What a code value looks like on a screen.
#pragma once

#include <string>

namespace reel::inspect {

// Light of a non-linear component 0..1, relative to 200 cd/m2 and at most 1:
// BT.1886 for ordinary television (white is 200 cd/m2), SMPTE ST 2084 for
// "smpte2084", BT.2100's HLG at 1000 cd/m2 for "arib-std-b67". Pure.
double RelativeLight(double component, const std::string& transfer);

// Cd/m2 of a component 0..1 by SMPTE ST 2084, equation 4. Pure.
double PqNits(double component);

// Weights of R and B in luma (ITU-R BT.601-7, BT.709-6, BT.2020-2); BT.709's
// for names that are not known. `matrix` as FFmpeg spells it. Pure.
struct LumaWeights {
  double red;
  double blue;
};
LumaWeights WeightsOf(const std::string& matrix);

}  // namespace reel::inspect
