#include "inspect/detail.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

namespace reel::inspect {
namespace {

constexpr int kWindow = 64;
constexpr int kBinsPerBand = kWindow / 2 / static_cast<int>(kSpectrumBands);
// Windows looked at, and how many of them are transformed.
constexpr int kLines = 24;
constexpr int kWindowsPerLine = 8;
constexpr size_t kStrongest = 6;
// A difference over so many samples tells an edge from noise.
constexpr int kEdgeSpan = 4;

// DetailLimit, in half decibels.
constexpr int kEdgeLevel = 2 * 36;
constexpr int kSteepFall = 2 * 11;  // over kFallBands
constexpr size_t kFallBands = 3;
constexpr size_t kFirstBand = 2;
constexpr int kGentle = 7;  // over two bands
constexpr int kFloorSlopeTenths = 32;
constexpr int kLeastFall = 2 * 16;

using Window = std::array<float, kWindow>;

struct Waves {
  Window hann;
  // cos and sin of bin b of sample i at [b - 1][i].
  std::array<Window, kWindow / 2> cosine;
  std::array<Window, kWindow / 2> sine;
};

Waves MakeWaves() {
  Waves waves;
  for (size_t i = 0; i < kWindow; ++i) {
    const double turn = 2 * std::numbers::pi * static_cast<double>(i) / kWindow;
    waves.hann[i] = static_cast<float>(0.5 - 0.5 * std::cos(turn));
    for (size_t b = 0; b < waves.cosine.size(); ++b) {
      const double angle = turn * static_cast<double>(b + 1);
      waves.cosine[b][i] = static_cast<float>(std::cos(angle));
      waves.sine[b][i] = static_cast<float>(std::sin(angle));
    }
  }
  return waves;
}

// Lines of a plane in one direction.
struct Lines {
  const uint8_t* first = nullptr;
  ptrdiff_t sample_step = 0;  // bytes
  ptrdiff_t line_step = 0;
  int samples = 0;
  int lines = 0;
};

template <typename Sample>
float At(const uint8_t* window, ptrdiff_t step, size_t i) {
  return *reinterpret_cast<const Sample*>(window +
                                          static_cast<ptrdiff_t>(i) * step);
}

template <typename Sample>
float EdgeStrength(const uint8_t* window, ptrdiff_t step) {
  float sum = 0;
  for (size_t i = kEdgeSpan; i < kWindow; ++i) {
    const float change =
        At<Sample>(window, step, i) - At<Sample>(window, step, i - kEdgeSpan);
    sum += change * change;
  }
  return sum;
}

// Where the windows with the strongest edges begin.
template <typename Sample>
std::vector<const uint8_t*> StrongestWindows(const Lines& lines) {
  struct Candidate {
    float strength;
    const uint8_t* at;
  };
  std::vector<Candidate> all;
  const int across = std::min(kWindowsPerLine, lines.samples / kWindow);
  const int down = std::min(kLines, lines.lines);
  for (int row = 0; row < down; ++row) {
    const int line = (2 * row + 1) * lines.lines / (2 * down);
    for (int n = 0; n < across; ++n) {
      const int start =
          (2 * n + 1) * lines.samples / (2 * across) - kWindow / 2;
      const uint8_t* at =
          lines.first + line * lines.line_step + start * lines.sample_step;
      all.push_back({EdgeStrength<Sample>(at, lines.sample_step), at});
    }
  }
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) {
    return a.strength != b.strength ? a.strength > b.strength : a.at < b.at;
  });
  all.resize(std::min(all.size(), kStrongest));
  std::vector<const uint8_t*> places;
  for (const Candidate& candidate : all) places.push_back(candidate.at);
  return places;
}

template <typename Sample>
void AddPowers(const uint8_t* at, ptrdiff_t step, float one_level,
               std::array<double, kSpectrumBands>& powers) {
  static const Waves kWaves = MakeWaves();
  Window samples;
  float mean = 0;
  for (size_t i = 0; i < kWindow; ++i) {
    samples[i] = At<Sample>(at, step, i) / one_level;
    mean += samples[i] / kWindow;
  }
  for (size_t i = 0; i < kWindow; ++i)
    samples[i] = (samples[i] - mean) * kWaves.hann[i];
  for (size_t b = 0; b < kWaves.cosine.size(); ++b) {
    float re = 0, im = 0;
    for (size_t i = 0; i < kWindow; ++i) {
      re += samples[i] * kWaves.cosine[b][i];
      im += samples[i] * kWaves.sine[b][i];
    }
    powers[b / kBinsPerBand] += re * re + im * im;
  }
}

template <typename Sample>
Spectrum SpectrumOf(const Lines& lines, int bit_depth) {
  const auto windows = StrongestWindows<Sample>(lines);
  if (windows.empty()) return {};
  std::array<double, kSpectrumBands> powers{};
  const auto one_level = static_cast<float>(1 << (bit_depth - 8));
  for (const uint8_t* at : windows)
    AddPowers<Sample>(at, lines.sample_step, one_level, powers);
  Spectrum spectrum{};
  for (size_t b = 0; b < kSpectrumBands; ++b) {
    const double mean =
        powers[b] / static_cast<double>(windows.size() * kBinsPerBand);
    spectrum[b] = static_cast<uint8_t>(
        std::clamp(std::lround(20 * std::log10(std::max(mean, 1.0))), 0L,
                   long{UINT8_MAX}));
  }
  return spectrum;
}

template <typename Sample>
Detail Measure(const media::Picture& picture, const Bars& bars) {
  const media::Plane luma = picture.plane(0);
  const int width = luma.width - bars.left - bars.right;
  const int height = luma.height - bars.top - bars.bottom;
  if (width <= 0 || height <= 0) return {};
  constexpr ptrdiff_t kStep = sizeof(Sample);
  const uint8_t* first =
      luma.data + bars.top * luma.stride_bytes + bars.left * kStep;
  const int depth = picture.bit_depth();
  return {SpectrumOf<Sample>({first, kStep, luma.stride_bytes, width, height},
                             depth),
          SpectrumOf<Sample>({first, luma.stride_bytes, kStep, height, width},
                             depth)};
}

}  // namespace

Detail MeasureDetail(const media::Picture& picture, const Bars& bars) {
  return picture.plane(0).bytes_per_sample == 1
             ? Measure<uint8_t>(picture, bars)
             : Measure<uint16_t>(picture, bars);
}

double DetailLimit(const Spectrum& spectrum) {
  constexpr size_t kLast = kSpectrumBands - 1;
  if (spectrum[kFirstBand] < kEdgeLevel) return 1;
  const auto fall = [&](size_t from, size_t to) {
    return spectrum[from] - spectrum[to];
  };
  size_t steepest = kFirstBand;
  for (size_t b = kFirstBand; b + kFallBands + 2 <= kLast; ++b) {
    if (fall(b, b + kFallBands) > fall(steepest, steepest + kFallBands))
      steepest = b;
  }
  if (fall(steepest, steepest + kFallBands) < kSteepFall) return 1;
  size_t knee = steepest + kFallBands - 1;
  while (knee + 2 <= kLast && fall(knee, knee + 2) >= kGentle) ++knee;
  if (knee + 2 > kLast || fall(kFirstBand, knee) < kLeastFall) return 1;
  const int floor_bands = static_cast<int>(kLast - knee);
  if (10 * fall(knee, kLast) > kFloorSlopeTenths * floor_bands) return 1;
  return (static_cast<double>(knee) + 0.5) / kSpectrumBands;
}

}  // namespace reel::inspect
