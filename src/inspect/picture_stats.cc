#include "inspect/picture_stats.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "base/bytes.h"
#include "inspect/black_bars.h"
#include "inspect/detail.h"
#include "inspect/field_weave.h"
#include "inspect/light.h"

namespace reel::inspect {
namespace {

constexpr base::FormatTag kTag{"RPIC", 2};
constexpr int kBytesPerPicture =
    2 * (PictureStats::kPercentiles + 2 + PictureStats::kMatrices + 2 + 4 + 4) +
    2 * static_cast<int>(kSpectrumBands) + 2 * static_cast<int>(kLightCells);

constexpr int kLevels = 1024;  // of 10 bits
// Places of the lattice; a chroma place for four of luma.
constexpr int kLatticeColumns = 320;
constexpr int kLatticeRows = 180;
// Limited range, in levels; a code is outside of it by more than coding makes.
constexpr int kBlack = 64, kWhite = 940, kNeutral = 512, kChromaHalf = 448;
constexpr int kTolerance = 16;
// How far outside 0..1 a colour is no rounding error.
constexpr float kGamutTolerance = 0.02f;
constexpr double kSaturatedRed = 0.8;

template <typename Visit>
void VisitFields(Visit visit, auto& stats) {
  visit(stats.luma);
  visit(stats.below_black);
  visit(stats.above_white);
  visit(stats.outside);
  visit(stats.saturation);
  visit(stats.rgb_peak);
  for (auto* edge : {&stats.bars.top, &stats.bars.bottom, &stats.bars.left,
                     &stats.bars.right})
    visit(*edge);
  for (auto* misfit : {&stats.weave.own, &stats.weave.field,
                       &stats.weave.top_earlier, &stats.weave.bottom_earlier})
    visit(*misfit);
  visit(stats.detail.across);
  visit(stats.detail.down);
  visit(stats.light);
  visit(stats.red);
}

uint16_t Share(int64_t part, int64_t whole) {
  return whole == 0 ? 0 : static_cast<uint16_t>(kWholeShare * part / whole);
}

// Samples of a plane at lattice places, as levels.
template <typename Sample>
class Samples {
 public:
  Samples(const media::Plane& plane, int bit_depth, int columns, int rows)
      : plane_(plane), depth_(bit_depth), columns_(columns), rows_(rows) {}
  // The sample in the middle of lattice place (column, row).
  int At(int column, int row) const {
    const int y = Middle(row, rows_, plane_.height);
    const int x = Middle(column, columns_, plane_.width);
    const int value = reinterpret_cast<const Sample*>(
        plane_.data + y * plane_.stride_bytes)[x];
    const int level =
        depth_ >= 10 ? value >> (depth_ - 10) : value << (10 - depth_);
    return std::min(level, kLevels - 1);
  }

 private:
  static int Middle(int place, int places, int size) {
    return (2 * place + 1) * size / (2 * places);
  }
  media::Plane plane_;
  int depth_;
  int columns_;
  int rows_;
};

// A light cell while its samples are added up.
struct Cell {
  double light = 0;
  double cb = 0;
  double cr = 0;
  double luma = 0;
  int lumas = 0;
  int chromas = 0;
};

struct Rgb {
  float r, g, b;
  float Max() const { return std::max({r, g, b}); }
  float Min() const { return std::min({r, g, b}); }
};

// Y'CbCr to R'G'B' (BT.709-6, item 3.3, solved for any weights).
class Decode {
 public:
  explicit Decode(LumaWeights weights)
      : red_(static_cast<float>(2 * (1 - weights.red))),
        blue_(static_cast<float>(2 * (1 - weights.blue))),
        green_(static_cast<float>(1 - weights.red - weights.blue)),
        kr_(static_cast<float>(weights.red)),
        kb_(static_cast<float>(weights.blue)) {}
  // `y` 0..1, `cb` and `cr` -0.5..0.5.
  Rgb operator()(float y, float cb, float cr) const {
    const float r = y + red_ * cr, b = y + blue_ * cb;
    return {r, (y - kr_ * r - kb_ * b) / green_, b};
  }
  double LightOf(double r, double g, double b) const {
    return kr_ * r + green_ * g + kb_ * b;
  }

