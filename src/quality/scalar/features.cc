#include "quality/scalar/features.h"

#include "quality/scalar/adm.h"
#include "quality/scalar/vif.h"

namespace reel::quality::scalar {

FrameFeatures Features(const media::Plane& reference,
                       const media::Plane& distorted, int bit_depth,
                       const GainLimits& limits) {
  const VifScores vif = Vif(reference, distorted, bit_depth, limits.vif);
  const AdmScores adm = Adm(reference, distorted, bit_depth, limits.adm);
  return {.adm2 = adm.adm2,
          .vif = vif.ratio,
          .adm_num = adm.num,
          .adm_den = adm.den,
          .vif_num = vif.num,
          .vif_den = vif.den};
}

}  // namespace reel::quality::scalar
