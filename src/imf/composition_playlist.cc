#include "imf/composition_playlist.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "imf/descriptor.h"
#include "imf/fields.h"
#include "imf/xml.h"

namespace reel::imf {
namespace {

SequenceKind KindOf(std::string_view name) {
  constexpr std::pair<std::string_view, SequenceKind> kKinds[] = {
      {"MainImageSequence", SequenceKind::kImage},
      {"MainAudioSequence", SequenceKind::kAudio},
      {"SubtitlesSequence", SequenceKind::kText},
      {"MainSubtitleSequence", SequenceKind::kText},
      {"HearingImpairedCaptionsSequence", SequenceKind::kText},
      {"VisuallyImpairedTextSequence", SequenceKind::kText},
      {"ForcedNarrativeSequence", SequenceKind::kText},
      {"CommentarySequence", SequenceKind::kText},
      {"KaraokeSequence", SequenceKind::kText},
      {"MarkerSequence", SequenceKind::kMarker}};
  const auto* found =
      std::find_if(std::begin(kKinds), std::end(kKinds),
                   [&](const auto& entry) { return entry.first == name; });
  return found == std::end(kKinds) ? SequenceKind::kOther : found->second;
}

// ST 2067-3, 6.11 and 6.12: what is absent has a default.
std::optional<Resource> ReadResource(const XmlElement& element,
                                     base::Rational edit_rate,
                                     FieldReader& reader) {
  Resource resource;
  resource.line = element.line();
  const auto id = reader.NeedUuid(element, "Id");
  const auto rate = reader.Rate(element, "EditRate", edit_rate);
  const auto intrinsic = reader.NeedInteger(element, "IntrinsicDuration");
  const auto entry = reader.Integer(element, "EntryPoint", 0);
  if (!id || !rate || !intrinsic || !entry) return std::nullopt;
  const auto duration =
      reader.Integer(element, "SourceDuration", *intrinsic - *entry);
  const auto repeat = reader.Integer(element, "RepeatCount", 1);
  if (!duration || !repeat) return std::nullopt;
  resource.id = *id;
  resource.edit_rate = *rate;
  resource.intrinsic_duration = *intrinsic;
  resource.entry_point = *entry;
  resource.source_duration = *duration;
  resource.repeat_count = *repeat;
  return resource;
}

// A resource of a virtual track that is played: it names its track file.
std::optional<Resource> ReadTrackFileResource(const XmlElement& element,
                                              base::Rational edit_rate,
                                              FieldReader& reader) {
  auto resource = ReadResource(element, edit_rate, reader);
  const auto file = reader.NeedUuid(element, "TrackFileId");
  if (!resource || !file) return std::nullopt;
  resource->track_file_id = *file;
  if (element.Child("SourceEncoding")) {
    resource->source_encoding =
        reader.NeedUuid(element, "SourceEncoding").value_or("");
  }
  return resource;
}

std::optional<Sequence> ReadSequence(const XmlElement& element,
                                     base::Rational edit_rate,
                                     FieldReader& reader) {
  Sequence sequence;
  sequence.name = element.name();
  sequence.kind = KindOf(sequence.name);
  sequence.line = element.line();
  const auto id = reader.NeedUuid(element, "Id");
  const auto track = reader.NeedUuid(element, "TrackId");
  const auto list = reader.Need(element, "ResourceList");
  if (!id || !track || !list) return std::nullopt;
  sequence.id = *id;
  sequence.track_id = *track;
  for (const XmlElement& child : list->Children("Resource")) {
    auto resource = sequence.kind == SequenceKind::kMarker
                        ? ReadResource(child, edit_rate, reader)
                        : ReadTrackFileResource(child, edit_rate, reader);
    if (resource) sequence.resources.push_back(*std::move(resource));
  }
  if (list->Children("Resource").empty())
    reader.Complain(*list, "has no Resource");
  return sequence;
}

Segment ReadSegment(const XmlElement& element, base::Rational edit_rate,
                    FieldReader& reader) {
  Segment segment;
  segment.id = reader.NeedUuid(element, "Id").value_or("");
  const auto list = reader.Need(element, "SequenceList");
  if (!list) return segment;
  for (const XmlElement& child : list->Children()) {
    if (auto sequence = ReadSequence(child, edit_rate, reader))
      segment.sequences.push_back(*std::move(sequence));
  }
  return segment;
}

void ReadDescriptors(const XmlElement& root, FieldReader& reader,
                     CompositionPlaylist& playlist) {
  const auto list = root.Child("EssenceDescriptorList");
  if (!list) return;
  for (const XmlElement& element : list->Children("EssenceDescriptor")) {
    const auto id = reader.NeedUuid(element, "Id");
    if (!id) continue;
    playlist.descriptors.emplace(*id, ReadDescriptor(element));
  }
}

void ReadApplications(const XmlElement& root, CompositionPlaylist& playlist) {
  const auto properties = root.Child("ExtensionProperties");
  if (!properties) return;
  std::string_view text;
  const auto element = properties->Child("ApplicationIdentification");
  if (element) text = element->text();
  while (!text.empty()) {
    const size_t end = std::min(text.find_first_of(" \t\r\n"), text.size());
    if (end > 0) playlist.applications.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

}  // namespace

const EssenceDescriptor* CompositionPlaylist::FindDescriptor(
    const std::string& descriptor_id) const {
  const auto found = descriptors.find(descriptor_id);
  return found == descriptors.end() ? nullptr : &found->second;
}

CompositionPlaylist ParseCompositionPlaylist(std::string_view text,
                                             const std::string& file,
                                             FindingList& findings) {
  CompositionPlaylist playlist;
  playlist.file = file;
  const auto document = XmlDocument::Parse(text);
  if (!document) {
    AddUnreadable(file, document.error().message, findings);
    return playlist;
  }
  FieldReader reader(file, findings);
  const XmlElement root = document->root();
  if (!reader.CheckRoot(root, "CompositionPlaylist", {"2067-3", "429-7"}))
    return playlist;
  playlist.id = reader.NeedUuid(root, "Id").value_or("");
  playlist.title = TextOf(root, "ContentTitle");
  const auto rate = reader.Need(root, "EditRate")
                        ? reader.Rate(root, "EditRate", {0, 1})
                        : std::nullopt;
  const auto segments = reader.Need(root, "SegmentList");
  ReadDescriptors(root, reader, playlist);
  ReadApplications(root, playlist);
  if (!rate || !segments) return playlist;
  playlist.edit_rate = *rate;
  const std::vector<XmlElement> elements = segments->Children("Segment");
  if (elements.size() > kMaxSegments) {
    reader.Complain(*segments, fmt::format("has {} segments; {} are the most "
                                           "that are read",
                                           elements.size(), kMaxSegments));
    return playlist;
  }
  for (const XmlElement& segment : elements)
    playlist.segments.push_back(ReadSegment(segment, *rate, reader));
  if (playlist.segments.empty()) reader.Complain(*segments, "has no Segment");
  return playlist;
}

}  // namespace reel::imf
