// What is in a file of one essence, a track file of a package: more than the
// header says, for its first picture is decoded.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/rational.h"
#include "base/result.h"
#include "model/composition.h"
#include "model/source.h"

namespace reel::media {

struct Essence {
  model::TrackKind kind = model::TrackKind::kPicture;
  int stream = 0;
  std::string codec;         // libavcodec's name
  base::Rational unit_rate;  // frames or samples per second
  int64_t units = 0;         // as the header says; 0: it does not
  // Of a picture: size and format of its decoded first frame, the rest as the
  // header says. components: 1 gray, 3, 4 with alpha.
  model::VideoTrack video;
  int components = 0;
  bool rgb = false;
  int chroma_width_shift = 0;  // log2 of the chroma's subsampling
  int chroma_height_shift = 0;
  bool intra_only = false;
  model::AudioTrack audio;  // of a sound
  int sample_bits = 0;
  bool linear_pcm = false;
  // Why nothing of it can be decoded: libav's words; empty when it can.
  std::string undecodable;
};

// The first picture, else sound, else text of the file.
// Errors: as Input::OpenFile; kUnsupported when there is none of them.
base::Result<Essence> ProbeEssence(const std::string& path);

}  // namespace reel::media
