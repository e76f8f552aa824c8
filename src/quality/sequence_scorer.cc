#include "quality/sequence_scorer.h"

#include <fmt/format.h>

#include <limits>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "quality/set_scorer.h"

namespace reel::quality {
namespace {

PairFeatures Kept(const FrameFeatures& features) {
  PairFeatures kept{.adm2 = features.adm2, .adm = {}, .vif = features.vif};
  for (size_t s = 0; s < kept.adm.size(); ++s) {
    const double den = features.adm_den[s];
    kept.adm[s] = den == 0 ? 1 : features.adm_num[s] / den;
  }
  return kept;
}

const char* RangeName(bool full_range) {
  return full_range ? "full" : "limited";
}

// How pictures of one kind become comparable with others; empty: they are.
std::string ConversionNote(const std::string& name,
                           const media::LumaFormat& from,
                           const media::LumaFormat& to) {
  std::string done;
  if (from.width != to.width || from.height != to.height)
    done += fmt::format(", scaled from {}x{} to {}x{} (bicubic)", from.width,
                        from.height, to.width, to.height);
  if (from.bit_depth != to.bit_depth)
    done += fmt::format(", converted from {} to {} bits", from.bit_depth,
                        to.bit_depth);
  if (from.full_range != to.full_range)
    done += fmt::format(", converted from {} to {} range",
                        RangeName(from.full_range), RangeName(to.full_range));
  return done.empty() ? done : name + ": " + done.substr(2);
}

// One run over all frames, by all threads.
class Run {
 public:
  Run(PictureStream& reference, std::span<PictureStream* const> distorted,
      const SequenceOptions& options)
      : options_(options) {
    names_.push_back(reference.facts().name);
    for (const PictureStream* stream : distorted)
      names_.push_back(stream->facts().name);
    FrameSelection selection = options.selection;
    selection.size_may_change = options.width > 0 && options.height > 0;
    sets_.emplace(reference, distorted, std::move(selection));
  }

  base::Result<SequenceFeatures> Score() {
    {
      std::vector<std::jthread> others;
      for (int i = 1; i < options_.threads; ++i)
        others.emplace_back([this] { Work(); });
      Work();
    }
    if (error_) return tl::unexpected(*error_);
    return Collect();
  }

 private:
  void Work() {
    std::optional<SetScorer> scorer;
    while (true) {
      const auto more = Step(scorer);
      if (more && *more) continue;
      if (!more) Fail(more.error());
      return;
    }
  }

  // Takes, scores and notes down one set; false when there is no more to do.
  base::Result<bool> Step(std::optional<SetScorer>& scorer) {
    if (options_.stop.stop_requested())
      return base::Fail(base::Code::kCancelled, "interrupted");
    REEL_ASSIGN(const std::optional<FrameSet> set, sets_->Next());
    if (!set) return false;
    if (!Begin(*set)) return false;
    const int64_t phase = set->index % options_.subsample;
    const bool scored = phase == 0;
    // motion2 of a scored frame needs the next one's motion.
    if (!scored && phase != 1) return true;
    if (!scorer) {
      REEL_ASSIGN(scorer, SetScorer::Create({.format = format_,
                                             .limits = options_.limits,
                                             .metrics = options_.metrics,
                                             .colour = colour_}));
    }
    REEL_ASSIGN(const SetFeatures features,
                scored ? scorer->Score(*set) : scorer->MotionOnly(*set));
    Keep(*set, features, scored);
    return true;
  }

  // Makes room for a set. False when another thread has failed.
  bool Begin(const FrameSet& set) {
    const std::lock_guard lock(mu_);
    if (error_) return false;
    if (!begun_) Describe(set);
    begun_ = true;
    ++sets_read_;
    if (options_.progress) options_.progress(sets_read_);
    return true;
  }

