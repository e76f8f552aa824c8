// report.json, as other programs read it. Times in seconds, rates in bit/s.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/json.h"
#include "model/complexity.h"
#include "model/finding.h"
#include "model/ladder.h"
#include "model/source.h"

namespace reel::model {

// One chunk of one rendition. Quality is VMAF, 0 where it was not measured.
struct ReportEncode {
  std::string rendition;
  int64_t chunk = 0;
  int width = 0;
  int height = 0;
  double crf = 0;
  int attempts = 1;
  bool capped = false;        // peak rate or size keep it below what is wanted
  double target_vmaf = 0;     // that it is held to; 0 in a fixed ladder
  double predicted_vmaf = 0;  // mean; above the target where it is uneven
  double vmaf = 0;
  double worst_second_vmaf = 0;
  int64_t predicted_bits = 0;
  int64_t bits = 0;
};

struct ReportShot {
  int64_t index = 0;
  int64_t start_frame = 0;
  int64_t frames = 0;
  double start = 0;
  double duration = 0;
  ShotComplexity complexity = {};
  // Of all chunks that hold some of it.
  std::vector<ReportEncode> encodes = {};
};

struct ReportRendition {
  std::string id;
  std::string kind = "video";
  std::string codec;    // "avc1.64001f"
  std::string profile;  // "High"
  int width = 0;
  int height = 0;
  double frame_rate = 0;
  int64_t frames = 0;
  double duration = 0;
  int64_t average_bitrate = 0;
  int64_t peak_bitrate = 0;
  base::Json vmaf;  // null until it is measured
  base::Json psnr;  // of luma, in dB; likewise
  int64_t bytes = 0;
  std::string sha256;
};

struct ReportAudio {
  std::string id;
  std::string codec;
  std::string language;
  int channels = 0;
  int sample_rate = 0;
  double duration = 0;
  int64_t average_bitrate = 0;
  int64_t peak_bitrate = 0;
  int64_t bytes = 0;
  std::string sha256;
};

struct ValidationCheck {
  std::string id;       // "frames-in-order"
  std::string verdict;  // "pass" or "fail"
  std::string detail;   // on failure: rendition, chunk, frame, what is wrong
};

struct ValidationReport {
  std::string verdict = "pass";
  std::vector<ValidationCheck> checks;
};

// What the promise of quality came to.
struct ReportQuality {
  std::string verdict = "not-measured";  // "pass", "warn"
  std::vector<Finding> findings;         // quality-below-target, seam-dip
};

// What was foreseen when the ladder was designed; 0: nothing was.
struct ReportEstimate {
  double cpu_seconds = 0;
  int64_t video_bytes = 0;
};

struct Cost {
  double wall_seconds = 0;
  double cpu_seconds = 0;
  std::map<std::string, double> cpu_seconds_by_stage;
  int64_t tasks_run = 0;
  int64_t tasks_reused = 0;
  int64_t peak_rss_bytes = 0;
  // Of the above, about: probes, and encodes that were not kept with their
  // scores. By the pixels of this title, whenever they were made.
  double search_cpu_seconds = 0;
  ReportEstimate estimate = {};
};

struct Report {
  std::string title;
  Source source;
  InspectionReport inspection;
  std::vector<ReportShot> shots;
  Ladder ladder;
  std::vector<ReportRendition> renditions;
  std::vector<ReportAudio> audio;
  base::Json text = base::Json::array();
  ReportQuality quality;
  ValidationReport validation;
  Cost cost;
};

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(ReportEncode, rendition, chunk, width,
                                   height, crf, attempts, capped, target_vmaf,
                                   predicted_vmaf, vmaf, worst_second_vmaf,
                                   predicted_bits, bits)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(ReportShot, index, start_frame, frames,
                                   start, duration, complexity, encodes)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(ReportRendition, id, kind, codec, profile,
                                   width, height, frame_rate, frames, duration,
                                   average_bitrate, peak_bitrate, vmaf, psnr,
                                   bytes, sha256)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(ReportAudio, id, codec, language, channels,
                                   sample_rate, duration, average_bitrate,
                                   peak_bitrate, bytes, sha256)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(ValidationCheck, id, verdict, detail)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(ValidationReport, verdict, checks)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(ReportQuality, verdict, findings)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(ReportEstimate, cpu_seconds, video_bytes)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Cost, wall_seconds, cpu_seconds,
                                   cpu_seconds_by_stage, tasks_run,
                                   tasks_reused, peak_rss_bytes,
                                   search_cpu_seconds, estimate)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Report, title, source, inspection, shots,
                                   ladder, renditions, audio, text, quality,
                                   validation, cost)

}  // namespace reel::model
