#include "service/estimator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>

#include "testing/temp_dir.h"

namespace reel::service {
namespace {

using base::Code;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using workflow::tasks::EstimateTitle;
using workflow::tasks::TitleEstimate;

const std::string& Fixed() {
  static const std::string text(model::BuiltInRecipeText("fixed").value());
  return text;
}

model::Source Film() {
  model::Source film;
  film.container_duration = {60, 1};
  film.video.index = 0;
  film.video.width = 1280;
  film.video.height = 720;
  film.video.frame_rate = {24, 1};
  return film;
}

TitleEstimate Foreseen() {
  return EstimateTitle(Film(), model::LoadRecipe("fixed").value()).value();
}

// A film that took so many times what is foreseen.
PastTitle Took(double cpu, double bytes) {
  PastTitle title;
  title.recipe = Fixed();
  title.report.source = Film();
  title.report.cost.cpu_seconds = Foreseen().cpu_seconds * cpu;
  title.report.renditions.emplace_back();
  title.report.renditions[0].bytes =
      std::llround(static_cast<double>(Foreseen().size_bytes) * bytes);
  return title;
}

TEST(CalibrateTest, NoPastChangesNothing) {
  const TitleEstimate same = Calibrate(Foreseen(), Fixed(), {});
  EXPECT_EQ(same.cpu_seconds, Foreseen().cpu_seconds);
  EXPECT_EQ(same.size_bytes, Foreseen().size_bytes);
}

TEST(CalibrateTest, ManyTitlesThatTookMoreTellThatThisOneWillToo) {
  const std::vector<PastTitle> past(50, Took(3, 0.5));
  const TitleEstimate more = Calibrate(Foreseen(), Fixed(), past);
  EXPECT_NEAR(more.cpu_seconds / Foreseen().cpu_seconds, 3, 0.1);
  EXPECT_NEAR(more.chain_seconds / Foreseen().chain_seconds, 3, 0.1);
  EXPECT_NEAR(1.0 * more.size_bytes / Foreseen().size_bytes, 0.5, 0.02);
}

TEST(CalibrateTest, OneTitleTellsHalfOfIt) {
  const std::vector<PastTitle> past{Took(4, 1)};
  EXPECT_NEAR(
      Calibrate(Foreseen(), Fixed(), past).cpu_seconds / Foreseen().cpu_seconds,
      2, 1e-6);
}

TEST(CalibrateTest, TitlesOfOtherRecipesAndReusedWorkTellNothing) {
  PastTitle other = Took(4, 4), reused = Took(4, 4);
  other.recipe += "\n# mine\n";
  reused.report.cost.tasks_reused = 1;
  EXPECT_EQ(
      Calibrate(Foreseen(), Fixed(), std::vector{other, reused}).cpu_seconds,
      Foreseen().cpu_seconds);
}

TEST(PastTitlesTest, AreThoseThatAreDoneAndHaveAReport) {
  platform::FleetJob job;
  job.state = platform::JobState::kDone;
  job.result = base::DumpJson({{"report", Took(1, 1).report}});
  platform::FleetJob failed = job, bare = job, broken = job;
  failed.state = platform::JobState::kFailed;
  bare.result = "";
  broken.result = R"({"report": {"title": 3}})";
  EXPECT_THAT(PastTitles(std::vector{failed, bare, broken}), IsEmpty());
  EXPECT_THAT(PastTitles(std::vector{failed, job, bare}), SizeIs(1));
}

// Programs that stand for `reel`.
class EstimatorTest : public ::testing::Test {
 protected:
  base::Result<TitleEstimate> Ask(
      const std::string& script,
      std::chrono::milliseconds patience = std::chrono::minutes(1)) {
    const std::string program = dir_.path() + "/program";
    std::ofstream(program) << "#!/bin/sh\n" << script << "\n";
    std::filesystem::permissions(program, std::filesystem::perms::owner_all);
    return Estimator({.program = program, .patience = patience})
        .Foresee("s3://masters/film.mov", Fixed(), "fixed");
  }
  testing::TempDir dir_;
};

TEST_F(EstimatorTest, ReadsWhatItsProcessSays) {
  const auto estimate =
      Ask(R"(echo '{"duration_seconds": 1, "cpu_seconds": 2, "size_bytes": 3,)"
          R"( "chain_seconds": 4}')");
  ASSERT_TRUE(estimate) << estimate.error().message;
  EXPECT_EQ(estimate->cpu_seconds, 2);
  EXPECT_EQ(estimate->size_bytes, 3);
}

TEST_F(EstimatorTest, ASourceIsNeverTakenForAnOption) {
  const auto estimate =
      Ask(R"(case "$*" in *"--public-only -- s3://masters/film.mov") ;;)"
          R"( *) exit 2;; esac; echo '{"duration_seconds": 1,)"
          R"( "cpu_seconds": 2, "size_bytes": 3, "chain_seconds": 4}')");
  EXPECT_TRUE(estimate) << estimate.error().message;
}

TEST_F(EstimatorTest, ItsErrorIsOurs) {
  const auto missing = Ask(
      R"(echo '{"error": {"code": "not-found", "message": "no film"}}'; exit 2)");
  EXPECT_EQ(missing.error().code, Code::kNotFound);
  EXPECT_EQ(missing.error().message, "no film");
  const auto damaged = Ask(
      R"(echo '{"error": {"code": "corrupt-input", "message": "cut"}}'; exit 2)");
  EXPECT_EQ(damaged.error().code, Code::kRejected);
}

TEST_F(EstimatorTest, AProcessThatCrashesIsTheSourcesFault) {
  const auto estimate = Ask("kill -SEGV $$");
  EXPECT_EQ(estimate.error().code, Code::kRejected);
  EXPECT_THAT(estimate.error().message, HasSubstr("signal 11"));
}

TEST_F(EstimatorTest, AProcessThatDoesNotEndIsKilled) {
  EXPECT_EQ(Ask("sleep 600", std::chrono::milliseconds(1)).error().code,
            Code::kTimeout);
}

TEST_F(EstimatorTest, ABadRecipeIsNamed) {
  const auto estimate = Estimator({.program = "/nowhere"})
                            .Foresee("s3://a/b", "mode = 3", "mine.toml");
  EXPECT_THAT(estimate.error().message, HasSubstr("mine.toml"));
}

}  // namespace
}  // namespace reel::service
