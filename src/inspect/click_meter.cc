#include "inspect/click_meter.h"

#include <algorithm>
#include <cmath>

namespace reel::inspect {
namespace {

constexpr size_t kOrder = 20;
// Of a bend's largest against the mean around it, to be looked at.
constexpr float kLeap = 8;
constexpr float kLeastBend = 0.005F;
constexpr size_t kMargin = 8;  // levels of 5 ms needed on both sides
// Seconds around the largest error.
constexpr double kReach = 0.03;
constexpr double kGuard = 0.003;
// Of the error: against the median, against the next largest, of the medians.
constexpr double kLeastRatio = 30;
constexpr double kLeastLead = 3;
constexpr double kMostChange = 3;
constexpr double kLeastPeak = 0.01;
constexpr double kSameClick = 0.005;  // seconds

void AddAutocorrelation(std::span<const float> samples,
                        std::vector<double>& sums) {
  for (size_t lag = 0; lag < sums.size(); ++lag) {
    float sum[4] = {};
    size_t n = lag;
    for (; n + 4 <= samples.size(); n += 4) {
      for (size_t i = 0; i < 4; ++i) {
        sum[i] += samples[n + i] * samples[n + i - lag];
      }
    }
    sums[lag] += sum[0] + sum[1] + sum[2] + sum[3];
  }
}

double Median(std::vector<float> values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + static_cast<int64_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

// Magnitudes of the prediction error; the first kOrder are 0.
std::vector<float> Errors(std::span<const float> samples,
                          std::span<const double> coefficients) {
  std::vector<float> errors(samples.size());
  std::vector<float> taps(coefficients.begin(), coefficients.end());
  for (size_t n = taps.size(); n < samples.size(); ++n) {
    float predicted = 0;
    for (size_t k = 0; k < taps.size(); ++k) {
      predicted += taps[k] * samples[n - 1 - k];
    }
    errors[n] = std::abs(samples[n] - predicted);
  }
  return errors;
}

// The bends of each 5 ms from the one at `first` on.
void AddBends(const std::vector<float>& samples, size_t first, size_t fine,
              auto& bends) {
  for (size_t n = first; n + fine <= samples.size(); n += fine) {
    constexpr size_t kLanes = 8;
    float sum[kLanes] = {};
    float most[kLanes] = {};
    for (size_t i = std::max<size_t>(n, 2); i + kLanes <= n + fine;
         i += kLanes) {
      for (size_t lane = 0; lane < kLanes; ++lane) {
        const float bend =
            std::abs(samples[i + lane] - 2 * samples[i + lane - 1] +
                     samples[i + lane - 2]);
        sum[lane] += bend;
        most[lane] = std::max(most[lane], bend);
      }
    }
    bends.emplace_back();
    for (size_t lane = 0; lane < kLanes; ++lane) {
      bends.back().mean += sum[lane] / static_cast<float>(fine);
      bends.back().most = std::max(bends.back().most, most[lane]);
    }
  }
}

}  // namespace

std::vector<double> LinearPrediction(std::span<const double> r) {
  std::vector<double> a;
  double error = r[0] * (1 + 1e-9) + 1e-12;
  for (size_t m = 1; m < r.size(); ++m) {
    double reflection = r[m];
    for (size_t k = 0; k + 1 < m; ++k) reflection -= a[k] * r[m - 1 - k];
    reflection /= error;
    std::vector<double> next(a);
    for (size_t k = 0; k + 1 < m; ++k) {
      next[k] -= reflection * a[m - 2 - k];
    }
    next.push_back(reflection);
    a = std::move(next);
    error *= 1 - reflection * reflection;
  }
  return a;
}

ClickMeter::ClickMeter(int channels)
    : channels_(static_cast<size_t>(channels)) {}

void ClickMeter::See(const Slice& slice) {
  const auto fine = static_cast<size_t>(FineSamples(slice.rate_hz));
  rate_hz_ = slice.rate_hz;
  const size_t held = channels_[0].bends.size();
  for (size_t c = 0; c < channels_.size(); ++c) {
    Channel& channel = channels_[c];
    channel.samples.insert(channel.samples.end(), slice.pcm[c].begin(),
                           slice.pcm[c].end());
    AddBends(channel.samples, held * fine, fine, channel.bends);
  }
  if (held == 0) time_ = slice.time;
  const size_t all = channels_[0].bends.size();
  if (all < 2 * kMargin + 1) return;
  // The first time, the beginning has no past to be judged by.
  Judge(kMargin, all - kMargin);
  const size_t done = all - 2 * kMargin;
  for (Channel& channel : channels_) {
    channel.bends.erase(channel.bends.begin(),
                        channel.bends.begin() + static_cast<int64_t>(done));
    channel.samples.erase(
        channel.samples.begin(),
        channel.samples.begin() + static_cast<int64_t>(done * fine));
  }
  time_ = slice.TimeOf(slice.samples()) -
          static_cast<double>(channels_[0].samples.size()) / rate_hz_;
}

void ClickMeter::Judge(size_t first_fine, size_t end_fine) {
  for (size_t c = 0; c < channels_.size(); ++c) {
    const auto& bends = channels_[c].bends;
    for (size_t k = first_fine; k < end_fine; ++k) {
      if (bends[k].most < kLeastBend) continue;
      float mean = 0;
      for (size_t n = k - 4; n <= k + 4; ++n) {
        if (n != k) mean += bends[n].mean / 8;
      }
      if (bends[k].most > kLeap * mean) JudgeAt(static_cast<int>(c), k);
    }
  }
}

void ClickMeter::JudgeAt(int channel, size_t fine) {
  const auto& samples = channels_[static_cast<size_t>(channel)].samples;
  const auto of = [&](double seconds) {
    return static_cast<size_t>(seconds * rate_hz_);
  };
  const size_t per_fine = static_cast<size_t>(FineSamples(rate_hz_));
  const size_t first = fine * per_fine;
  const size_t reach = std::min(of(kReach), first);
  const size_t end = std::min(first + per_fine + reach, samples.size());
  const std::span<const float> around(&samples[first - reach],
                                      end - (first - reach));
  // What is suspected must not teach the prediction.
  std::vector<double> sums(kOrder + 1);
  AddAutocorrelation(around.first(reach), sums);
  AddAutocorrelation(around.subspan(reach + per_fine), sums);
  sums[0] *= 1.0001;
  const std::vector<float> errors = Errors(around, LinearPrediction(sums));
  const auto at =
      std::max_element(errors.begin() + static_cast<int64_t>(reach),
                       errors.begin() + static_cast<int64_t>(reach + per_fine));
  const auto guard = static_cast<int64_t>(of(kGuard));
  const auto before_end = at - std::min(guard, at - errors.begin());
  const auto after_begin = at + std::min(guard, errors.end() - at);
  const std::vector<float> before(
      errors.begin() + kOrder, std::max(before_end, errors.begin() + kOrder));
  const std::vector<float> after(after_begin, errors.end());
  const double median_before = Median(before);
  const double median_after = Median(after);
  float next = 0;
  for (const float e : before) next = std::max(next, e);
  for (const float e : after) next = std::max(next, e);
  const double worse = std::max({median_before, median_after, 1e-6});
  const double better = std::max(std::min(median_before, median_after), 1e-6);
  const bool is_click = *at >= kLeastPeak && *at >= kLeastRatio * worse &&
                        *at >= kLeastLead * next &&
                        worse <= kMostChange * better;
  if (!is_click) return;
  const double time =
      time_ + static_cast<double>(first - reach +
                                  static_cast<size_t>(at - errors.begin())) /
                  rate_hz_;
  if (std::abs(time - last_) < kSameClick) return;
  last_ = time;
  ++count_;
  if (clicks_.size() < kMaxSoundEvents) {
    clicks_.push_back({.time = time,
                       .channel = channel,
                       .ratio = *at / worse,
                       .peak_db = PowerDb(static_cast<double>(*at) * *at)});
  }
}

}  // namespace reel::inspect
