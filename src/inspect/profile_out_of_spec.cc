// profile-out-of-spec: the file is not what the delivery specification asks for
// (reel inspect --spec). Method: what container and streams say of themselves
// against each line of the specification. Rejected: whoever names a
// specification wants it kept.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "inspect/checks.h"
#include "inspect/fields.h"

namespace reel::inspect {
namespace {

// Collects what differs.
class Comparison {
 public:
  explicit Comparison(std::vector<std::string>& differences)
      : differences_(differences) {}

  template <typename T>
  void OneOf(const char* what, const T& has, const std::vector<T>& allowed) {
    if (allowed.empty() ||
        std::find(allowed.begin(), allowed.end(), has) != allowed.end())
      return;
    differences_.push_back(
        fmt::format("{} is {}, not {}", what, has, fmt::join(allowed, " or ")));
  }
  void AtMost(const char* what, int64_t has, int64_t most) {
    if (most == 0 || has <= most) return;
    differences_.push_back(fmt::format("{} is {}, above {}", what, has, most));
  }
  void Rate(const std::string& what, base::Rational has,
            const std::vector<std::string>& allowed, const std::string& most) {
    const auto is = [&](const std::string& text) {
      return model::ParseRate(text).value_or(base::Rational{0, 1}) == has;
    };
    if (!allowed.empty() && std::none_of(allowed.begin(), allowed.end(), is)) {
      differences_.push_back(fmt::format("{} is {}, not {}", what,
                                         base::ToString(has),
                                         fmt::join(allowed, " or ")));
    }
    const auto limit = model::ParseRate(most);
    if (limit && base::ToDouble(has) > base::ToDouble(*limit)) {
      differences_.push_back(
          fmt::format("{} is {}, above {}", what, base::ToString(has), most));
    }
  }

 private:
  std::vector<std::string>& differences_;
};

// "4:2:0" of a pixel format's name; the name itself where it does not tell.
std::string ChromaOf(const std::string& pixel_format) {
  for (const char* digits : {"420", "422", "444"}) {
    if (pixel_format.find(digits) == std::string::npos) continue;
    return fmt::format("{}:{}:{}", digits[0], digits[1], digits[2]);
  }
  if (pixel_format.starts_with("nv12") || pixel_format.starts_with("p010"))
    return "4:2:0";
  return pixel_format;
}

// The demuxer's names are a list: "mov,mp4,m4a,3gp,3g2,mj2".
void CompareContainer(const FileFacts& facts,
                      std::vector<std::string>& differences) {
  const auto& allowed = facts.spec.containers;
  const std::string names = "," + facts.source.container + ",";
  const bool is_one =
      std::any_of(allowed.begin(), allowed.end(), [&](const auto& name) {
        return names.find("," + name + ",") != std::string::npos;
      });
  if (allowed.empty() || is_one) return;
  differences.push_back(fmt::format("the container is {}, not {}",
                                    facts.source.container,
                                    fmt::join(allowed, " or ")));
}

void CompareVideo(const model::VideoTrack& has, const model::VideoSpec& spec,
                  std::vector<std::string>& differences) {
  Comparison compare(differences);
  compare.OneOf("the picture's codec", has.codec, spec.codecs);
  compare.OneOf("the picture's profile", has.profile, spec.profiles);
  compare.OneOf("the chroma sampling", ChromaOf(has.pixel_format), spec.chroma);
  compare.OneOf<int64_t>("the bit depth", has.bit_depth, spec.bit_depths);
  compare.OneOf("the picture's size",
                fmt::format("{}x{}", has.width, has.height), spec.sizes);
  compare.AtMost("the picture's width", has.width, spec.max_width);
  compare.AtMost("the picture's height", has.height, spec.max_height);
  compare.Rate("the frame rate", has.frame_rate, spec.frame_rates,
               spec.max_frame_rate);
  const bool interlaced = IsFlaggedInterlaced(has);
  if (!spec.scan.empty() && interlaced != (spec.scan == "interlaced")) {
    differences.push_back(fmt::format("the picture is {}, not {}",
                                      interlaced ? "interlaced" : "progressive",
                                      spec.scan));
  }
}

void CompareAudio(const model::AudioTrack& has, const model::AudioSpec& spec,
                  std::vector<std::string>& differences) {
  Comparison compare(differences);
  const std::string track = fmt::format("the sound of stream {}: ", has.index);
  compare.OneOf((track + "its codec").c_str(), has.codec, spec.codecs);
  compare.OneOf<int64_t>((track + "its rate").c_str(), has.sample_rate_hz,
                         spec.sample_rates_hz);
  compare.OneOf<int64_t>((track + "its number of channels").c_str(),
                         has.channels, spec.channels);
}

}  // namespace

Findings ProfileOutOfSpec(const FileFacts& facts) {
  const model::DeliverySpec& spec = facts.spec;
  if (spec.name.empty() || facts.source.video.index < 0) return {};
  std::vector<std::string> differences;
  CompareContainer(facts, differences);
  CompareVideo(facts.source.video, spec.video, differences);
  for (const model::AudioTrack& track : facts.source.audio)
    CompareAudio(track, spec.audio, differences);
  if (differences.empty()) return {};
  return {{.code = "profile-out-of-spec",
           .severity = model::Severity::kReject,
           .stream = facts.source.video.index,
           .message = fmt::format("The file is not {}: {}.", spec.title,
                                  fmt::join(differences, "; ")),
           .remedy = "Export it again as the specification says.",
           .evidence = {{"spec", spec.name}, {"differences", differences}}}};
}

}  // namespace reel::inspect
