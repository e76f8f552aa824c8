#include "media/mp4_track.h"

#include <fmt/format.h>

#include <limits>

#include "media/mp4_box.h"

namespace reel::media {
namespace {

using base::Code;
using base::Fail;
using base::Result;
using base::Status;
using Bytes = std::span<const uint8_t>;

// More than any segment has; bounds a run whose samples need no bytes.
constexpr uint32_t kMaxSamples = 1 << 16;

tl::unexpected<base::Error> CutShort(const char* type) {
  return Fail(Code::kCorruptInput, fmt::format("{} box is cut short", type));
}

// The version of a full box; its flags are the 24 bits after it.
struct FullBox {
  explicit FullBox(FieldReader& fields)
      : version(fields.Get<uint8_t>()),
        flags(static_cast<uint32_t>(fields.GetBytes(3))) {}
  uint8_t version;
  uint32_t flags;
};

// ISO/IEC 14496-1, 7.2.6: a descriptor's content, if it is one of `tag`.
Bytes TakeDescriptor(FieldReader& fields, uint8_t tag) {
  if (fields.Get<uint8_t>() != tag) return {};
  size_t size = 0;
  for (int i = 0; i < 4; ++i) {
    const auto byte = fields.Get<uint8_t>();
    size = size << 7 | (byte & 0x7Fu);
    if ((byte & 0x80) == 0) break;
  }
  return size <= fields.rest().size() ? fields.rest().first(size) : Bytes();
}

// ISO/IEC 14496-3, 1.6.2.1: five bits, or six more after an escape.
int AudioObjectType(Bytes config) {
  const int type = config[0] >> 3;
  if (type != 31 || config.size() < 2) return type;
  return 32 + ((config[0] & 7) << 3 | config[1] >> 5);
}

Status ParseEsds(Bytes esds, TrackHeader& track) {
  FieldReader fields(esds);
  fields.Skip(4);
  FieldReader stream(TakeDescriptor(fields, 3));
  stream.Skip(2);  // ES_ID
  const auto flags = stream.Get<uint8_t>();
  if (flags & 0x80) stream.Skip(2);                      // depends on
  if (flags & 0x40) stream.Skip(stream.Get<uint8_t>());  // URL
  if (flags & 0x20) stream.Skip(2);                      // clock
  FieldReader decoder(TakeDescriptor(stream, 4));
  const auto object_type = decoder.Get<uint8_t>();
  decoder.Skip(12);
  const Bytes config = TakeDescriptor(decoder, 5);
  if (!decoder.ok() || config.empty()) return CutShort("esds");
  track.config.assign(config.begin(), config.end());
  track.codecs =
      fmt::format("mp4a.{:02x}.{}", object_type, AudioObjectType(config));
  return {};
}

// Rec. ITU-T H.264, A.2, from profile_idc and constraint_set flags.
std::string AvcProfileName(uint8_t profile, uint8_t constraints) {
  switch (profile) {
    case 66:
      return (constraints & 0x40) ? "Constrained Baseline" : "Baseline";
    case 77:
      return "Main";
    case 88:
      return "Extended";
    case 100:
      return "High";
    case 110:
      return "High 10";
    case 122:
      return "High 4:2:2";
    case 244:
      return "High 4:4:4 Predictive";
    default:
      return fmt::format("profile {}", profile);
  }
}

Status ParseAvcC(Bytes avcc, TrackHeader& track) {
  if (avcc.size() < 7 || avcc[0] != 1) return CutShort("avcC");
  track.config.assign(avcc.begin(), avcc.end());
  track.codecs =
      fmt::format("avc1.{:02x}{:02x}{:02x}", avcc[1], avcc[2], avcc[3]);
  track.profile = AvcProfileName(avcc[1], avcc[2]);
  return {};
}

Status ParsePictureEntry(Bytes entry, TrackHeader& track) {
  FieldReader fields(entry);
  fields.Skip(24);
  track.width = fields.Get<uint16_t>();
  track.height = fields.Get<uint16_t>();
  fields.Skip(50);
  if (!fields.ok()) return CutShort("avc1");
  REEL_ASSIGN(const Bytes avcc, RequireBox(fields.rest(), "avcC"));
  return ParseAvcC(avcc, track);
}

Status ParseSoundEntry(Bytes entry, TrackHeader& track) {
  FieldReader fields(entry);
  fields.Skip(16);
  track.channels = fields.Get<uint16_t>();
  fields.Skip(6);
  track.sample_rate_hz = static_cast<int>(fields.Get<uint32_t>() >> 16);
  if (!fields.ok()) return CutShort("mp4a");
  REEL_ASSIGN(const Bytes esds, RequireBox(fields.rest(), "esds"));
  return ParseEsds(esds, track);
}

Status ParseSampleEntry(Bytes stsd, TrackHeader& track) {
  FieldReader fields(stsd);
  fields.Skip(4);
  const auto entries = fields.Get<uint32_t>();
  Bytes boxes = fields.rest();
  REEL_ASSIGN(const std::optional<BoxView> entry, TakeBox(boxes));
  if (!fields.ok() || !entry) return CutShort("stsd");
  track.sample_entry = entry->type;
  if (entries == 1 && entry->type == "avc1")
    return ParsePictureEntry(entry->payload, track);
  if (entries == 1 && entry->type == "mp4a")
    return ParseSoundEntry(entry->payload, track);
  return Fail(
      Code::kUnsupported,
      fmt::format("{} sample entries, the first is not avc1 or mp4a", entries));
}

Status ParseEditList(Bytes elst, TrackHeader& track) {
  FieldReader fields(elst);
  const FullBox box(fields);
  const auto entries = fields.Get<uint32_t>();
  for (uint32_t i = 0; i < entries && fields.ok(); ++i) {
    fields.Skip(box.version == 1 ? 8 : 4);  // duration
    const int64_t start =
        box.version == 1 ? fields.Get<int64_t>() : fields.Get<int32_t>();
    fields.Skip(4);  // rate
    if (start < 0) continue;
    track.edit_start_ticks = start;
    break;
  }
  return fields.ok() ? Status() : CutShort("elst");
}

Status ParseTrackId(Bytes tkhd, TrackHeader& track) {
  FieldReader fields(tkhd);
  const FullBox box(fields);
  fields.Skip(box.version == 1 ? 16 : 8);
  track.track_id = fields.Get<uint32_t>();
  return fields.ok() ? Status() : CutShort("tkhd");
}

Status ParseTimescale(Bytes mdhd, TrackHeader& track) {
  FieldReader fields(mdhd);
  const FullBox box(fields);
  fields.Skip(box.version == 1 ? 16 : 8);
  track.timescale_hz = fields.Get<uint32_t>();
  if (!fields.ok()) return CutShort("mdhd");
  if (track.timescale_hz > 0) return {};
  return Fail(Code::kCorruptInput, "mdhd box: the timescale is 0");
}

Status ParseDefaults(Bytes trex, TrackHeader& track) {
  FieldReader fields(trex);
  fields.Skip(12);
  track.default_duration = fields.Get<uint32_t>();
  track.default_bytes = fields.Get<uint32_t>();
  track.default_flags = fields.Get<uint32_t>();
  return fields.ok() ? Status() : CutShort("trex");
}

Status ParseTrak(Bytes trak, TrackHeader& track) {
  REEL_ASSIGN(const Bytes tkhd, RequireBox(trak, "tkhd"));
  REEL_TRY(ParseTrackId(tkhd, track));
  REEL_ASSIGN(const std::optional<Bytes> edts, FindBox(trak, "edts"));
  if (edts) {
    REEL_ASSIGN(const Bytes elst, RequireBox(*edts, "elst"));
    REEL_TRY(ParseEditList(elst, track));
  }
  REEL_ASSIGN(const Bytes mdia, RequireBox(trak, "mdia"));
  REEL_ASSIGN(const Bytes mdhd, RequireBox(mdia, "mdhd"));
  REEL_TRY(ParseTimescale(mdhd, track));
  REEL_ASSIGN(const Bytes minf, RequireBox(mdia, "minf"));
  REEL_ASSIGN(const Bytes stbl, RequireBox(minf, "stbl"));
  REEL_ASSIGN(const Bytes stsd, RequireBox(stbl, "stsd"));
  return ParseSampleEntry(stsd, track);
}

// What a fragment says in place of the track's defaults.
struct RunDefaults {
  uint32_t duration;
  uint32_t bytes;
  uint32_t flags;
};

Result<RunDefaults> ParseTfhd(Bytes tfhd, const TrackHeader& track) {
  FieldReader fields(tfhd);
  const FullBox box(fields);
  if (fields.Get<uint32_t>() != track.track_id) {
    return Fail(Code::kCorruptInput, "tfhd box is of another track");
  }
  if (box.flags & 0x1) {
    return Fail(Code::kUnsupported, "tfhd box has an absolute data offset");
  }
  if (box.flags & 0x2) fields.Skip(4);  // sample description
  RunDefaults run{track.default_duration, track.default_bytes,
                  track.default_flags};
  if (box.flags & 0x8) run.duration = fields.Get<uint32_t>();
  if (box.flags & 0x10) run.bytes = fields.Get<uint32_t>();
  if (box.flags & 0x20) run.flags = fields.Get<uint32_t>();
  if (!fields.ok()) return CutShort("tfhd");
  return run;
}

Status ParseTfdt(Bytes tfdt, Fragment& fragment) {
  FieldReader fields(tfdt);
  const FullBox box(fields);
  fragment.decode_ticks =
      box.version == 1 ? fields.Get<int64_t>() : fields.Get<uint32_t>();
  if (!fields.ok()) return CutShort("tfdt");
  // Half the range: no sum of durations of a fragment overflows from there.
  if (fragment.decode_ticks >= 0 &&
      fragment.decode_ticks <= std::numeric_limits<int64_t>::max() / 2) {
    return {};
  }
  return Fail(Code::kCorruptInput, "tfdt box: the time is out of range");
}

Sample ParseSample(FieldReader& fields, const FullBox& box,
                   const RunDefaults& run) {
  Sample sample;
  sample.duration_ticks =
      box.flags & 0x100 ? fields.Get<uint32_t>() : run.duration;
  sample.bytes = box.flags & 0x200 ? fields.Get<uint32_t>() : run.bytes;
  const uint32_t flags = box.flags & 0x400 ? fields.Get<uint32_t>() : run.flags;
  sample.sync = (flags & 0x10000) == 0;
  if (box.flags & 0x800) {
    const auto offset = fields.Get<uint32_t>();
    sample.composition_ticks = box.version == 0
                                   ? int64_t{offset}
                                   : int64_t{static_cast<int32_t>(offset)};
  }
  return sample;
}

Status ParseTrun(Bytes trun, const RunDefaults& run, Fragment& fragment) {
  FieldReader fields(trun);
  const FullBox box(fields);
  const auto count = fields.Get<uint32_t>();
  if (box.flags & 0x1) fragment.data_offset = fields.Get<int32_t>();
  std::optional<uint32_t> first_flags;
  if (box.flags & 0x4) first_flags = fields.Get<uint32_t>();
  if (count == 0 || count > kMaxSamples) {
    return Fail(Code::kCorruptInput,
                fmt::format("trun box has {} samples", count));
  }
  for (uint32_t i = 0; i < count && fields.ok(); ++i)
    fragment.samples.push_back(ParseSample(fields, box, run));
  if (first_flags) fragment.samples[0].sync = (*first_flags & 0x10000) == 0;
  return fields.ok() ? Status() : CutShort("trun");
}

}  // namespace

Result<TrackHeader> ParseTrackHeader(Bytes init) {
  TrackHeader track;
  REEL_ASSIGN(const Bytes moov, RequireBox(init, "moov"));
  REEL_ASSIGN(const Bytes trak, RequireOnlyBox(moov, "trak"));
  REEL_TRY(ParseTrak(trak, track));
  REEL_ASSIGN(const Bytes mvex, RequireBox(moov, "mvex"));
  REEL_ASSIGN(const Bytes trex, RequireOnlyBox(mvex, "trex"));
  REEL_TRY(ParseDefaults(trex, track));
  return track;
}

Result<Fragment> ParseFragment(Bytes moof, const TrackHeader& track) {
  REEL_ASSIGN(const Bytes boxes, RequireBox(moof, "moof"));
  REEL_ASSIGN(const Bytes mfhd, RequireBox(boxes, "mfhd"));
  FieldReader fields(mfhd);
  fields.Skip(4);
  Fragment fragment;
  fragment.sequence_number = fields.Get<uint32_t>();
  if (!fields.ok()) return CutShort("mfhd");
  REEL_ASSIGN(const Bytes traf, RequireOnlyBox(boxes, "traf"));
  REEL_ASSIGN(const Bytes tfhd, RequireBox(traf, "tfhd"));
  REEL_ASSIGN(const RunDefaults run, ParseTfhd(tfhd, track));
  REEL_ASSIGN(const Bytes tfdt, RequireBox(traf, "tfdt"));
  REEL_TRY(ParseTfdt(tfdt, fragment));
  REEL_ASSIGN(const Bytes trun, RequireOnlyBox(traf, "trun"));
  REEL_TRY(ParseTrun(trun, run, fragment));
  return fragment;
}

}  // namespace reel::media
