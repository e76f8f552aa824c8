#include "inspect/fields.h"

#include "inspect/field_weave.h"

namespace reel::inspect {
namespace {

constexpr int64_t kFew = 10;
constexpr int64_t kInterlacedPercent = 30;
constexpr int64_t kProgressivePercent = 2;  // interlaced by mistake

}  // namespace

bool FieldCount::IsInterlaced() const {
  const int64_t both = top_first + bottom_first;
  return both >= kFew && 100 * both >= kInterlacedPercent * (both + one_moment);
}

bool FieldCount::IsProgressive() const {
  const int64_t both = top_first + bottom_first;
  return one_moment >= kFew &&
         100 * both <= kProgressivePercent * (both + one_moment);
}

FieldCount CountFields(const TitleFacts& facts) {
  FieldCount count;
  for (size_t n = 0; n < facts.pictures.size(); ++n) {
    const Fields fields = JudgeWeave(facts.pictures[n].weave);
    count.top_first += fields == Fields::kTopFirst;
    count.bottom_first += fields == Fields::kBottomFirst;
    count.one_moment += fields == Fields::kOneMoment;
    const bool both =
        fields == Fields::kTopFirst || fields == Fields::kBottomFirst;
    if (both && count.first_interlaced < 0)
      count.first_interlaced = static_cast<int64_t>(n);
  }
  return count;
}

bool IsFlaggedInterlaced(const model::VideoTrack& video) {
  return !video.field_order.empty() && video.field_order != "progressive";
}

}  // namespace reel::inspect
