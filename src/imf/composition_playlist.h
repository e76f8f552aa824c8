// A composition playlist (CPL): how a title is put together. SMPTE ST 2067-3,
// its common constraints ST 2067-2, descriptors after ST 2067-3 annex (RegXML,
// ST 2001-1).
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/rational.h"
#include "imf/finding_list.h"

namespace reel::imf {

inline constexpr size_t kMaxSegments = 5000;

// What an essence descriptor says of its essence; nullopt or "" where it is
// silent. Labels are 32 hexadecimal digits.
struct EssenceDescriptor {
  std::string kind;  // the element's name: "RGBADescriptor"
  int64_t line = 0;
  std::optional<base::Rational> sample_rate;  // edit units per second
  std::string coding;     // label of the picture's or sound's compression
  std::string container;  // label of the essence container
  // Pictures.
  std::optional<int64_t> stored_width, stored_height;
  std::optional<int64_t> display_width, display_height;
  bool full_frames = true;  // FrameLayout: no separate fields
  std::optional<int64_t> component_depth;
  std::optional<int64_t> components;  // colour components and alpha
  std::optional<int64_t> horizontal_subsampling, vertical_subsampling;
  std::string transfer, primaries, matrix;  // labels
  // Sound.
  std::optional<base::Rational> audio_rate;
  std::optional<int64_t> channels, sample_bits;
  std::string soundfield;  // MCA tag symbol: "sgST"
  std::string language;    // RFC 5646 tag, of sound or timed text
};

struct Resource {
  std::string id;
  std::string track_file_id;    // "" for what is no track file
  std::string source_encoding;  // id of its descriptor, or ""
  base::Rational edit_rate;
  int64_t intrinsic_duration = 0;  // edit units of the whole file
  int64_t entry_point = 0;
  int64_t source_duration = 0;
  int64_t repeat_count = 1;
  int64_t line = 0;
};

enum class SequenceKind { kImage, kAudio, kText, kMarker, kOther };

struct Sequence {
  SequenceKind kind = SequenceKind::kOther;
  std::string name;  // the element's: "MainAudioSequence"
  std::string id;
  std::string track_id;
  std::vector<Resource> resources;
  int64_t line = 0;
};

struct Segment {
  std::string id;
  std::vector<Sequence> sequences;
};

struct CompositionPlaylist {
  std::string file;  // by its path in the package
  std::string id;
  std::string title;
  std::vector<std::string> applications;
  base::Rational edit_rate{0, 1};                        // {0, 1}: not readable
  std::map<std::string, EssenceDescriptor> descriptors;  // by id
  std::vector<Segment> segments;

  // Null if there is none of that id.
  const EssenceDescriptor* FindDescriptor(
      const std::string& descriptor_id) const;
};

// What can be read of it; the rest becomes findings that name `file`. Numbers
// of resources are as written, however absurd: timeline.h judges them. Pure.
CompositionPlaylist ParseCompositionPlaylist(std::string_view text,
                                             const std::string& file,
                                             FindingList& findings);

}  // namespace reel::imf
