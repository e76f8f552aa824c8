// PSNR, SSIM, MS-SSIM and CIEDE2000 of all pairs of clips against libvmaf's
// numbers.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "base/file.h"
#include "media/frame_reader.h"
#include "quality/ciede2000.h"
#include "quality/psnr.h"
#include "quality/ssim.h"
#include "testing/vmaf_golden.h"

namespace reel {
namespace {

using base::Result;

constexpr double kMaxError = 1e-4;

Result<std::vector<media::Picture>> ReadPictures(const std::string& file) {
  REEL_ASSIGN(const auto bytes,
              base::ReadFile((testing::VmafFolder() / file).string()));
  REEL_ASSIGN(auto reader, media::FrameReader::OpenMemory({bytes}));
  std::vector<media::Picture> pictures;
  while (true) {
    REEL_ASSIGN(auto frame, reader.Next());
    if (!frame) return pictures;
    pictures.push_back(std::move(frame->picture));
  }
}

using Scores = std::map<std::string, double>;

// By the names the goldens have.
Result<Scores> Measure(const media::Picture& reference,
                       const media::Picture& distorted) {
  Scores scores;
  REEL_ASSIGN(const auto psnr, quality::Psnr(reference, distorted));
  scores["psnr_y"] = psnr[0];
  scores["psnr_cb"] = psnr[1];
  scores["psnr_cr"] = psnr[2];
  const media::Plane r = reference.plane(0), d = distorted.plane(0);
  const int depth = reference.bit_depth();
  REEL_ASSIGN(scores["float_ssim"], quality::Ssim(r, d, depth));
  if (std::min(r.width, r.height) >= quality::kMsSsimMinSide) {
    REEL_ASSIGN(scores["float_ms_ssim"], quality::MsSsim(r, d, depth));
  }
  REEL_ASSIGN(scores["ciede2000"],
              quality::Ciede2000Score(reference, distorted));
  return scores;
}

TEST(MetricsTest, EqualLibvmafOnAllPairs) {
  REEL_SKIP_WITHOUT_VMAF_GOLDENS();
  std::map<std::string, double> max_errors;
  std::map<std::string, int> compared;
  for (const auto& pair : testing::VmafPairs()) {
    SCOPED_TRACE(pair["pair"].get<std::string>());
    const auto reference = ReadPictures(pair["ref"]);
    const auto distorted = ReadPictures(pair["dist"]);
    ASSERT_TRUE(reference.has_value()) << reference.error().message;
    ASSERT_TRUE(distorted.has_value()) << distorted.error().message;
    const auto& frames = pair["frames"];
    ASSERT_EQ(reference->size(), frames.size());
    ASSERT_EQ(distorted->size(), frames.size());
    for (size_t i = 0; i < frames.size(); ++i) {
      const auto scores = Measure((*reference)[i], (*distorted)[i]);
      ASSERT_TRUE(scores.has_value()) << scores.error().message;
      for (const auto& [name, score] : *scores) {
        const auto want = frames[i]["metrics"].find(name);
        if (want == frames[i]["metrics"].end()) continue;
        if (want->is_null()) {  // JSON has no infinity
          EXPECT_EQ(score, HUGE_VAL) << name;
          continue;
        }
        const double error = std::abs(score - want->get<double>());
        EXPECT_LE(error, kMaxError) << name << " of frame " << i;
        max_errors[name] = std::max(max_errors[name], error);
        ++compared[name];
      }
    }
  }
  for (const auto& [name, error] : max_errors) {
    fmt::print("{:<14} {:>4} frames, max error {:.7f}\n", name, compared[name],
               error);
    EXPECT_GT(compared[name], 300) << name;
  }
  EXPECT_EQ(max_errors.size(), 6u);
}

}  // namespace
}  // namespace reel
