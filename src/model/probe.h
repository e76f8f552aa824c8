// What the search for a ladder measures, and what the quality gate does.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/json.h"
#include "model/ladder.h"
#include "model/shot.h"

namespace reel::model {

// One encode of a part of a chunk, looked at and thrown away.
struct Probe {
  int width = 0;
  int height = 0;
  double crf = 0;
  bool draft = false;    // by the quick analysis: media::VideoEncoderSettings
  int64_t frames = 0;    // encoded
  int64_t keys = 0;      // of them, key frames
  int64_t key_bits = 0;  // of the key frames, in their container
  int64_t bits = 0;      // of all frames
  double vmaf = 0;       // mean of the frames that were scored
  double worst_second = 0;   // least mean of one second of them in a row
  std::string failure = {};  // why there is no result; "": there is one
};

// The probes of one chunk.
struct ChunkProbes {
  int64_t chunk = 0;
  std::vector<Probe> probes;
};

// What the whole title takes at one size and one CRF for all shots.
struct TitlePoint {
  int width = 0;
  int height = 0;
  double crf = 0;
  double rate_bps = 0;
  double vmaf = 0;  // pooled as the recipe says
};

// How one encoded chunk looks: VMAF of each frame against the source, at the
// source's size.
struct ChunkScores {
  std::string rendition;  // as in its EncodedChunk
  FrameRange range;
  std::vector<double> vmaf;  // [frames], rounded to thousandths
  std::vector<double> psnr;  // [frames] of luma, in dB, likewise
  double mean = 0;
  double worst_second = 0;  // least mean of one second in a row
};

// One encoded chunk, measured: what the search learns from.
struct MeasuredChunk {
  int64_t chunk = 0;
  int width = 0;
  int height = 0;
  double crf = 0;
  int64_t bits = 0;
  double vmaf = 0;  // mean; no number to go by unless `scored`
  double worst_second = 0;
  bool scored = true;  // VMAF is not made for pictures below 32 samples a side
};

// What became of one chunk of one rung.
struct ChunkResult {
  ChunkChoice choice;    // what was planned
  MeasuredChunk encode;  // what was kept; quality 0 where it is not measured
  int attempts = 1;      // encodes that were made for it
};

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Probe, width, height, crf, draft, frames,
                                   keys, key_bits, bits, vmaf, worst_second,
                                   failure)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(ChunkProbes, chunk, probes)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(TitlePoint, width, height, crf, rate_bps,
                                   vmaf)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(ChunkScores, rendition, range, vmaf, psnr,
                                   mean, worst_second)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(MeasuredChunk, chunk, width, height, crf,
                                   bits, vmaf, worst_second, scored)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(ChunkResult, choice, encode, attempts)

}  // namespace reel::model