 private:
  float red_, blue_, green_, kr_, kb_;
};

using Histogram = std::array<int32_t, kLevels>;

// The least level that `parts` of `whole` samples do not exceed.
uint16_t Percentile(const Histogram& histogram, int64_t samples, int64_t parts,
                    int64_t whole) {
  const int64_t wanted = (samples * parts + whole - 1) / whole;
  int64_t seen = 0;
  for (int level = 0; level < kLevels; ++level) {
    seen += histogram[static_cast<size_t>(level)];
    if (seen >= wanted && seen > 0) return static_cast<uint16_t>(level);
  }
  return 0;
}

int64_t CountBelow(const Histogram& histogram, int level) {
  int64_t count = 0;
  for (int i = 0; i < level; ++i) count += histogram[static_cast<size_t>(i)];
  return count;
}

}  // namespace

struct PictureMeter::State {
  explicit State(const model::Color& color)
      : transfer(color.transfer),
        own(WeightsOf(color.matrix)),
        by_matrix{Decode(WeightsOf("smpte170m")), Decode(WeightsOf("bt709")),
                  Decode(WeightsOf("bt2020nc"))} {
    for (const bool full : {false, true}) {
      for (int level = 0; level < kLevels; ++level) {
        light[full][static_cast<size_t>(level)] =
            static_cast<float>(RelativeLight(Component(level, full), transfer));
      }
    }
  }

  static double Component(double level, bool full) {
    return full ? level / (kLevels - 1) : (level - kBlack) / (kWhite - kBlack);
  }

  template <typename Sample>
  void MeasureLuma(const media::Picture& picture, PictureStats& stats);
  template <typename Sample>
  void MeasureColor(const media::Picture& picture, PictureStats& stats);
  void Finish(bool full, PictureStats& stats) const;

