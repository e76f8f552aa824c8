// resolution-changed: the picture's size changes midway. Renditions have one
// size, and what a change means (a splice of two films, a fault) only the
// sender knows. Method: the size of every decoded frame.
#include <fmt/format.h>

#include "inspect/checks.h"

namespace reel::inspect {
namespace {

// From `packet` on, in presentation order.
struct SizeFrom {
  int64_t packet = 0;
  int width = 0;
  int height = 0;
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(SizeFrom, packet, width, height)

class SizeWatch : public FrameWatch {
 public:
  base::Status See(const media::DecodedFrame& frame) override {
    const int width = frame.picture.width();
    const int height = frame.picture.height();
    if (sizes_.empty() || sizes_.back().width != width ||
        sizes_.back().height != height) {
      sizes_.push_back({frame.packet, width, height});
    }
    return {};
  }
  base::Json State() const override { return sizes_; }

 private:
  std::vector<SizeFrom> sizes_;
};

model::Finding Changed(const TitleFacts& facts, int64_t frame,
                       const SizeFrom& from, const SizeFrom& to) {
  const double start = facts.Start(frame);
  return {.code = "resolution-changed",
          .severity = model::Severity::kReject,
          .stream = facts.source.video.index,
          .start = start,
          .end = start,
          .first_frame = frame,
          .message = fmt::format("The picture's size changes from {}x{} to "
                                 "{}x{} {}.",
                                 from.width, from.height, to.width, to.height,
                                 At(start, frame)),
          .remedy = "Deliver the whole title in one size.",
          .evidence = {{"from", {from.width, from.height}},
                       {"to", {to.width, to.height}}}};
}

base::Result<Findings> Conclude(const TitleFacts& facts,
                                std::span<const base::Json> states) {
  Findings findings;
  SizeFrom last;
  for (const auto& state : states) {
    REEL_ASSIGN(const auto sizes, base::FromJson<std::vector<SizeFrom>>(state));
    for (const SizeFrom& size : sizes) {
      REEL_ASSIGN(const int64_t frame, facts.FrameOf(size.packet));
      const bool same = size.width == last.width && size.height == last.height;
      if (last.width != 0 && !same && findings.size() < kMaxFindings) {
        findings.push_back(Changed(facts, frame, last, size));
      }
      last = size;
    }
  }
  return findings;
}

}  // namespace

FrameCheck ResolutionChanged() {
  return {.name = "resolution-changed",
          .watch = []() -> std::unique_ptr<FrameWatch> {
            return std::make_unique<SizeWatch>();
          },
          .conclude = Conclude};
}

}  // namespace reel::inspect
