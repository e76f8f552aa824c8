#include "media/composition_demuxer.h"

#include <algorithm>
#include <utility>

#include "base/file.h"
#include "media/av_error.h"

namespace reel::media {
namespace {

AVRational UnitBase(const model::CompositionTrack& track) {
  return {static_cast<int>(track.unit_rate.den),
          static_cast<int>(track.unit_rate.num)};
}

// The screen it was graded on and the like. Newer libavformat keeps it with the
// codec parameters.
base::Status CopySideData(const AVStream& from, AVStream& to) {
#if LIBAVFORMAT_VERSION_INT < AV_VERSION_INT(60, 15, 100)
  for (int i = 0; i < from.nb_side_data; ++i) {
    const AVPacketSideData& side = from.side_data[i];
    uint8_t* copy = av_stream_new_side_data(&to, side.type, side.size);
    if (copy == nullptr)
      return base::Fail(base::Code::kResourceExhausted, "libav: out of memory");
    std::copy_n(side.data, side.size, copy);
  }
#else
  (void)from;
  (void)to;
#endif
  return {};
}

}  // namespace

base::Result<CompositionDemuxer> CompositionDemuxer::Open(
    const std::string& path) {
  REEL_ASSIGN(const std::string text, base::ReadTextFile(path));
  auto composition = model::ParseComposition(text);
  if (!composition) return base::Prefix(composition.error(), path);
  CompositionDemuxer demuxer(*std::move(composition));
  REEL_TRY(demuxer.OpenTracks());
  return demuxer;
}

base::Status CompositionDemuxer::OpenTracks() {
  context_.reset(avformat_alloc_context());
  if (!context_)
    return base::Fail(base::Code::kResourceExhausted, "libav: out of memory");
  for (const model::CompositionTrack& track : composition_->tracks) {
    if (track.kind == model::TrackKind::kText) continue;
    REEL_ASSIGN(CompositionTrack played,
                CompositionTrack::Open(*composition_, track));
    tracks_.push_back(std::move(played));
    REEL_TRY(AddStream(track, &tracks_.back()));
  }
  for (const model::CompositionTrack& track : composition_->tracks) {
    if (track.kind == model::TrackKind::kText)
      REEL_TRY(AddStream(track, nullptr));
  }
  return {};
}

// `played` is null for text.
base::Status CompositionDemuxer::AddStream(const model::CompositionTrack& track,
                                           const CompositionTrack* played) {
  AVStream* stream = avformat_new_stream(context_.get(), nullptr);
  if (stream == nullptr)
    return base::Fail(base::Code::kResourceExhausted, "libav: out of memory");
  stream->time_base = UnitBase(track);
  stream->start_time = 0;
  stream->duration = track.Units();
  if (!track.language.empty())
    av_dict_set(&stream->metadata, "language", track.language.c_str(), 0);
  if (played == nullptr) {
    stream->codecpar->codec_type = AVMEDIA_TYPE_SUBTITLE;
    stream->codecpar->codec_id = AV_CODEC_ID_TTML;
    return {};
  }
  const AVStream& essence = played->essence();
  REEL_TRY(CheckAv(avcodec_parameters_copy(stream->codecpar, essence.codecpar),
                   "copy codec parameters"));
  REEL_TRY(CopySideData(essence, *stream));
  stream->sample_aspect_ratio = essence.sample_aspect_ratio;
  if (track.kind == model::TrackKind::kPicture) {
    stream->avg_frame_rate = av_inv_q(stream->time_base);
    stream->r_frame_rate = stream->avg_frame_rate;
  }
  // What a player chooses that is not told: the playlist's first.
  const bool is_first_sound =
      track.kind == model::TrackKind::kSound &&
      std::none_of(context_->streams, context_->streams + stream->index,
                   [](const AVStream* other) {
                     return other->codecpar->codec_type == AVMEDIA_TYPE_AUDIO;
                   });
  if (is_first_sound) stream->disposition |= AV_DISPOSITION_DEFAULT;
  context_->duration = std::max(
      context_->duration,
      av_rescale_q(stream->duration, stream->time_base, AV_TIME_BASE_Q));
  return {};
}

int64_t CompositionDemuxer::bytes() const {
  int64_t most = 0;
  for (const CompositionTrack& track : tracks_)
    most = std::max(most, track.bytes());
  return most;
}

base::Result<bool> CompositionDemuxer::Read(AVPacket& packet) {
  int next = -1;
  for (int i = 0; i < static_cast<int>(tracks_.size()); ++i) {
    const AVStream& stream = *context_->streams[i];
    if (stream.discard >= AVDISCARD_ALL ||
        tracks_[i].next() >= tracks_[i].units())
      continue;
    if (next < 0 ||
        av_compare_ts(tracks_[i].next(), stream.time_base, tracks_[next].next(),
                      context_->streams[next]->time_base) < 0)
      next = i;
  }
  if (next < 0) return false;
  REEL_ASSIGN(const bool got, tracks_[next].Read(packet));
  packet.stream_index = next;
  packet.time_base = context_->streams[next]->time_base;
  return got;
}

bool CompositionDemuxer::Seek(int stream, int64_t time) {
  if (stream < 0 || stream >= static_cast<int>(tracks_.size()) || time < 0 ||
      time > tracks_[stream].units())
    return false;
  for (int i = 0; i < static_cast<int>(tracks_.size()); ++i) {
    const int64_t unit =
        av_rescale_q(time, context_->streams[stream]->time_base,
                     context_->streams[i]->time_base);
    tracks_[i].MoveTo(std::min(unit, tracks_[i].units()));
  }
  return true;
}

}  // namespace reel::media
