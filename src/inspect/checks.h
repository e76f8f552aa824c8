// The registry of all checks. To add one: write its file, and enter it here.
#pragma once

#include <span>

#include "inspect/check.h"

// Findings NAME(const FileFacts&), in the file of that name.
#define REEL_FILE_CHECKS(CHECK) \
  CHECK(EmptyFile)              \
  CHECK(NotMedia)               \
  CHECK(IndexMissing)           \
  CHECK(ContainerTruncated)     \
  CHECK(CodecUnsupported)       \
  CHECK(NoVideo)                \
  CHECK(ProfileOutOfSpec)       \
  CHECK(StillImage)             \
  CHECK(DurationMismatch)       \
  CHECK(AudioMissing)           \
  CHECK(ColorMissing)           \
  CHECK(Interlaced)             \
  CHECK(AspectMismatch)

// Findings NAME(const TitleFacts&).
#define REEL_TITLE_CHECKS(CHECK)      \
  CHECK(PacketsCorrupt)               \
  CHECK(TimestampsNonMonotonic)       \
  CHECK(FrameDropped)                 \
  CHECK(FrameDuplicated)              \
  CHECK(FlashFrame)                   \
  CHECK(Freeze)                       \
  CHECK(Black)                        \
  CHECK(FrameRateVariable)            \
  CHECK(TimestampsIrregular)          \
  CHECK(CadencePulldown)              \
  CHECK(InterlacedFlaggedProgressive) \
  CHECK(ProgressiveFlaggedInterlaced) \
  CHECK(ColorMismatch)                \
  CHECK(Letterbox)                    \
  CHECK(Upscaled)                     \
  CHECK(PhotosensitiveFlash)

// FrameCheck NAME().
#define REEL_FRAME_CHECKS(CHECK) \
  CHECK(FrameDamaged)            \
  CHECK(PictureDamaged)          \
  CHECK(Hdr)                     \
  CHECK(ResolutionChanged)

// Findings NAME(const TrackFacts&).
#define REEL_SOUND_CHECKS(CHECK) \
  CHECK(AudioUnreadable)         \
  CHECK(AudioDamaged)            \
  CHECK(AudioShort)              \
  CHECK(AudioDropout)            \
  CHECK(AudioClipping)           \
  CHECK(AudioClick)              \
  CHECK(AudioPhase)              \
  CHECK(AudioSilentChannel)      \
  CHECK(Loudness)                \
  CHECK(AvOffset)                \
  CHECK(AvDrift)

namespace reel::inspect {

struct TrackFacts;  // inspect/sound_check.h
using SoundCheck = Findings (*)(const TrackFacts&);

#define REEL_DECLARE_FILE_CHECK(NAME) Findings NAME(const FileFacts& facts);
#define REEL_DECLARE_TITLE_CHECK(NAME) Findings NAME(const TitleFacts& facts);
#define REEL_DECLARE_FRAME_CHECK(NAME) FrameCheck NAME();
REEL_FILE_CHECKS(REEL_DECLARE_FILE_CHECK)
REEL_TITLE_CHECKS(REEL_DECLARE_TITLE_CHECK)
REEL_FRAME_CHECKS(REEL_DECLARE_FRAME_CHECK)
#define REEL_DECLARE_SOUND_CHECK(NAME) Findings NAME(const TrackFacts& track);
REEL_SOUND_CHECKS(REEL_DECLARE_SOUND_CHECK)
#undef REEL_DECLARE_SOUND_CHECK
#undef REEL_DECLARE_FILE_CHECK
#undef REEL_DECLARE_TITLE_CHECK
#undef REEL_DECLARE_FRAME_CHECK

std::span<const FileCheck> FileChecks();
std::span<const TitleCheck> TitleChecks();
std::span<const FrameCheck> FrameChecks();
std::span<const SoundCheck> SoundChecks();

}  // namespace reel::inspect
