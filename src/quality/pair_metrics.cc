#include "quality/pair_metrics.h"

#include "media/luma_scaler.h"
#include "quality/ciede2000.h"
#include "quality/psnr.h"
#include "quality/ssim.h"

namespace reel::quality {
namespace {

base::Result<double> MeasureCiede2000(const MetricPair& pair) {
  if (!pair.colour)
    return base::Fail(base::Code::kInvalidArgument,
                      "ciede compares colour, which pictures that were scaled "
                      "or converted have lost: give videos of one size, depth, "
                      "range and chroma format");
  return Ciede2000Score(pair.reference, pair.distorted);
}

base::Status Add(Metric metric, const MetricPair& pair,
                 std::vector<double>& values) {
  const auto keep = [&values](const base::Result<double>& value) {
    return value.map([&](double number) { values.push_back(number); });
  };
  switch (metric) {
    case Metric::kPsnr: {
      if (!pair.colour)
        return keep(
            Psnr(pair.reference_luma, pair.distorted_luma, pair.bit_depth));
      REEL_ASSIGN(const std::vector<double> planes,
                  Psnr(pair.reference, pair.distorted));
      values.insert(values.end(), planes.begin(), planes.end());
      return {};
    }
    case Metric::kSsim:
      return keep(
          Ssim(pair.reference_luma, pair.distorted_luma, pair.bit_depth));
    case Metric::kMsSsim:
      return keep(
          MsSsim(pair.reference_luma, pair.distorted_luma, pair.bit_depth));
    case Metric::kCiede2000:
      return keep(MeasureCiede2000(pair));
  }
  return {};
}

}  // namespace

base::Result<Metric> MetricNamed(std::string_view name) {
  if (name == "psnr") return Metric::kPsnr;
  if (name == "ssim") return Metric::kSsim;
  if (name == "ms-ssim") return Metric::kMsSsim;
  if (name == "ciede") return Metric::kCiede2000;
  return base::Fail(base::Code::kNotFound,
                    "there is no metric '" + std::string(name) +
                        "'; there are psnr, ssim, ms-ssim and ciede");
}

bool ComparesInColour(const media::Picture& reference,
                      const media::Picture& distorted) {
  return media::LumaFormatOf(reference) == media::LumaFormatOf(distorted) &&
         reference.chroma() == distorted.chroma() && reference.planes() == 3;
}

std::vector<std::string> MetricColumns(std::span<const Metric> metrics,
                                       bool colour) {
  std::vector<std::string> columns;
  for (const Metric metric : metrics) {
    switch (metric) {
      case Metric::kPsnr:
        columns.push_back("psnr_y");
        if (colour) columns.insert(columns.end(), {"psnr_cb", "psnr_cr"});
        break;
      case Metric::kSsim:
        columns.push_back("float_ssim");
        break;
      case Metric::kMsSsim:
        columns.push_back("float_ms_ssim");
        break;
      case Metric::kCiede2000:
        columns.push_back("ciede2000");
        break;
    }
  }
  return columns;
}

base::Result<std::vector<double>> Measure(std::span<const Metric> metrics,
                                          const MetricPair& pair) {
  std::vector<double> values;
  for (const Metric metric : metrics) REEL_TRY(Add(metric, pair, values));
  return values;
}

}  // namespace reel::quality
