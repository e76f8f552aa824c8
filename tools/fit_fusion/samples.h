// Samples of a VMAF model: features and the score that libvmaf gives them.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "quality/quality.h"

namespace reel::tools {

struct Sample {
  quality::VmafFeatures features;
  double score = 0.0;  // before the limit to 0..100
};

// A table in gzip-compressed CSV. Its header names the columns; those read are
// adm2, motion2, vif_scale0 .. vif_scale3 and `score_column`. `kind` is the
// column that tells apart kinds of samples, if there is one.
struct SampleTable {
  std::vector<Sample> samples;
  std::vector<std::string>
      kinds;  // [samples], empty if there is no such column
};

// Errors: kNotFound, kIo, kCorruptInput with the line.
base::Result<SampleTable> ReadSamples(const std::string& path,
                                      const std::string& score_column);

// The samples that make a model and those it is tested with: of each kind every
// tenth is held back (the 10th, 20th ... in file order).
struct SplitSamples {
  std::vector<Sample> fitted, held_back;
};
SplitSamples Split(const SampleTable& table);

// How far scores are from those of samples.
struct Errors {
  double max = 0.0;
  double p99 = 0.0;  // of the absolute errors, nearest rank
  double rms = 0.0;
};
template <typename ScoreOf>
std::vector<double> AbsoluteErrors(const std::vector<Sample>& samples,
                                   const ScoreOf& score_of) {
  std::vector<double> errors;
  for (const Sample& sample : samples) {
    const double error = score_of(sample.features) - sample.score;
    errors.push_back(error < 0.0 ? -error : error);
  }
  return errors;
}
Errors Summarise(std::vector<double> absolute_errors);

}  // namespace reel::tools
