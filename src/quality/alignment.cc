#include "quality/alignment.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "media/fingerprinter.h"
#include "model/fingerprint_match.h"
#include "quality/picture_file.h"

namespace reel::quality {
namespace {

constexpr int64_t kLeastOverlap = 24;
// Of the same picture coded badly, in levels; other pictures differ by tens.
constexpr double kAlikeLevels = 8;
// Differences of no more than this are rounding, not content.
constexpr double kRoundingLevels = 0.1;
// How much more every other offset must leave.
constexpr double kClearly = 1.5;

// Root mean square distance of the frames that overlap.
double Difference(std::span<const model::Fingerprint> reference,
                  std::span<const model::Fingerprint> distorted, int64_t offset,
                  int64_t least_overlap) {
  const auto size = [](const auto& s) {
    return static_cast<int64_t>(s.size());
  };
  const int64_t first = std::max<int64_t>(0, offset);
  const int64_t end = std::min(size(reference), size(distorted) + offset);
  if (end - first < least_overlap)
    return std::numeric_limits<double>::infinity();
  double sum = 0;
  for (int64_t i = first; i < end; ++i) {
    const double levels =
        model::DistanceLevels(reference[static_cast<size_t>(i)],
                              distorted[static_cast<size_t>(i - offset)]);
    sum += levels * levels;
  }
  return std::sqrt(sum / static_cast<double>(end - first));
}

}  // namespace

base::Result<int64_t> FindOffset(std::span<const model::Fingerprint> reference,
                                 std::span<const model::Fingerprint> distorted,
                                 int64_t most) {
  const int64_t least_overlap =
      std::min({kLeastOverlap, static_cast<int64_t>(reference.size()),
                static_cast<int64_t>(distorted.size())});
  constexpr double kNone = std::numeric_limits<double>::infinity();
  double best = kNone, second = kNone;
  int64_t found = 0;
  for (int64_t offset = -most; least_overlap > 0 && offset <= most; ++offset) {
    const double difference =
        Difference(reference, distorted, offset, least_overlap);
    if (difference < best) {
      second = std::exchange(best, difference);
      found = offset;
    } else {
      second = std::min(second, difference);
    }
  }
  if (best > kAlikeLevels)
    return base::Fail(base::Code::kNotFound,
                      fmt::format("within {} frames no offset shows the same "
                                  "pictures",
                                  most));
  if (second < kClearly * std::max(best, kRoundingLevels))
    return base::Fail(base::Code::kNotFound,
                      "several offsets fit equally well: too little moves");
  return found;
}

base::Result<model::Fingerprints> FingerprintBeginning(
    const std::string& path, int64_t most, const std::stop_token& stop) {
  REEL_ASSIGN(const auto file, PictureFile::Open(path));
  media::Fingerprinter fingerprinter;
  model::Fingerprints fingerprints;
  while (static_cast<int64_t>(fingerprints.size()) < most) {
    if (stop.stop_requested())
      return base::Fail(base::Code::kCancelled, "interrupted");
    REEL_ASSIGN(const std::optional<TimedPicture> got, file->Next());
    if (!got) break;
    fingerprints.push_back(fingerprinter.Next(got->picture));
  }
  return fingerprints;
}

}  // namespace reel::quality
