#include "quality/score_table.h"

#include <gtest/gtest.h>

#include <string>

#include "base/json.h"

namespace reel::quality {
namespace {

// Three frames of one stream, scored with the default gain and NEG's.
SequenceFeatures Features() {
  SequenceFeatures features;
  features.frames = {4, 5, 6};
  features.motion = {0, 2, 3};
  features.motion2 = {0, 2, 3};
  PairFeatures pair{.adm2 = 0.97,
                    .adm = {0.95, 0.95, 0.97, 0.99},
                    .vif = {0.56, 0.93, 0.97, 0.98}};
  PairFeatures neg = pair;
  neg.adm2 = 0.96;
  features.metrics = {{{"psnr_y", {40, 41, 42}}}};
  features.pairs = {{{pair, pair, pair}, {neg, neg, neg}}};
  return features;
}

std::vector<NamedModel> Models() {
  return {{"vmaf", *FusionModel::BuiltIn("v0.6.1")},
          {"vmaf_neg", *FusionModel::BuiltIn("neg")},
          {"vmaf_4k", *FusionModel::BuiltIn("4k")}};
}

TEST(ScoreTableTest, ModelsShareGainLimits) {
  EXPECT_EQ(LimitsOf(Models()),
            (std::vector<GainLimits>{GainLimits{}, kNegGainLimits}));
}

TEST(ScoreTableTest, EveryModelScoresWithItsLimits) {
  const std::vector<NamedModel> models = Models();
  const ScoreTable table = MakeScoreTable(Features(), 0, models);
  ASSERT_NE(table.Find("vmaf_neg"), nullptr);
  EXPECT_EQ(table.Find("vmaf")->values[1],
            models[0].model.Score({0.97, 2, {0.56, 0.93, 0.97, 0.98}}));
  EXPECT_EQ(table.Find("vmaf_neg")->values[1],
            models[1].model.Score({0.96, 2, {0.56, 0.93, 0.97, 0.98}}));
  EXPECT_EQ(table.Find("nothing"), nullptr);
}

TEST(ScoreTableTest, ColumnsHaveLibvmafsNames) {
  const ScoreTable table = MakeScoreTable(Features(), 0, Models());
  std::string names;
  for (const ScoreColumn& column : table.columns) names += column.name + " ";
  EXPECT_EQ(
      names,
      "integer_adm2 integer_adm_scale0 integer_adm_scale1 "
      "integer_adm_scale2 integer_adm_scale3 integer_vif_scale0 "
      "integer_vif_scale1 integer_vif_scale2 integer_vif_scale3 "
      "integer_adm2_egl_1 integer_adm_scale0_egl_1 "
      "integer_adm_scale1_egl_1 integer_adm_scale2_egl_1 "
      "integer_adm_scale3_egl_1 integer_vif_scale0_egl_1 "
      "integer_vif_scale1_egl_1 integer_vif_scale2_egl_1 "
      "integer_vif_scale3_egl_1 integer_motion integer_motion2 psnr_y vmaf "
      "vmaf_neg vmaf_4k ");
}

ScoreTable Small() {
  return {.frames = {0, 5},
          .columns = {{"a\"b", {1, 3}}, {"vmaf", {90.5, 80}}}};
}

TEST(ScoresAsJsonTest, HasLibvmafsLayout) {
  const auto text = ScoresAsJson(Small(), "reel 1", 24.5);
  ASSERT_TRUE(text.has_value());
  const auto json = base::ParseJson(*text);
  ASSERT_TRUE(json.has_value()) << json.error().message << *text;
  EXPECT_EQ(*json, *base::ParseJson(R"({
    "version": "reel 1", "fps": 24.5,
    "frames": [
      {"frameNum": 0, "metrics": {"a\"b": 1.0, "vmaf": 90.5}},
      {"frameNum": 5, "metrics": {"a\"b": 3.0, "vmaf": 80.0}}],
    "pooled_metrics": {
      "a\"b": {"min": 1.0, "max": 3.0, "mean": 2.0, "harmonic_mean": 1.666667},
      "vmaf": {"min": 80.0, "max": 90.5, "mean": 85.25,
               "harmonic_mean": 84.930435}},
    "aggregate_metrics": {}})"));
}

TEST(ScoresAsJsonTest, NothingCannotBePooled) {
  EXPECT_FALSE(ScoresAsJson({{}, {{"vmaf", {}}}}, "reel 1", 1).has_value());
}

TEST(ScoresAsCsvTest, HasALineAFrame) {
  EXPECT_EQ(ScoresAsCsv({.frames = {0, 5},
                         .columns = {{"integer_adm2", {0.5, 0.25}},
                                     {"vmaf", {90.5, 80}}}}),
            "Frame,integer_adm2,vmaf\n0,0.500000,90.500000\n"
            "5,0.250000,80.000000\n");
}

}  // namespace
}  // namespace reel::quality
