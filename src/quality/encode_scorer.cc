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

class HeldStream : public PictureStream {
 public:
  HeldStream(std::string name, std::span<const media::Picture> pictures)
      : facts_{.name = std::move(name)}, rest_(pictures) {}

  const StreamFacts& facts() const override { return facts_; }

  base::Result<std::optional<TimedPicture>> Next() override {
    if (rest_.empty()) return std::nullopt;
    REEL_ASSIGN(media::Picture picture, rest_.front().Share());
    rest_ = rest_.subspan(1);
    return TimedPicture{std::move(picture), std::nullopt};
  }

 private:
  StreamFacts facts_;
  std::span<const media::Picture> rest_;
};

// As it comes, but no picture that VMAF is not made for.
class CheckedStream : public PictureStream {
 public:
  explicit CheckedStream(PictureStream& stream) : stream_(stream) {}

  const StreamFacts& facts() const override { return stream_.facts(); }

  base::Result<std::optional<TimedPicture>> Next() override {
    REEL_ASSIGN(auto next, stream_.Next());
    if (next) REEL_TRY(CheckSize(next->picture));
    return next;
  }

 private:
  static base::Status CheckSize(const media::Picture& picture) {
    if (std::min(picture.width(), picture.height()) >= kSmallestSide) return {};
    return base::Fail(
        base::Code::kUnsupported,
        fmt::format("pictures of {}x{} cannot be scored: VMAF needs {} samples "
                    "on each side",
                    picture.width(), picture.height(), kSmallestSide));
  }

  PictureStream& stream_;
};

}  // namespace

std::unique_ptr<PictureStream> StreamOf(media::FrameReader reader,
                                        std::string name) {
  return std::make_unique<ReaderStream>(std::move(name), std::move(reader));
}

std::unique_ptr<PictureStream> StreamOf(
    std::span<const media::Picture> pictures, std::string name) {
  return std::make_unique<HeldStream>(std::move(name), pictures);
}

base::Result<EncodeScores> ScoreEncodes(
    PictureStream& source, std::span<const media::MemoryFile> encodes,
    const EncodeScoring& options) {
  CheckedStream reference(source);
  std::vector<std::unique_ptr<PictureStream>> streams;
  std::vector<PictureStream*> distorted;
  for (const media::MemoryFile& file : encodes) {
    REEL_ASSIGN(media::FrameReader reader,
                media::FrameReader::OpenMemory(file));
    streams.push_back(
        StreamOf(std::move(reader), fmt::format("encode {}", streams.size())));
    distorted.push_back(streams.back().get());
  }
  REEL_ASSIGN(FusionModel model, FusionModel::BuiltIn("v0.6.1"));
  std::vector<NamedModel> models;
  models.push_back({"vmaf", std::move(model)});
  auto features = ScoreSequences(reference, distorted,
                                 {.limits = LimitsOf(models),
                                  .metrics = {Metric::kPsnr},
                                  .subsample = options.subsample,
                                  .stop = options.stop});
  if (!features) {
    base::Error error = features.error();
    // Frames were counted, and nobody's arguments were.
    if (error.code == base::Code::kInvalidArgument)
      error.code = base::Code::kOutputWrong;
    return tl::unexpected(std::move(error));
  }
  EncodeScores scores{.frames = features->frames, .vmaf = {}, .psnr = {}};
  for (size_t i = 0; i < distorted.size(); ++i) {
    ScoreTable table = MakeScoreTable(*features, i, models);
    for (ScoreColumn& column : table.columns) {
      if (column.name == "vmaf")
        scores.vmaf.push_back(std::move(column.values));
      else if (column.name == "psnr_y")
        scores.psnr.push_back(std::move(column.values));
    }
  }
  return scores;
}

}  // namespace reel::quality
