// The validator finds nothing where nothing is wrong: every clip of the corpus,
// at the lowest rung and at ones that look far worse.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>

#include "faults/clips.h"

namespace reel::faults {
namespace {

std::vector<std::string> AllClips() {
  std::vector<std::string> clips;
  for (const char* folder : {"originals", "derived", "defects"}) {
    for (const std::string& path : reel::testing::CorpusFolder(folder))
      clips.push_back(std::string(folder) + "/" +
                      std::filesystem::path(path).filename().string());
  }
  return clips;
}

class CleanRunsTest : public LabTest,
                      public ::testing::WithParamInterface<std::string> {
 protected:
  void ExpectSilence(const model::Rung& rung) {
    Encode(rung);
    fmt::print(stderr, "RUNG {}\n", rung.id + rung.preset);
    const auto verdict = Judge(title_);
    EXPECT_EQ(verdict.faults_found, 0) << rung.id << Words(verdict);
    EXPECT_EQ(verdict.frames_decoded, source_.frames());
  }
};

TEST_P(CleanRunsTest, AreSilent) {
  constexpr int64_t kShort = 64;  // frames
  auto loaded = LoadExcerpt(reel::testing::CorpusClip(GetParam()), 0, kShort);
  if (!loaded) GTEST_SKIP() << loaded.error().message;
  source_ = *std::move(loaded);
  ExpectSilence(LowestRung(source_, "medium"));
  ExpectSilence(WorstRung(source_, "medium"));
  ExpectSilence(WorstRung(source_, "ultrafast"));
  // Encoders in a hurry, and short of bits, repeat pictures by themselves.
  model::Rung quick = WorstRung(source_, "ultrafast");
  quick.id = "quick";
  quick.crf = 30;
  ExpectSilence(quick);
  model::Rung poor = LowestRung(source_, "medium");
  poor.id = "poor";
  poor.crf = 35;
  poor.maxrate_bps = 150'000;
  poor.buffer_bits = 200'000;
  ExpectSilence(poor);
}

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(CleanRunsTest);
INSTANTIATE_TEST_SUITE_P(Corpus, CleanRunsTest, ::testing::ValuesIn(AllClips()),
                         [](const auto& test) { return TestName(test.param); });

}  // namespace
}  // namespace reel::faults
