#include "ladder/design.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <vector>

#include "ladder/held_quality.h"
#include "ladder/rounds.h"
#include "unit/ladder/world.h"

namespace reel::ladder {
namespace {

using testing::ElementsAre;

FakeTitle Film() {
  return {.shots = {{.hardness = 0, .bits_per_frame = 30'000},
                    {.hardness = 6, .bits_per_frame = 90'000, .draft_shift = 4},
                    {.hardness = -6, .bits_per_frame = 8'000},
                    {.hardness = 3, .bits_per_frame = 50'000, .motion = 3}}};
}

// Pooled quality of a rung as it really comes out.
double TrueVmaf(const FakeTitle& title, const model::Ladder& ladder, size_t r) {
  double harm = 0;
  for (size_t c = 0; c < title.shots.size(); ++c) {
    const auto encode =
        title.Encode(c, ladder.rungs[r], ladder.choices[r][c].crf);
    harm += 1 / (encode.vmaf + 1);
  }
  return static_cast<double>(title.shots.size()) / harm - 1;
}

// A window that misleads more at one size than at another.
TEST(FitCurveTest, NearSizesTellMoreThanFarOnes) {
  const FakeTitle title{.shots = {{}}};
  const SearchFacts facts = title.Facts(RecipeOf("per-shot"));
  const auto curve = [&](std::vector<model::MeasuredChunk> measured) {
    return *FitCurve(facts.chunks[0], title.sizes[2], facts.probes[0], measured,
                     std::nullopt);
  };
  model::MeasuredChunk far = title.Encode(0, title.sizes[0], 30);
  far.vmaf = title.Encode(0, title.sizes[0], 24).vmaf;
  const model::MeasuredChunk near = title.Encode(0, title.sizes[1], 30);
  const double truth = title.Encode(0, title.sizes[2], 30).vmaf;
  const double by_far = curve({far}).Vmaf(30) - truth;
  const double by_both = curve({far, near}).Vmaf(30) - truth;
  EXPECT_GT(by_far, 3);
  EXPECT_LT(std::abs(by_both), by_far / 2);
}

// The laws of every searched ladder.
void ExpectLawful(const model::Ladder& ladder, size_t chunks,
                  const model::Recipe& recipe) {
  ASSERT_FALSE(ladder.rungs.empty());
  EXPECT_EQ(ladder.mode, recipe.mode);
  ASSERT_EQ(ladder.choices.size(), ladder.rungs.size());
  std::set<std::string> ids;
  for (size_t r = 0; r < ladder.rungs.size(); ++r) {
    const model::Rung& rung = ladder.rungs[r];
    EXPECT_TRUE(ids.insert(rung.id).second) << rung.id;
    EXPECT_FALSE(rung.reason.empty());
    EXPECT_EQ(ladder.choices[r].size(), chunks);
    EXPECT_LE(rung.target_vmaf, recipe.ladder.target_vmaf + 1);
    for (const model::ChunkChoice& choice : ladder.choices[r]) {
      EXPECT_GE(choice.crf, kLeastCrf);
      EXPECT_LE(choice.crf, kMostCrf);
      EXPECT_EQ(choice.crf / model::kCrfStep,
                std::round(choice.crf / model::kCrfStep));
    }
    if (r == 0) continue;
    EXPECT_LE(rung.height, ladder.rungs[r - 1].height);
    EXPECT_LT(rung.rate_bps, ladder.rungs[r - 1].rate_bps);
    // Anchors of a long title may come nearer to each other.
    const double least =
        GoesByRungs(chunks) ? 3.99 : recipe.ladder.step_vmaf / 2;
    EXPECT_LE(rung.target_vmaf, ladder.rungs[r - 1].target_vmaf - least);
  }
}

TEST(DesignTest, StepsDownFromTheTarget) {
  const model::Recipe recipe = RecipeOf("per-shot");
  const FakeTitle film = Film();
  const model::Ladder ladder = DesignLadder(film.Facts(recipe), recipe);
  ExpectLawful(ladder, film.shots.size(), recipe);
  EXPECT_EQ(ladder.rungs.front().target_vmaf, 95);
  EXPECT_GE(ladder.rungs.back().target_vmaf, recipe.ladder.floor_vmaf);
  EXPECT_GE(ladder.rungs.size(), 5u);
}

// Probes of one size say how far drafts are off at all of them, here exactly.
TEST(DesignTest, ForeseesWhatEncodesGive) {
  for (const char* mode : {"per-shot", "per-title"}) {
    const model::Recipe recipe = RecipeOf(mode);
    const FakeTitle film = Film();
    const model::Ladder ladder = DesignLadder(film.Facts(recipe), recipe);
    for (size_t r = 0; r < ladder.rungs.size(); ++r)
      EXPECT_NEAR(TrueVmaf(film, ladder, r), ladder.rungs[r].target_vmaf, 1.5);
  }
}

// What was encoded whole is known, however many key frames it has.
TEST(DesignTest, AWholeChunkHasTheBitsOfItsProbe) {
  model::Recipe recipe = RecipeOf("per-shot");
  recipe.ladder.search = "exhaustive";
  const FakeTitle title{.shots = {{.bits_per_frame = 60'000}}};
  SearchFacts facts = title.Facts(recipe);
  facts.chunks[0].segments = 3;
  for (model::Probe& probe : facts.probes[0].probes) {
    probe.keys = 3;
    probe.key_bits *= 9;  // three keys, each thrice as large as other frames
  }
  const auto curve =
      FitCurve(facts.chunks[0], title.sizes[0], facts.probes[0], {}, {});
  ASSERT_TRUE(curve.has_value());
  const model::Probe& probe = facts.probes[0].probes[2];
  EXPECT_NEAR(curve->Bits(probe.crf), static_cast<double>(probe.bits), 1);
}

// Encodes of a whole chunk gain by seeing further ahead than those of a part.
TEST(DesignTest, APartOfAChunkForetellsMoreThanItShows) {
  const model::Recipe recipe = RecipeOf("per-shot");
  const FakeTitle title{.shots = {{.bits_per_frame = 60'000}}};
  SearchFacts facts = title.Facts(recipe);
  const auto fit = [&](std::vector<model::MeasuredChunk> measured) {
    return *FitCurve(facts.chunks[0], title.sizes[0], facts.probes[0], measured,
                     {});
  };
  const std::vector encodes{title.Encode(0, title.sizes[0], 28)};
  const ChunkCurve whole = fit({}), by_encode = fit(encodes);
  for (model::Probe& probe : facts.probes[0].probes) {
    probe.frames /= 2;
    probe.bits /= 2;
  }
  EXPECT_GT(fit({}).Vmaf(30), whole.Vmaf(30) + 0.5);
  EXPECT_GT(fit({}).Bits(30), whole.Bits(30) * 1.02);
  EXPECT_NEAR(fit(encodes).Vmaf(30), by_encode.Vmaf(30), 0.01);
}

TEST(DesignTest, PerTitleGivesOneCrf) {
  const model::Recipe recipe = RecipeOf("per-title");
  const model::Ladder ladder = DesignLadder(Film().Facts(recipe), recipe);
  for (size_t r = 0; r < ladder.rungs.size(); ++r) {
    for (const model::ChunkChoice& choice : ladder.choices[r])
      EXPECT_EQ(choice.crf, ladder.rungs[r].crf);
  }
}

TEST(DesignTest, NoShotIsFarBelowItsRung) {
  const model::Recipe recipe = RecipeOf("per-shot");
  const model::Ladder ladder = DesignLadder(Film().Facts(recipe), recipe);
  for (size_t r = 0; r < ladder.rungs.size(); ++r) {
    for (const model::ChunkChoice& choice : ladder.choices[r]) {
      if (choice.capped) continue;
      EXPECT_GE(choice.vmaf, ladder.rungs[r].target_vmaf - 4.01);
    }
  }
}

FakeTitle LongFilm() {
  FakeTitle film = Film();
  film.shots.push_back({.hardness = 1, .bits_per_frame = 20'000});
  film.shots.push_back({.hardness = -2, .bits_per_frame = 60'000});
  return film;
}

// A title that is designed again, by the encodes of its anchors.
struct Redesigned {
  SearchFacts facts;
  model::Ladder first, settled, second;
};

//   off  [shots] how much harder each is than its window, in steps of CRF
Redesigned Redesign(FakeTitle title, const model::Recipe& recipe,
                    const std::vector<double>& off = {}) {
  Redesigned out{
      .facts = title.Facts(recipe), .first = {}, .settled = {}, .second = {}};
  for (size_t c = 0; c < off.size(); ++c) title.shots[c].hardness += off[c];
  out.first = DesignLadder(out.facts, recipe);
  const auto anchors = NextAnchors(out.first, {}, {});
  for (const size_t r : anchors) {
    for (size_t c = 0; c < title.shots.size(); ++c) {
      out.facts.measured.push_back(
          title.Encode(c, out.first.rungs[r], out.first.choices[r][c].crf));
    }
  }
  if (!GoesByRungs(title.shots.size())) {
    out.settled = SettleAnchors(out.first, anchors, out.facts.measured,
                                out.facts.chunks, recipe);
  }
  out.second = DesignLadder(out.facts, recipe, out.settled);
  return out;
}

// How many encodes a ladder takes as they are.
size_t Kept(const std::vector<model::MeasuredChunk>& measured,
            const model::Ladder& ladder) {
  return static_cast<size_t>(
      std::ranges::count_if(measured, [&](const auto& encode) {
        for (size_t r = 0; r < ladder.rungs.size(); ++r) {
          const auto& choice =
              ladder.choices[r][static_cast<size_t>(encode.chunk)];
          if (ladder.rungs[r].width == encode.width && choice.crf == encode.crf)
            return true;
        }
        return false;
      }));
}

// Windows that mislead: none of the encodes made so far is lost, and what is
// designed around them is better known.
TEST(DesignTest, ALongTitleIsBuiltAroundItsAnchors) {
  const model::Recipe recipe = RecipeOf("per-shot");
  const FakeTitle film = LongFilm();
  const std::vector<double> off{1, -1, 0.5, 1, -0.5, 0};
  const Redesigned design = Redesign(film, recipe, off);
  ExpectLawful(design.second, film.shots.size(), recipe);
  EXPECT_NEAR(design.second.rungs.front().target_vmaf, 95, kFirstRungMove);
  EXPECT_EQ(design.settled.rungs.size(),
            NextAnchors(design.first, {}, {}).size());
  EXPECT_GE(design.second.rungs.size(), design.first.rungs.size() - 1);
  EXPECT_EQ(Kept(design.facts.measured, design.second),
            design.facts.measured.size());
  FakeTitle real = film;
  for (size_t c = 0; c < off.size(); ++c) real.shots[c].hardness += off[c];
  // The smallest size nears its ceiling where no draft has been: its rungs are
  // foreseen the least well.
  for (size_t r = 0; r < design.second.rungs.size(); ++r) {
    EXPECT_NEAR(TrueVmaf(real, design.second, r),
                design.second.rungs[r].target_vmaf, 2.2);
  }
}

// Of encodes that came out far off, those are taken that are wanted somewhere.
TEST(DesignTest, AnchorsThatMissedAreDesignedAgain) {
  const model::Recipe recipe = RecipeOf("per-shot");
  const FakeTitle film = LongFilm();
  const Redesigned design =
      Redesign(film, recipe, std::vector<double>(film.shots.size(), 5));
  EXPECT_TRUE(design.settled.rungs.empty());
  ExpectLawful(design.second, film.shots.size(), recipe);
  FakeTitle real = film;
  for (FakeShot& shot : real.shots) shot.hardness += 5;
  for (size_t r = 0; r < design.second.rungs.size(); ++r) {
    EXPECT_NEAR(TrueVmaf(real, design.second, r),
                design.second.rungs[r].target_vmaf, 1.5);
  }
}

// A chunk whose worst second is far down is encoded better, for the same rung.
TEST(DesignTest, UnevenShotsAreLifted) {
  const model::Recipe recipe = RecipeOf("per-shot");
  const FakeTitle title{.shots = {{.bits_per_frame = 60'000, .uneven = 2}}};
  const Redesigned design = Redesign(title, recipe);
  ExpectLawful(design.second, 1, recipe);
  for (size_t r = 0; r < design.second.rungs.size(); ++r) {
    const model::Rung& rung = design.second.rungs[r];
    const model::ChunkChoice& choice = design.second.choices[r][0];
    const auto encode = title.Encode(0, rung, choice.crf);
    EXPECT_NEAR(HeldVmaf(encode, recipe.quality), choice.target_vmaf, 1.5)
        << rung.id;
    if (rung.target_vmaf < 85) {
      EXPECT_GT(choice.vmaf, rung.target_vmaf + 2);
    }
  }
}

TEST(DesignTest, APeakRateCapsTheLadder) {
  const model::Recipe recipe = RecipeOf("per-shot");
  FakeTitle film = Film();
  for (model::Rung& size : film.sizes) size.maxrate_bps = 300'000;
  const model::Ladder ladder = DesignLadder(film.Facts(recipe), recipe);
  ExpectLawful(ladder, film.shots.size(), recipe);
  EXPECT_LT(ladder.rungs.front().target_vmaf, 95);
  EXPECT_THAT(ladder.rungs.front().reason, testing::HasSubstr("below"));
  EXPECT_LE(ladder.rungs.front().rate_bps, 300'000);
  bool capped = false;
  for (const auto& choice : ladder.choices.front()) capped |= choice.capped;
  EXPECT_TRUE(capped);
}

TEST(DesignTest, EasyTitlesGetFewerRungs) {
  model::Recipe recipe = RecipeOf("per-shot");
  recipe.ladder.floor_rate_bps = 150'000;
  const FakeTitle slides{.shots = {{.hardness = -8, .bits_per_frame = 3'000}}};
  const FakeTitle water{.shots = {{.hardness = 6, .bits_per_frame = 200'000}}};
  const auto easy = DesignLadder(slides.Facts(recipe), recipe);
  const auto hard = DesignLadder(water.Facts(recipe), recipe);
  EXPECT_LT(easy.rungs.size(), hard.rungs.size());
  EXPECT_LT(easy.rungs.front().rate_bps * 10, hard.rungs.front().rate_bps);
}

TEST(DesignTest, FailedProbesTakeTheirNeighbours) {
  const model::Recipe recipe = RecipeOf("per-shot");
  const FakeTitle film = Film();
  SearchFacts facts = film.Facts(recipe);
  // One size of one chunk, all of another, one point elsewhere, and one that is
  // out of line.
  for (model::Probe& probe : facts.probes[0].probes) {
    if (probe.height == 480) probe.failure = "crashed";
  }
  for (model::Probe& probe : facts.probes[2].probes) probe.failure = "crashed";
  facts.probes[3].probes[1].failure = "crashed";
  std::swap(facts.probes[1].probes[0].vmaf, facts.probes[1].probes[2].vmaf);
  const model::Ladder ladder = DesignLadder(facts, recipe);
  ExpectLawful(ladder, film.shots.size(), recipe);
}

TEST(DesignTest, WithoutAnyProbeThereIsStillALadder) {
  for (const char* mode : {"per-shot", "per-title"}) {
    const model::Recipe recipe = RecipeOf(mode);
    SearchFacts facts = Film().Facts(recipe);
    for (auto& chunk : facts.probes) {
      for (model::Probe& probe : chunk.probes) probe.failure = "crashed";
    }
    const model::Ladder ladder = DesignLadder(facts, recipe);
    ASSERT_EQ(ladder.rungs.size(), 1u);
    EXPECT_EQ(ladder.choices.front().size(), facts.chunks.size());
  }
}

TEST(DesignTest, OneFrameAndAllBlackAreTitlesToo) {
  const model::Recipe recipe = RecipeOf("per-shot");
  FakeTitle frame{.shots = {{}}};
  frame.frames = 1;
  ExpectLawful(DesignLadder(frame.Facts(recipe), recipe), 1, recipe);

  const FakeTitle black{.shots = {{.hardness = -1000, .bits_per_frame = 50}}};
  const model::Ladder ladder = DesignLadder(black.Facts(recipe), recipe);
  ExpectLawful(ladder, 1, recipe);
  EXPECT_DOUBLE_EQ(ladder.choices.front().front().crf, kMostCrf);
}

}  // namespace
}  // namespace reel::ladder
