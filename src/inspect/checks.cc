#include "inspect/checks.h"

namespace reel::inspect {

#define REEL_ENTRY(NAME) NAME,
#define REEL_MADE_ENTRY(NAME) NAME(),

std::span<const FileCheck> FileChecks() {
  static constexpr FileCheck kChecks[] = {REEL_FILE_CHECKS(REEL_ENTRY)};
  return kChecks;
}

std::span<const TitleCheck> TitleChecks() {
  static constexpr TitleCheck kChecks[] = {REEL_TITLE_CHECKS(REEL_ENTRY)};
  return kChecks;
}

std::span<const FrameCheck> FrameChecks() {
  static const FrameCheck kChecks[] = {REEL_FRAME_CHECKS(REEL_MADE_ENTRY)};
  return kChecks;
}

std::span<const SoundCheck> SoundChecks() {
  static constexpr SoundCheck kChecks[] = {REEL_SOUND_CHECKS(REEL_ENTRY)};
  return kChecks;
}

}  // namespace reel::inspect
