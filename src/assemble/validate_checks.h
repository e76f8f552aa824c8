// The checks of validation: their ids, as in report.json. docs/validation.md.
#pragma once

namespace reel::assemble::checks {

// By receipt: every byte of every fragment is what was encoded and checked.
inline constexpr char kReceipts[] = "fragments-as-encoded";
// By content: every frame is shown, in order, none twice.
inline constexpr char kOrder[] = "frames-in-order";
inline constexpr char kComplete[] = "frames-complete";
inline constexpr char kDecodes[] = "decodes-cleanly";
inline constexpr char kTimes[] = "timeline-exact";
inline constexpr char kKeyFrames[] = "key-frames-on-grid";
inline constexpr char kInit[] = "init-segments-identical";
inline constexpr char kIndex[] = "segment-index";
inline constexpr char kSize[] = "picture-size";
inline constexpr char kPeakRate[] = "peak-rate";

inline constexpr const char* kAll[] = {
    kReceipts,  kOrder, kComplete, kDecodes, kTimes,
    kKeyFrames, kInit,  kIndex,    kSize,    kPeakRate};

}  // namespace reel::assemble::checks