  std::string transfer;
  Decode own;
  std::array<Decode, PictureStats::kMatrices> by_matrix;
  std::array<std::array<float, kLevels>, 2> light;  // by full range
  std::array<Cell, kLightCells> cells;
  std::optional<media::Picture> before;
};

template <typename Sample>
void PictureMeter::State::MeasureLuma(const media::Picture& picture,
                                      PictureStats& stats) {
  const media::Plane plane = picture.plane(0);
  const int columns = std::min(kLatticeColumns, plane.width);
  const int rows = std::min(kLatticeRows, plane.height);
  const Samples<Sample> samples(plane, picture.bit_depth(), columns, rows);
  const auto& light_of = light[picture.full_range()];
  Histogram histogram{};
  for (int row = 0; row < rows; ++row) {
    Cell* line =
        &cells[static_cast<size_t>(row * kLightRows / rows) * kLightColumns];
    for (int column = 0; column < columns; ++column) {
      const auto level = static_cast<size_t>(samples.At(column, row));
      ++histogram[level];
      Cell& cell = line[column * kLightColumns / columns];
      cell.light += light_of[level];
      cell.luma += static_cast<double>(level);
      ++cell.lumas;
    }
  }
  const int64_t count = int64_t{columns} * rows;
  constexpr std::array<int, PictureStats::kPercentiles> kPermille{
      1, 10, 100, 500, 900, 990, 999};
  for (size_t i = 0; i < kPermille.size(); ++i)
    stats.luma[i] = Percentile(histogram, count, kPermille[i], 1000);
  stats.below_black = Share(CountBelow(histogram, kBlack - kTolerance), count);
  stats.above_white =
      Share(count - CountBelow(histogram, kWhite + kTolerance + 1), count);
}

template <typename Sample>
void PictureMeter::State::MeasureColor(const media::Picture& picture,
                                       PictureStats& stats) {
  const media::Plane chroma = picture.plane(1);
  const int columns = std::min(kLatticeColumns / 2, chroma.width);
  const int rows = std::min(kLatticeRows / 2, chroma.height);
  const int depth = picture.bit_depth();
  const Samples<Sample> y(picture.plane(0), depth, columns, rows);
  const Samples<Sample> cb(chroma, depth, columns, rows);
  const Samples<Sample> cr(picture.plane(2), depth, columns, rows);
  const bool full = picture.full_range();
  const float half = full ? kLevels : 2.0f * kChromaHalf;
  Histogram peaks{};
  std::array<int64_t, PictureStats::kMatrices> outside{};
  int64_t saturation = 0;
  for (int row = 0; row < rows; ++row) {
    Cell* line =
        &cells[static_cast<size_t>(row * kLightRows / rows) * kLightColumns];
    for (int column = 0; column < columns; ++column) {
      const int u = cb.At(column, row) - kNeutral;
      const int v = cr.At(column, row) - kNeutral;
      saturation += std::max(std::abs(u), std::abs(v));
      const auto luma = static_cast<float>(Component(y.At(column, row), full));
      const float blue = static_cast<float>(u) / half;
      const float red = static_cast<float>(v) / half;
      for (size_t m = 0; m < outside.size(); ++m) {
        const Rgb rgb = by_matrix[m](luma, blue, red);
        outside[m] +=
            rgb.Min() < -kGamutTolerance || rgb.Max() > 1 + kGamutTolerance;
      }
      const float peak = own(luma, blue, red).Max() * (kLevels - 1);
      ++peaks[static_cast<size_t>(
          std::clamp(peak, 0.0f, static_cast<float>(kLevels - 1)))];
      Cell& cell = line[column * kLightColumns / columns];
      cell.cb += blue;
      cell.cr += red;
      ++cell.chromas;
    }
  }
  const int64_t count = int64_t{columns} * rows;
  for (size_t m = 0; m < outside.size(); ++m)
    stats.outside[m] = Share(outside[m], count);
  stats.saturation = static_cast<uint16_t>(saturation / count);
  stats.rgb_peak = Percentile(peaks, count, 999, 1000);
}

void PictureMeter::State::Finish(bool full, PictureStats& stats) const {
  for (size_t i = 0; i < kLightCells; ++i) {
    const Cell& cell = cells[i];
    if (cell.lumas == 0) continue;  // a picture smaller than the grid
    const double mean = cell.light / cell.lumas;
    stats.light[i] = static_cast<uint8_t>(std::lround(255 * std::sqrt(mean)));
    if (cell.chromas == 0) continue;
    const auto luma =
        static_cast<float>(Component(cell.luma / cell.lumas, full));
    const Rgb rgb = own(luma, static_cast<float>(cell.cb / cell.chromas),
                        static_cast<float>(cell.cr / cell.chromas));
    const double r = RelativeLight(rgb.r, transfer);
    const double g = RelativeLight(rgb.g, transfer);
    const double b = RelativeLight(rgb.b, transfer);
    const auto value =
        static_cast<int>(std::lround(127 * std::max(r - g - b, 0.0)));
    const bool saturated = r > 0 && r >= kSaturatedRed * (r + g + b);
    stats.red[i] = static_cast<uint8_t>(2 * value + saturated);
  }
}

PictureMeter::PictureMeter(const model::Color& color)
    : state_(std::make_unique<State>(color)) {}
PictureMeter::PictureMeter(PictureMeter&&) noexcept = default;
PictureMeter& PictureMeter::operator=(PictureMeter&&) noexcept = default;
PictureMeter::~PictureMeter() = default;

base::Result<PictureStats> PictureMeter::Next(const media::Picture& picture) {
  State& s = *state_;
  PictureStats stats;
  s.cells.fill({});
  const bool bytes = picture.plane(0).bytes_per_sample == 1;
  bytes ? s.MeasureLuma<uint8_t>(picture, stats)
        : s.MeasureLuma<uint16_t>(picture, stats);
  if (picture.planes() == 3) {
    bytes ? s.MeasureColor<uint8_t>(picture, stats)
          : s.MeasureColor<uint16_t>(picture, stats);
  }
  s.Finish(picture.full_range(), stats);
  stats.bars = FindBars(picture);
  stats.detail = MeasureDetail(picture, stats.bars);
  stats.weave = MeasureWeave(picture, s.before ? &*s.before : nullptr);
  REEL_ASSIGN(s.before, picture.Share());
  return stats;
}

std::vector<uint8_t> Serialize(const PictureTable& pictures) {
  base::ByteWriter writer(kTag);
  for (const PictureStats& stats : pictures)
    VisitFields([&](const auto& field) { writer.Put(field); }, stats);
  return writer.Take();
}

base::Result<PictureTable> ParsePictureTable(std::span<const uint8_t> bytes) {
  base::ByteReader reader(bytes, kTag);
  PictureTable pictures(reader.remaining() / kBytesPerPicture);
  const auto get = [&](auto& field) {
    if constexpr (requires { reader.Get(field); }) {
      reader.Get(field);
    } else {
      field = reader.Get<std::remove_reference_t<decltype(field)>>();
    }
  };
  for (PictureStats& stats : pictures) VisitFields(get, stats);
  if (!reader.AtEnd()) {
    return base::Fail(base::Code::kCorruptInput,
                      "picture table: wrong beginning or length");
  }
  return pictures;
}

}  // namespace reel::inspect
