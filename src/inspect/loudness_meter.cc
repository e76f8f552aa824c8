#include "inspect/loudness_meter.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>
#include <utility>

namespace reel::inspect {
namespace {

// A day: what no real title reaches.
constexpr size_t kMostMomentary = 864'000;
constexpr int kMode =
    EBUR128_MODE_I | EBUR128_MODE_LRA | EBUR128_MODE_S | EBUR128_MODE_HISTOGRAM;

// Where libebur128's own guess from the number of channels (L R C LFE Ls Rs) is
// wrong. Order: FFmpeg's.
std::vector<int> Roles(const std::string& layout) {
  static const std::map<std::string, std::vector<int>> kRoles = {
      {"2.1", {EBUR128_LEFT, EBUR128_RIGHT, EBUR128_UNUSED}},
      {"3.1", {EBUR128_LEFT, EBUR128_RIGHT, EBUR128_CENTER, EBUR128_UNUSED}},
      {"4.0", {EBUR128_LEFT, EBUR128_RIGHT, EBUR128_CENTER, EBUR128_Mp180}},
      {"quad",
       {EBUR128_LEFT, EBUR128_RIGHT, EBUR128_LEFT_SURROUND,
        EBUR128_RIGHT_SURROUND}},
      {"5.0",
       {EBUR128_LEFT, EBUR128_RIGHT, EBUR128_CENTER, EBUR128_LEFT_SURROUND,
        EBUR128_RIGHT_SURROUND}},
      {"7.1",
       {EBUR128_LEFT, EBUR128_RIGHT, EBUR128_CENTER, EBUR128_UNUSED,
        EBUR128_Mp135, EBUR128_Mm135, EBUR128_Mp090, EBUR128_Mm090}}};
  const auto found = kRoles.find(layout.substr(0, layout.find('(')));
  return found == kRoles.end() ? std::vector<int>{} : found->second;
}

double OrSilence(double lufs) {
  return std::isfinite(lufs) ? std::max(lufs, kSilenceDb) : kSilenceDb;
}

}  // namespace

TruePeakMeter::TruePeakMeter() : samples_(kTaps - 1) {
  constexpr int kLength = kFactor * static_cast<int>(kTaps) + 1;
  for (int j = 0; j + 1 < kLength; ++j) {
    const double x = std::numbers::pi * (j - (kLength - 1) / 2.0) / kFactor;
    const double sinc = std::abs(x) < 1e-9 ? 1 : std::sin(x) / x;
    const double hann =
        0.5 * (1 - std::cos(2 * std::numbers::pi * j / (kLength - 1)));
    filter_[j % kFactor][j / kFactor] = static_cast<float>(sinc * hann);
  }
  for (const auto& phase : filter_) {
    float gain = 0;
    for (const float tap : phase) gain += std::abs(tap);
    gain_ = std::max(gain_, gain);
  }
}

void TruePeakMeter::See(const std::vector<float>& samples) {
  constexpr size_t kStretch = 32;
  samples_.insert(samples_.end(), samples.begin(), samples.end());
  const size_t outputs = samples_.size() - (kTaps - 1);
  for (size_t n = 0; n < outputs; n += kStretch) {
    const size_t count = std::min(kStretch, outputs - n);
    float peak = 0;
    for (size_t k = n; k < n + count + kTaps - 1; ++k) {
      peak = std::max(peak, std::abs(samples_[k]));
    }
    if (peak * gain_ > peak_) Interpolate(&samples_[n], count);
  }
  samples_.erase(samples_.begin(),
                 samples_.end() - static_cast<int64_t>(kTaps - 1));
}

void TruePeakMeter::Interpolate(const float* first, size_t count) {
  float peak = 0;
  for (size_t n = 0; n < count; ++n) {
    for (const auto& phase : filter_) {
      float sum = 0;
      for (size_t k = 0; k < kTaps; ++k) {
        sum += phase[kTaps - 1 - k] * first[n + k];
      }
      peak = std::max(peak, std::abs(sum));
    }
  }
  peak_ = std::max(peak_, static_cast<double>(peak));
}

void LoudnessMeter::Destroy::operator()(ebur128_state* state) const noexcept {
  ebur128_destroy(&state);
}

base::Result<LoudnessMeter> LoudnessMeter::Create(int channels,
                                                  const std::string& layout,
                                                  int rate_hz) {
  const bool possible = channels >= 1 && channels <= 64 && rate_hz >= 1000 &&
                        rate_hz <= 2'822'400;
  if (!possible) {
    return base::Fail(
        base::Code::kUnsupported,
        fmt::format("no loudness of {} channels at {} Hz", channels, rate_hz));
  }
  State state(ebur128_init(static_cast<unsigned>(channels),
                           static_cast<unsigned long>(rate_hz), kMode));
  if (!state) {
    return base::Fail(base::Code::kResourceExhausted, "measure loudness");
  }
  const std::vector<int> roles = Roles(layout);
  if (roles.size() == static_cast<size_t>(channels)) {
    for (unsigned c = 0; c < roles.size(); ++c) {
      ebur128_set_channel(state.get(), c, roles[c]);
    }
  }
  return LoudnessMeter(std::move(state), static_cast<size_t>(channels));
}

void LoudnessMeter::See(const Slice& slice) {
  const size_t channels = peaks_.size();
  const auto samples = static_cast<size_t>(slice.samples());
  interleaved_.resize(samples * channels);
  for (size_t c = 0; c < channels; ++c) {
    peaks_[c].See(slice.pcm[c]);
    for (size_t n = 0; n < samples; ++n) {
      interleaved_[n * channels + c] = slice.pcm[c][n];
    }
  }
  ebur128_add_frames_float(state_.get(), interleaved_.data(), samples);
  double loudness = 0;
  ebur128_loudness_window(state_.get(), 100, &loudness);
  energies_[slices_++ % energies_.size()] =
      std::isfinite(loudness) ? std::pow(10, loudness / 10) : 0;
  const double momentary = MeanOfLast(4);
  facts_.max_momentary_lufs = std::max(facts_.max_momentary_lufs, momentary);
  facts_.max_short_term_lufs =
      std::max(facts_.max_short_term_lufs, MeanOfLast(energies_.size()));
  if (facts_.momentary.size() < kMostMomentary) {
    facts_.momentary.push_back(static_cast<int>(std::lround(10 * momentary)));
  }
}

double LoudnessMeter::MeanOfLast(size_t count) const {
  double sum = 0;
  for (size_t n = 1; n <= std::min(count, slices_); ++n) {
    sum += energies_[(slices_ - n) % energies_.size()];
  }
  return PowerDb(sum / static_cast<double>(count));
}

void LoudnessMeter::Skip(double seconds) {
  const double room =
      static_cast<double>(kMostMomentary - facts_.momentary.size());
  const double slices = std::clamp(std::round(seconds * 10), 0.0, room);
  facts_.momentary.insert(facts_.momentary.end(), static_cast<size_t>(slices),
                          static_cast<int>(10 * kSilenceDb));
}

LoudnessFacts LoudnessMeter::Take() {
  double integrated = 0;
  ebur128_loudness_global(state_.get(), &integrated);
  ebur128_loudness_range(state_.get(), &facts_.range_lu);
  facts_.known = std::isfinite(integrated);
  facts_.integrated_lufs = OrSilence(integrated);
  if (!std::isfinite(facts_.range_lu)) facts_.range_lu = 0;
  for (const TruePeakMeter& meter : peaks_) {
    facts_.true_peak_dbtp =
        std::max(facts_.true_peak_dbtp, PowerDb(meter.peak() * meter.peak()));
  }
  return std::move(facts_);
}

}  // namespace reel::inspect
