#include "quality/encode_scorer.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "quality/fusion.h"
#include "quality/picture_stream.h"
#include "quality/score_table.h"
#include "quality/sequence_scorer.h"

namespace reel::quality {
namespace {

constexpr int kSmallestSide = 32;

// Frames of a reader, counted instead of timed: that encodes hold the frames
// they should was proved when they were made.
class ReaderStream : public PictureStream {
 public:
  ReaderStream(std::string name, media::FrameReader reader)
      : facts_{.name = std::move(name)}, reader_(std::move(reader)) {}

  const StreamFacts& facts() const override { return facts_; }

  base::Result<std::optional<TimedPicture>> Next() override {
    auto frame = reader_.Next();
    if (!frame) return base::Prefix(frame.error(), facts_.name);
    if (!*frame) return std::nullopt;
    return TimedPicture{std::move((*frame)->picture), std::nullopt};
  }

 private:
  StreamFacts facts_;
  media::FrameReader reader_;
};

base::Status CheckSize(const model::VideoTrack& track) {
  if (std::min(track.width, track.height) >= kSmallestSide) return {};
  return base::Fail(
      base::Code::kUnsupported,
      fmt::format("pictures of {}x{} cannot be scored: VMAF needs {} samples "
                  "on each side",
                  track.width, track.height, kSmallestSide));
}

}  // namespace

base::Result<EncodeScores> ScoreEncodes(
    media::FrameReader source, std::span<const media::MemoryFile> encodes,
    const EncodeScoring& options) {
  REEL_TRY(CheckSize(source.track()));
  ReaderStream reference("the source", std::move(source));
  std::vector<std::unique_ptr<ReaderStream>> streams;
  std::vector<PictureStream*> distorted;
  for (const media::MemoryFile& file : encodes) {
    REEL_ASSIGN(media::FrameReader reader, media::FrameReader::OpenMemory(file));
    streams.push_back(std::make_unique<ReaderStream>(
        fmt::format("encode {}", streams.size()), std::move(reader)));
    distorted.push_back(streams.back().get());
  }
  REEL_ASSIGN(FusionModel model, FusionModel::BuiltIn("v0.6.1"));
  std::vector<NamedModel> models;
  models.push_back({"vmaf", std::move(model)});
  auto features = ScoreSequences(reference, distorted,
                                 {.limits = LimitsOf(models),
                                  .subsample = options.subsample,
                                  .stop = options.stop});
  if (!features) {
    base::Error error = features.error();
    // Frames were counted, and nobody's arguments were.
    if (error.code == base::Code::kInvalidArgument)
      error.code = base::Code::kOutputWrong;
    return tl::unexpected(std::move(error));
  }
  EncodeScores scores{.frames = features->frames, .vmaf = {}};
  for (size_t i = 0; i < distorted.size(); ++i) {
    ScoreTable table = MakeScoreTable(*features, i, models);
    for (ScoreColumn& column : table.columns) {
      if (column.name == "vmaf") scores.vmaf.push_back(std::move(column.values));
    }
  }
  return scores;
}

}  // namespace reel::quality
