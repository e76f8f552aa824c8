// frame-damaged: frames in which the decoder had to make up missing parts.
// Method: libavcodec's concealment and corruption flags of each frame.
#include <fmt/format.h>

#include <set>

#include "inspect/checks.h"

namespace reel::inspect {
namespace {

class DamageWatch : public FrameWatch {
 public:
  base::Status See(const media::DecodedFrame& frame) override {
    if (frame.damaged) packets_.push_back(frame.packet);
    return {};
  }
  base::Json State() const override { return packets_; }

 private:
  std::vector<int64_t> packets_;
};

base::Result<Findings> Conclude(const TitleFacts& facts,
                                std::span<const base::Json> states) {
  std::set<int64_t> frames;
  for (const auto& state : states) {
    REEL_ASSIGN(const auto packets,
                base::FromJson<std::vector<int64_t>>(state));
    for (const int64_t packet : packets) {
      REEL_ASSIGN(const int64_t frame, facts.FrameOf(packet));
      frames.insert(frame);
    }
  }
  std::vector<Event> events;
  for (const int64_t frame : frames) {
    events.push_back(facts.EventOfFrame(frame));
  }
  Findings findings;
  for (const Burst& burst : JoinEvents(std::move(events))) {
    findings.push_back(
        {.code = "frame-damaged",
         .severity = model::Severity::kReject,
         .stream = facts.source.video.index,
         .start = burst.start,
         .end = burst.end,
         .first_frame = burst.first_frame,
         .message =
             fmt::format("{} frame(s) are damaged {}: parts of them could "
                         "not be decoded.",
                         burst.events, At(burst)),
         .remedy = "Transfer or export the file again; its data was altered or "
                   "lost on the way.",
         .evidence = {{"frames", burst.events}}});
  }
  return findings;
}

}  // namespace

FrameCheck FrameDamaged() {
  return {.name = "frame-damaged",
          .watch = []() -> std::unique_ptr<FrameWatch> {
            return std::make_unique<DamageWatch>();
          },
          .conclude = Conclude};
}

}  // namespace reel::inspect
