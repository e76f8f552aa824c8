#include "imf/essence_check.h"

#include <fmt/format.h>

#include <string>

#include "imf/essence_coding.h"

namespace reel::imf {
namespace {

using model::Severity;

class Comparison {
 public:
  Comparison(const EssenceDescriptor& descriptor, const media::Essence& essence,
             const Subject& subject, FindingList& findings)
      : says_(descriptor),
        is_(essence),
        subject_(subject),
        findings_(findings) {}

  void Run() {
    switch (is_.kind) {
      case model::TrackKind::kPicture:
        return ComparePicture();
      case model::TrackKind::kSound:
        return CompareSound();
      case model::TrackKind::kText:
        return;
    }
  }

 private:
  template <typename Says, typename Is>
  void Mismatch(const char* what, const Says& says, const Is& is,
                Severity severity = Severity::kReject) {
    findings_.Add(
        "imf-descriptor-mismatch", severity, subject_,
        fmt::format("its descriptor gives {} {}, the essence has {}", what,
                    says, is),
        "Ask the sender which is right: the descriptor or the essence.");
  }

  void Compare(const char* what, std::optional<int64_t> says, int64_t is,
               Severity severity = Severity::kReject) {
    if (says && is > 0 && *says != is) Mismatch(what, *says, is, severity);
  }

  void ComparePicture() {
    CompareSize();
    CompareComponents();
    CompareRate(says_.sample_rate, is_.unit_rate);
    CompareColor();
  }

  // Heights of interlaced pictures may be those of fields (ST 377-1, G.2.2).
  void CompareSize() {
    const auto fits = [](std::optional<int64_t> says, int64_t is) {
      return says && *says == is;
    };
    if (!says_.stored_width || !says_.stored_height) return;
    const int64_t width = is_.video.width;
    const int64_t height = is_.video.height;
    const int64_t field = says_.full_frames ? height : height / 2;
    const bool same_width =
        fits(says_.stored_width, width) || fits(says_.display_width, width);
    const bool same_height =
        fits(says_.stored_height, height) || fits(says_.stored_height, field) ||
        fits(says_.display_height, height) || fits(says_.display_height, field);
    if (same_width && same_height) return;
    Mismatch("pictures of",
             fmt::format("{}x{}", *says_.stored_width, *says_.stored_height),
             fmt::format("{}x{}", width, height));
  }

  void CompareComponents() {
    Compare("a bit depth of", says_.component_depth, is_.video.bit_depth);
    Compare("components:", says_.components, is_.components);
    const bool says_rgb = says_.kind == "RGBADescriptor";
    const bool says_ycc = says_.kind == "CDCIDescriptor";
    if (says_rgb && !is_.rgb && is_.components >= 3)
      Mismatch("components in", "RGB", "colour differences");
    // A bare codestream does not say what its components are.
    if (says_ycc && is_.rgb) {
      findings_.Add("imf-essence-unsupported", Severity::kReject, subject_,
                    "its pictures in colour differences (4:4:4) would be taken "
                    "for RGB by this build's decoder",
                    "Deliver it in RGB or in 4:2:2.");
    }
    if (!says_ycc || is_.rgb || is_.components < 3) return;
    Compare("a horizontal subsampling of", says_.horizontal_subsampling,
            int64_t{1} << is_.chroma_width_shift);
    Compare("a vertical subsampling of", says_.vertical_subsampling,
            int64_t{1} << is_.chroma_height_shift);
  }

  void CompareRate(std::optional<base::Rational> says, base::Rational is) {
    if (!says || is.num <= 0 || *says == is) return;
    Mismatch("a rate of", base::ToString(*says), base::ToString(is));
  }

  void CompareColor() {
    const model::Color& color = is_.video.color;
    CompareName("primaries", PrimariesName(says_.primaries), color.primaries);
    CompareName("the transfer characteristic",
                Curve(TransferName(says_.transfer)), Curve(color.transfer));
    if (!is_.rgb)
      CompareName("the matrix", MatrixName(says_.matrix), color.matrix);
  }

  // BT.709, 601 and 2020 have one curve under several names.
  static std::string Curve(const std::string& transfer) {
    const bool is_709 = transfer == "bt2020-10" || transfer == "bt2020-12" ||
                        transfer == "smpte170m";
    return is_709 ? "bt709" : transfer;
  }

  void CompareName(const char* what, const std::string& says,
                   const std::string& is) {
    if (!says.empty() && !is.empty() && says != is) Mismatch(what, says, is);
  }

  void CompareSound() {
    Compare("channels:", says_.channels, is_.audio.channels);
    CompareRate(says_.audio_rate, is_.unit_rate);
    Compare("bits per sample:", says_.sample_bits, is_.sample_bits,
            Severity::kWarn);
  }

  const EssenceDescriptor& says_;
  const media::Essence& is_;
  const Subject& subject_;
  FindingList& findings_;
};

// What must not change within a track.
std::string Parameters(const media::Essence& essence) {
  if (essence.kind == model::TrackKind::kSound)
    return fmt::format("{}, {} channels, {} Hz", essence.codec,
                       essence.audio.channels, essence.audio.sample_rate_hz);
  return fmt::format("{}, {}x{}, {}, {} bit", essence.codec,
                     essence.video.width, essence.video.height,
                     essence.video.pixel_format, essence.video.bit_depth);
}

}  // namespace

void JudgeDescriptor(const EssenceDescriptor& descriptor,
                     const media::Essence& essence, const Subject& subject,
                     FindingList& findings) {
  Comparison(descriptor, essence, subject, findings).Run();
}

void JudgeHomogeneous(const media::Essence& first, const media::Essence& other,
                      const Subject& subject, FindingList& findings) {
  const std::string before = Parameters(first);
  const std::string after = Parameters(other);
  if (before == after) return;
  findings.Add("imf-descriptor-mismatch", Severity::kReject, subject,
               fmt::format("its essence ({}) is not like that before it in the "
                           "track ({})",
                           after, before),
               "Deliver each track in one format throughout.");
}

}  // namespace reel::imf
