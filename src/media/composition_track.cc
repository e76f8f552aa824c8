#include "media/composition_track.h"

#include <fmt/format.h>

#include <algorithm>

#include "media/codec_facts.h"

namespace reel::media {
namespace {

AVMediaType MediaType(model::TrackKind kind) {
  switch (kind) {
    case model::TrackKind::kPicture:
      return AVMEDIA_TYPE_VIDEO;
    case model::TrackKind::kSound:
      return AVMEDIA_TYPE_AUDIO;
    case model::TrackKind::kText:
      return AVMEDIA_TYPE_SUBTITLE;
  }
  return AVMEDIA_TYPE_UNKNOWN;
}

AVRational UnitBase(const model::CompositionTrack& track) {
  return {static_cast<int>(track.unit_rate.den),
          static_cast<int>(track.unit_rate.num)};
}

}  // namespace

CompositionTrack::CompositionTrack(const model::Composition& composition,
                                   const model::CompositionTrack& track)
    : composition_(&composition), track_(&track) {
  for (size_t i = 0; i < track.resources.size(); ++i) {
    const model::CompositionResource& resource = track.resources[i];
    starts_.push_back(starts_.back() + resource.duration * resource.repeat);
    bytes_.push_back(bytes_.back() + FileOf(i).size_bytes * resource.repeat);
  }
}

base::Result<CompositionTrack> CompositionTrack::Open(
    const model::Composition& composition,
    const model::CompositionTrack& track) {
  CompositionTrack opened(composition, track);
  REEL_TRY(opened.OpenFile(opened.Find(0)));
  return opened;
}

const model::CompositionFile& CompositionTrack::FileOf(size_t resource) const {
  const int32_t file = track_->resources[resource].file;
  return composition_->files[static_cast<size_t>(file)];
}

CompositionTrack::Place CompositionTrack::Find(int64_t unit) const {
  const auto after = std::upper_bound(starts_.begin(), starts_.end() - 1, unit);
  const auto index = static_cast<size_t>(after - starts_.begin() - 1);
  const model::CompositionResource& resource = track_->resources[index];
  const int64_t inside = unit - starts_[index];
  const int64_t offset = inside % resource.duration;
  return {.resource = index,
          .unit = resource.entry + offset,
          .left = resource.duration - offset,
          .position = bytes_[index] +
                      inside / resource.duration * FileOf(index).size_bytes};
}

base::Status CompositionTrack::OpenFile(const Place& place) {
  const model::CompositionResource& resource =
      track_->resources[place.resource];
  const std::string& path = FileOf(place.resource).path;
  input_.reset();
  at_ = -1;
  REEL_ASSIGN(Input input, Input::OpenFile(path));
  const auto streams = static_cast<int32_t>(input.context().nb_streams);
  if (resource.stream >= streams ||
      input.stream(resource.stream).codecpar->codec_type !=
          MediaType(track_->kind))
    return base::Fail(base::Code::kConflict, path + ": track is not there");
  for (int32_t i = 0; i < streams; ++i) {
    if (i != resource.stream) input.stream(i).discard = AVDISCARD_ALL;
  }
  input_.emplace(std::move(input));
  file_ = resource.file;
  stream_ = resource.stream;
  REEL_TRY_DOING(path, CheckStream());
  return {};
}

base::Status CompositionTrack::CheckStream() {
  const AVCodecParameters& codec = *essence().codecpar;
  const char* name = avcodec_get_name(codec.codec_id);
  if (track_->kind == model::TrackKind::kPicture) {
    if (IsIntraOnly(codec.codec_id)) return {};
    return base::Fail(base::Code::kUnsupported,
                      fmt::format("pictures in {} refer to others; they cannot "
                                  "be cut at any frame",
                                  name));
  }
  sample_bytes_ =
      int64_t{LinearPcmBits(codec.codec_id) / 8} * codec.ch_layout.nb_channels;
  if (sample_bytes_ > 0) return {};
  return base::Fail(base::Code::kUnsupported,
                    fmt::format("sound in {} is not linear PCM", name));
}

base::Status CompositionTrack::Seek(const Place& place) {
  const model::CompositionResource& resource =
      track_->resources[place.resource];
  if (!input_ || resource.file != file_ || resource.stream != stream_)
    REEL_TRY(CountFromStart(place));
  if (at_ == place.unit) return {};
  const bool indexed = FileOf(place.resource).indexed;
  if (!indexed && at_ >= 0 && at_ < place.unit) return {};  // counts on
  const int64_t time =
      av_rescale_q(place.unit, UnitBase(*track_), essence().time_base);
  if (!indexed || !input_->Seek(stream_, time)) return CountFromStart(place);
  at_ = place.unit;
  counted_ = false;
  return {};
}

// Slow, never wrong.
base::Status CompositionTrack::CountFromStart(const Place& place) {
  REEL_TRY(OpenFile(place));
  at_ = 0;
  counted_ = true;
  return {};
}

base::Result<bool> CompositionTrack::ReadStream(AVPacket& packet) {
  do {
    REEL_ASSIGN(const bool got, input_->Read(packet));
    if (!got) return false;
  } while (packet.stream_index != stream_);
  return true;
}

base::Result<bool> CompositionTrack::Read(AVPacket& packet) {
  if (next_ >= units()) return false;
  const Place place = Find(next_);
  // Until it has been read in full.
  const int64_t unit = next_;
  auto status = Seek(place);
  if (status)
    status = track_->kind == model::TrackKind::kPicture
                 ? ReadPicture(place, packet)
                 : ReadSound(place, packet);
  if (!status) {
    at_ = -1;
    return base::Prefix(status.error(), FileOf(place.resource).path);
  }
  if (packet.pos >= 0) packet.pos += place.position;
  packet.pts = packet.dts = unit;
  next_ = unit + packet.duration;
  return true;
}

base::Status CompositionTrack::ReadPicture(const Place& place,
                                           AVPacket& packet) {
  for (;;) {
    REEL_ASSIGN(const bool got, ReadStream(packet));
    if (!got) return EndsEarly(place);
    if (at_++ != place.unit) continue;
    if (counted_ || UnitOf(packet) == place.unit) break;
    REEL_TRY(CountFromStart(place));  // the index misleads
  }
  packet.duration = 1;
  if ((packet.flags & AV_PKT_FLAG_KEY) != 0) return {};
  return base::Fail(base::Code::kUnsupported,
                    fmt::format("frame {} refers to others", place.unit));
}

base::Status CompositionTrack::ReadSound(const Place& place, AVPacket& packet) {
  for (;;) {
    REEL_ASSIGN(const bool got, ReadStream(packet));
    if (!got) return EndsEarly(place);
    // A seek may arrive before the sample that was asked for.
    const int64_t stamped = UnitOf(packet);
    const int64_t first = counted_ || stamped < 0 ? at_ : stamped;
    const int64_t samples = packet.size / sample_bytes_;
    at_ = first + samples;
    if (at_ <= place.unit) continue;
    if (first > place.unit)
      return base::Fail(
          base::Code::kCorruptInput,
          fmt::format("samples {} to {} are not there", place.unit, first));
    const int64_t skipped = place.unit - first;
    const int64_t taken = std::min(samples - skipped, place.left);
    packet.data += skipped * sample_bytes_;
    packet.size = static_cast<int>(taken * sample_bytes_);
    if (packet.pos >= 0) packet.pos += skipped * sample_bytes_;
    packet.duration = taken;
    return {};
  }
}

tl::unexpected<base::Error> CompositionTrack::EndsEarly(
    const Place& place) const {
  return base::Fail(
      base::Code::kCorruptInput,
      fmt::format("ends before unit {}, which the composition plays",
                  place.unit));
}

// -1: the demuxer does not say.
int64_t CompositionTrack::UnitOf(const AVPacket& packet) const {
  const int64_t time = packet.pts != AV_NOPTS_VALUE ? packet.pts : packet.dts;
  if (time == AV_NOPTS_VALUE) return -1;
  return av_rescale_q(time, essence().time_base, UnitBase(*track_));
}

}  // namespace reel::media
