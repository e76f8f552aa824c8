// The metrics beside VMAF, by name.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "media/picture.h"

namespace reel::quality {

enum class Metric { kPsnr, kSsim, kMsSsim, kCiede2000 };

// "psnr", "ssim", "ms-ssim" or "ciede". Errors: kNotFound, with the names.
base::Result<Metric> MetricNamed(std::string_view name);

// Two pictures, and their luma as it is compared.
struct MetricPair {
  const media::Picture& reference;
  const media::Picture& distorted;
  media::Plane reference_luma;
  media::Plane distorted_luma;
  int bit_depth = 8;    // of the luma
  bool colour = false;  // whether all planes are compared, as they are
};

// Whether all planes of the two can be compared as they are.
bool ComparesInColour(const media::Picture& reference,
                      const media::Picture& distorted);

// libvmaf's names of what Measure gives: psnr_y, in colour also psnr_cb and
// psnr_cr; float_ssim; float_ms_ssim; ciede2000.
std::vector<std::string> MetricColumns(std::span<const Metric> metrics,
                                       bool colour);

// Returns values in the order of MetricColumns.
// Errors: kInvalidArgument for pictures too small for a metric, for CIEDE2000
// without colour, and for planes that differ in form.
base::Result<std::vector<double>> Measure(std::span<const Metric> metrics,
                                          const MetricPair& pair);

}  // namespace reel::quality