  void Describe(const FrameSet& first) {
    format_ = media::LumaFormatOf(first.reference);
    if (options_.width > 0) format_.width = options_.width;
    if (options_.height > 0) format_.height = options_.height;
    const auto note = [&](const std::string& name,
                          const media::Picture& picture) {
      std::string text =
          ConversionNote(name, media::LumaFormatOf(picture), format_);
      if (!text.empty()) notes_.push_back(std::move(text));
    };
    note(names_[0], first.reference);
    for (size_t i = 0; i < first.distorted.size(); ++i)
      note(names_[i + 1], first.distorted[i]);
    const bool as_is = format_ == media::LumaFormatOf(first.reference);
    for (const media::Picture& picture : first.distorted)
      colour_.push_back(as_is && ComparesInColour(first.reference, picture));
  }

  void Keep(const FrameSet& set, const SetFeatures& features, bool scored) {
    const std::lock_guard lock(mu_);
    const auto index = static_cast<size_t>(set.index);
    if (motion_.size() <= index)
      motion_.resize(index + 1, std::numeric_limits<double>::quiet_NaN());
    motion_[index] = features.motion;
    if (!scored) return;
    const size_t row = index / static_cast<size_t>(options_.subsample);
    if (rows_.size() <= row) rows_.resize(row + 1);
    rows_[row].number = set.number;
    for (const FrameFeatures& pair : features.pairs)
      rows_[row].pairs.push_back(Kept(pair));
    rows_[row].metrics = features.metrics;
  }

  void Fail(base::Error error) {
    const std::lock_guard lock(mu_);
    if (!error_) error_ = std::move(error);
  }

  base::Result<SequenceFeatures> Collect() {
    if (rows_.empty())
      return base::Fail(base::Code::kInvalidArgument,
                        names_[0] +
                            ": no frame to score: the file has none, "
                            "or none in the range asked for");
    SequenceFeatures all{.format = format_,
                         .notes = std::move(notes_),
                         .frames = {},
                         .motion = {},
                         .motion2 = {},
                         .pairs = {},
                         .metrics = {}};
    const size_t limits = options_.limits.size();
    all.pairs.resize(names_.size() - 1);
    for (auto& stream : all.pairs) stream.resize(limits);
    for (const bool colour : colour_) {
      all.metrics.emplace_back();
      for (std::string& name : MetricColumns(options_.metrics, colour))
        all.metrics.back().push_back({std::move(name), {}});
    }
    const std::vector<double> motion2 = Motion2(motion_);
    for (size_t row = 0; row < rows_.size(); ++row) {
      const size_t index = row * static_cast<size_t>(options_.subsample);
      all.frames.push_back(rows_[row].number);
      all.motion.push_back(motion_[index]);
      all.motion2.push_back(motion2[index]);
      for (size_t i = 0; i < rows_[row].pairs.size(); ++i)
        all.pairs[i / limits][i % limits].push_back(rows_[row].pairs[i]);
      for (size_t d = 0; d < all.metrics.size(); ++d)
        for (size_t c = 0; c < all.metrics[d].size(); ++c)
          all.metrics[d][c].values.push_back(rows_[row].metrics[d][c]);
      rows_[row] = {};
    }
    return all;
  }

  struct Row {
    int64_t number = 0;
    std::vector<PairFeatures> pairs;           // [distorted * limits]
    std::vector<std::vector<double>> metrics;  // [distorted][columns]
  };

  const SequenceOptions& options_;
  std::vector<std::string> names_;  // the reference's, then the others'
  std::optional<FrameSets> sets_;
  // All below; format_ and colour_ are fixed once the first set has begun.
  std::mutex mu_;
  bool begun_ = false;
  media::LumaFormat format_;
  std::vector<bool> colour_;  // [distorted]
  std::vector<std::string> notes_;
  int64_t sets_read_ = 0;
  std::vector<double> motion_;  // by set; no number where it was not needed
  std::vector<Row> rows_;
  std::optional<base::Error> error_;
};

}  // namespace

base::Result<SequenceFeatures> ScoreSequences(
    PictureStream& reference, std::span<PictureStream* const> distorted,
    const SequenceOptions& options) {
  return Run(reference, distorted, options).Score();
}

}  // namespace reel::quality
