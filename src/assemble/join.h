// Joining: chunks into one CMAF track file, by concatenation.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "base/result.h"
#include "model/encoded.h"

namespace reel::assemble {

// One encoded chunk and where its bytes are.
struct ChunkFiles {
  model::EncodedChunk record;
  std::string init_path;       // ftyp + moov
  std::string fragments_path;  // one moof + mdat per segment
};

// Writes init + sidx + all fragments to `out_path`, which appears whole or not
// at all, and says what is where in it. Nothing is encoded again; memory does
// not depend on the length.
//   chunks  [n >= 1], presentation order, of one rendition
// Errors: kInvalidArgument for chunks that do not follow each other or are of
// several renditions; kOutputWrong for bytes that are not what the records say:
// another init segment or digest, a fragment that does not start at its
// segment's time with a key frame.
base::Result<model::VideoTrackFile> JoinVideo(
    std::span<const ChunkFiles> chunks, const std::string& out_path);

// A whole sound track as encoded: `facts` with all but what joining adds
// (init_bytes, index_bytes, segment_offsets, bytes, sha256).
struct AudioFiles {
  model::AudioTrackFile facts;
  std::string init_path;       // ftyp + moov
  std::string fragments_path;  // one moof + mdat per segment
};
// As JoinVideo. Segments' times are presentation times, the first at 0; decode
// times are later by the priming, except that the first fragment, which holds
// the priming too, starts at 0.
base::Result<model::AudioTrackFile> JoinAudio(const AudioFiles& audio,
                                              const std::string& out_path);

}  // namespace reel::assemble
