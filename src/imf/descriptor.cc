#include "imf/descriptor.h"

#include <string>

#include "imf/fields.h"

namespace reel::imf {
namespace {

std::optional<int64_t> IntegerOf(const XmlElement& parent,
                                 std::string_view name) {
  return ParseInteger(TextOf(parent, name));
}

std::optional<base::Rational> RateOf(const XmlElement& parent,
                                     std::string_view name) {
  return ParseRate(TextOf(parent, name));
}

std::string LabelOf(const XmlElement& parent, std::string_view name) {
  return ParseUl(TextOf(parent, name)).value_or("");
}

// Whether a component of a PixelLayout is a colour or alpha (ST 377-1, G.2.40).
bool IsComponent(std::string_view code) {
  return code == "CompRed" || code == "CompGreen" || code == "CompBlue" ||
         code == "CompAlpha" || code == "CompX" || code == "CompY" ||
         code == "CompZ";
}

void ReadPixelLayout(const XmlElement& element, EssenceDescriptor& out) {
  const auto layout = element.Child("PixelLayout");
  if (!layout) return;
  int64_t count = 0;
  for (const XmlElement& component : layout->Children("RGBAComponent")) {
    if (!IsComponent(TextOf(component, "Code"))) continue;
    ++count;
    out.component_depth = IntegerOf(component, "ComponentSize");
  }
  // Codes may be written in other ways; then nothing is known.
  if (count > 0) out.components = count;
}

void ReadPicture(const XmlElement& element, EssenceDescriptor& out) {
  out.stored_width = IntegerOf(element, "StoredWidth");
  out.stored_height = IntegerOf(element, "StoredHeight");
  out.display_width = IntegerOf(element, "DisplayWidth");
  out.display_height = IntegerOf(element, "DisplayHeight");
  const std::string layout = TextOf(element, "FrameLayout");
  out.full_frames = layout.empty() || layout == "FullFrame";
  out.component_depth = IntegerOf(element, "ComponentDepth");
  out.horizontal_subsampling = IntegerOf(element, "HorizontalSubsampling");
  out.vertical_subsampling = IntegerOf(element, "VerticalSubsampling");
  if (element.name() == "CDCIDescriptor") {
    const auto alpha = IntegerOf(element, "AlphaSampleDepth");
    out.components = alpha.value_or(0) > 0 ? 4 : 3;
  }
  ReadPixelLayout(element, out);
  out.transfer = LabelOf(element, "TransferCharacteristic");
  out.primaries = LabelOf(element, "ColorPrimaries");
  out.matrix = LabelOf(element, "CodingEquations");
  out.coding = LabelOf(element, "PictureCompression");
}

// The soundfield group's language, else the first label's that has one.
void ReadLabels(const XmlElement& element, EssenceDescriptor& out) {
  const auto labels = element.Child("SubDescriptors");
  if (!labels) return;
  for (const XmlElement& label : labels->Children()) {
    const bool is_group = label.name() == "SoundfieldGroupLabelSubDescriptor" ||
                          label.name() == "IABSoundfieldLabelSubDescriptor";
    if (is_group) out.soundfield = TextOf(label, "MCATagSymbol");
    const std::string language = TextOf(label, "RFC5646SpokenLanguage");
    if (!language.empty() && (is_group || out.language.empty()))
      out.language = language;
  }
}

void ReadSound(const XmlElement& element, EssenceDescriptor& out) {
  out.audio_rate = RateOf(element, "AudioSampleRate");
  out.channels = IntegerOf(element, "ChannelCount");
  out.sample_bits = IntegerOf(element, "QuantizationBits");
  if (out.coding.empty()) out.coding = LabelOf(element, "SoundCompression");
  ReadLabels(element, out);
}

// "en, fr": the first of the list.
void ReadText(const XmlElement& element, EssenceDescriptor& out) {
  const std::string list = TextOf(element, "RFC5646LanguageTagList");
  if (!list.empty()) out.language = list.substr(0, list.find_first_of(", "));
}

}  // namespace

EssenceDescriptor ReadDescriptor(const XmlElement& wrapper) {
  EssenceDescriptor out;
  out.line = wrapper.line();
  for (const XmlElement& element : wrapper.Children()) {
    if (element.name() == "Id") continue;
    out.kind = element.name();
    out.sample_rate = RateOf(element, "SampleRate");
    out.container = LabelOf(element, "ContainerFormat");
    ReadPicture(element, out);
    ReadSound(element, out);
    ReadText(element, out);
    break;
  }
  return out;
}

}  // namespace reel::imf
