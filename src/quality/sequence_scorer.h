// The features of whole sequences: any number of distorted streams against one
// reference, in one pass over each, with all that depends on the reference
// computed once.
//
// Every thread takes a whole set of frames, scales what must be scaled and
// scores it, so that threads share nothing but the decoders. Each frame's
// features depend on its pictures alone: they are the same for any number of
// threads. Memory: per thread one set of pictures and the scorer's scratch;
// per frame some 80 bytes for each distorted stream and gain limit.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "base/result.h"
#include "media/luma_scaler.h"
#include "quality/frame_scorer.h"
#include "quality/frame_sets.h"
#include "quality/pair_metrics.h"
#include "quality/picture_stream.h"
#include "quality/score_column.h"

namespace reel::quality {

// What is kept of a pair of frames.
struct PairFeatures {
  double adm2 = 1.0;
  std::array<double, 4> adm{};  // scales 0..3
  std::array<double, 4> vif{};
};

struct SequenceOptions {
  std::vector<GainLimits> limits{GainLimits{}};  // n >= 1
  std::vector<Metric> metrics = {};              // beside VMAF
  // To which all pictures are scaled; 0: the reference's first picture's.
  int width = 0;
  int height = 0;
  int threads = 1;  // >= 1
  // Only every n-th frame is scored, beginning with the first. Motion is still
  // that between neighbours.
  int64_t subsample = 1;
  FrameSelection selection = {};
  std::stop_token stop = {};
  // Told of each set that was read, never from two threads at the same time.
  std::function<void(int64_t sets)> progress = {};
};

struct SequenceFeatures {
  // What was compared: the reference's depth and range. Distorted pictures of
  // another depth, range or size were brought to it.
  media::LumaFormat format;
  // What was done to make streams comparable, for people: one line each.
  std::vector<std::string> notes;
  // [n] frames that were scored: numbers in the reference, and for each its
  // motion and motion2.
  std::vector<int64_t> frames;
  std::vector<double> motion;
  std::vector<double> motion2;
  // [distorted][limits][n]
  std::vector<std::vector<std::vector<PairFeatures>>> pairs;
  // [distorted][columns of metrics]
  std::vector<std::vector<ScoreColumn>> metrics;
};

// Errors: those of FrameSets and of the scorers; kInvalidArgument if no frame
// is selected; kCancelled after a stop.
base::Result<SequenceFeatures> ScoreSequences(
    PictureStream& reference, std::span<PictureStream* const> distorted,
    const SequenceOptions& options);

}  // namespace reel::quality
