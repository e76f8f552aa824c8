// Two ways of encoding, held against each other over titles. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/json.h"

namespace reel::ladder {

// What one way of encoding made of a title.
struct CodedLadder {
  struct Point {
    double rate_bps = 0;
    double vmaf = 0;  // mean over frames
    double psnr_db = 0;
  };
  std::vector<Point> points;  // of renditions, any order
  double cpu_seconds = 0;     // to search, encode and measure
};

struct ComparedTitle {
  std::string title;
  std::string content_class;  // model::ShotComplexity
  CodedLadder anchor;
  CodedLadder test;
};

// BD-rate of the test over the anchor in percent, and over which qualities:
// not there where the two have none in common, or one has a single point.
struct BdResult {
  std::optional<double> percent;
  double low = 0;
  double high = 0;
};

struct TitleComparison {
  std::string title;
  std::string content_class;
  BdResult vmaf;
  BdResult psnr;
  double anchor_cpu_seconds = 0;
  double test_cpu_seconds = 0;
};

// Over titles of one class, or all: means of those that have a value, the CPU
// seconds of all.
struct MeanComparison {
  std::string content_class;  // "": all
  int64_t titles = 0;
  std::optional<double> vmaf_percent;
  std::optional<double> psnr_percent;
  double anchor_cpu_seconds = 0;
  double test_cpu_seconds = 0;
};

struct Comparison {
  std::vector<TitleComparison> titles;  // in the order given
  std::vector<MeanComparison> classes;  // by name
  MeanComparison all;
};

// Hull against hull: of each ladder the points that no other makes needless
// (bd_rate.h).
Comparison Compare(std::span<const ComparedTitle> titles);

// "dark": what most of the frames are; of equals the first by name.
//   frames  [n] of shots; classes [n]
std::string CommonClass(std::span<const int64_t> frames,
                        std::span<const std::string> classes);

void to_json(base::Json& json, const Comparison& comparison);

}  // namespace reel::ladder
