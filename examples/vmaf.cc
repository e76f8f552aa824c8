// VMAF from the library: example_vmaf REF DIST…
//
// First one pair of pictures by hand, then all frames of a ladder in one pass.
#include <fmt/format.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "quality/quality.h"

namespace quality = reel::quality;
using reel::base::Result;
using reel::base::Status;

// The score of one pair of pictures of the same size and depth, on its own.
Result<double> ScoreOnePair(const reel::media::Picture& reference,
                            const reel::media::Picture& distorted) {
  REEL_ASSIGN(const auto model, quality::FusionModel::BuiltIn("v0.6.1"));
  const quality::Format format{reference.width(), reference.height(),
                               reference.bit_depth()};
  REEL_ASSIGN(auto known, quality::ReferenceFrame::Create(format));
  REEL_ASSIGN(auto scorer, quality::Scorer::Create(format));
  REEL_TRY(known.Set(reference.plane(0), std::nullopt));
  REEL_ASSIGN(const auto features,
              scorer.Score(known, distorted.plane(0), model.gain_limits()));
  // Without a frame before it, nothing moves: motion2 is 0.
  return model.Score({features.adm2, /*motion2=*/0, features.vif});
}

Status ScoreFirstFrames(const std::string& reference,
                        const std::string& distorted) {
  REEL_ASSIGN(const auto a, quality::PictureFile::Open(reference));
  REEL_ASSIGN(const auto b, quality::PictureFile::Open(distorted));
  REEL_ASSIGN(const auto first, a->Next());
  REEL_ASSIGN(const auto other, b->Next());
  if (!first || !other) return {};
  REEL_ASSIGN(const double score, ScoreOnePair(first->picture, other->picture));
  fmt::print("{}: first frame {:.3f}\n", distorted, score);
  return {};
}

// All frames of any number of files, each scaled to the reference.
Status ScoreLadder(const std::vector<std::string>& paths) {
  std::vector<std::unique_ptr<quality::PictureFile>> files;
  std::vector<quality::PictureStream*> rungs;
  for (const std::string& path : paths) {
    REEL_ASSIGN(auto file, quality::PictureFile::Open(path));
    if (!files.empty()) rungs.push_back(file.get());
    files.push_back(std::move(file));
  }
  REEL_ASSIGN(const auto model, quality::FusionModel::BuiltIn("v0.6.1"));
  const std::vector<quality::NamedModel> models = {{"vmaf", model}};
  quality::SequenceOptions options;
  options.limits = quality::LimitsOf(models);
  options.threads = 2;
  REEL_ASSIGN(const auto features,
              quality::ScoreSequences(*files[0], rungs, options));
  for (size_t i = 0; i < rungs.size(); ++i) {
    const auto table = quality::MakeScoreTable(features, i, models);
    REEL_ASSIGN(const auto pooled, quality::Pool(table.Find("vmaf")->values));
    fmt::print("{}: mean {:.3f}, 5 % of frames at most {:.3f}\n", paths[i + 1],
               pooled.mean, pooled.percentile_5);
  }
  return {};
}

int main(int argc, char** argv) {
  if (argc < 3) {
    fmt::print(stderr, "usage: example_vmaf REF DIST...\n");
    return 2;
  }
  const std::vector<std::string> paths(argv + 1, argv + argc);
  Status status = ScoreFirstFrames(paths[0], paths[1]);
  if (status) status = ScoreLadder(paths);
  if (!status) fmt::print(stderr, "{}\n", status.error().message);
  return status ? 0 : 1;
}
