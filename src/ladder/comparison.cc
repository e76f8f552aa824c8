#include "ladder/comparison.h"

#include <algorithm>
#include <map>

#include "base/result.h"
#include "ladder/bd_rate.h"

namespace reel::ladder {
namespace {

std::vector<RatePoint> PointsBy(double CodedLadder::Point::*quality,
                                const CodedLadder& ladder) {
  std::vector<RatePoint> points;
  for (const CodedLadder::Point& point : ladder.points)
    points.push_back({point.rate_bps, point.*quality});
  return points;
}

BdResult BdBy(double CodedLadder::Point::*quality, const ComparedTitle& title) {
  const auto anchor = PointsBy(quality, title.anchor);
  const auto test = PointsBy(quality, title.test);
  const auto common = CommonQuality(anchor, test);
  const auto percent = BdRate(anchor, test);
  if (!common || !percent) return {};
  return {*percent, common->low, common->high};
}

// A mean that grows.
struct Sum {
  double sum = 0;
  int64_t count = 0;

  void Add(const BdResult& result) {
    if (!result.percent) return;
    sum += *result.percent;
    ++count;
  }
  std::optional<double> Mean() const {
    if (count == 0) return std::nullopt;
    return sum / static_cast<double>(count);
  }
};

MeanComparison MeanOf(const std::string& content_class,
                      std::span<const TitleComparison* const> titles) {
  MeanComparison mean{.content_class = content_class,
                      .titles = static_cast<int64_t>(titles.size()),
                      .vmaf_percent = {},
                      .psnr_percent = {}};
  Sum vmaf, psnr;
  for (const TitleComparison* title : titles) {
    vmaf.Add(title->vmaf);
    psnr.Add(title->psnr);
    mean.anchor_cpu_seconds += title->anchor_cpu_seconds;
    mean.test_cpu_seconds += title->test_cpu_seconds;
  }
  mean.vmaf_percent = vmaf.Mean();
  mean.psnr_percent = psnr.Mean();
  return mean;
}

base::Json OrNull(const std::optional<double>& value) {
  return value ? base::Json(*value) : base::Json();
}

base::Json ToJson(const BdResult& result) {
  if (!result.percent) return {};
  return {
      {"percent", *result.percent}, {"low", result.low}, {"high", result.high}};
}

base::Json ToJson(const MeanComparison& mean) {
  return {{"content_class", mean.content_class},
          {"titles", mean.titles},
          {"vmaf_percent", OrNull(mean.vmaf_percent)},
          {"psnr_percent", OrNull(mean.psnr_percent)},
          {"anchor_cpu_seconds", mean.anchor_cpu_seconds},
          {"test_cpu_seconds", mean.test_cpu_seconds}};
}

}  // namespace

Comparison Compare(std::span<const ComparedTitle> titles) {
  Comparison out;
  for (const ComparedTitle& title : titles) {
    out.titles.push_back({.title = title.title,
                          .content_class = title.content_class,
                          .vmaf = BdBy(&CodedLadder::Point::vmaf, title),
                          .psnr = BdBy(&CodedLadder::Point::psnr_db, title),
                          .anchor_cpu_seconds = title.anchor.cpu_seconds,
                          .test_cpu_seconds = title.test.cpu_seconds});
  }
  std::map<std::string, std::vector<const TitleComparison*>> by_class;
  std::vector<const TitleComparison*> all;
  for (const TitleComparison& title : out.titles) {
    by_class[title.content_class].push_back(&title);
    all.push_back(&title);
  }
  for (const auto& [name, some] : by_class)
    out.classes.push_back(MeanOf(name, some));
  out.all = MeanOf("", all);
  return out;
}

std::string CommonClass(std::span<const int64_t> frames,
                        std::span<const std::string> classes) {
  REEL_CHECK(frames.size() == classes.size());
  std::map<std::string, int64_t> of_class;
  for (size_t i = 0; i < frames.size(); ++i) of_class[classes[i]] += frames[i];
  std::string common;
  int64_t most = -1;
  for (const auto& [name, count] : of_class) {
    if (count <= most) continue;
    most = count;
    common = name;
  }
  return common;
}

void to_json(base::Json& json, const Comparison& comparison) {
  base::Json titles = base::Json::array(), classes = base::Json::array();
  for (const TitleComparison& title : comparison.titles) {
    titles.push_back({{"title", title.title},
                      {"content_class", title.content_class},
                      {"vmaf", ToJson(title.vmaf)},
                      {"psnr", ToJson(title.psnr)},
                      {"anchor_cpu_seconds", title.anchor_cpu_seconds},
                      {"test_cpu_seconds", title.test_cpu_seconds}});
  }
  for (const MeanComparison& mean : comparison.classes)
    classes.push_back(ToJson(mean));
  json = {{"titles", titles},
          {"classes", classes},
          {"all", ToJson(comparison.all)}};
}

}  // namespace reel::ladder
