// The few facts of an MXF file that libavformat does not tell, above all when
// it cannot open one. SMPTE ST 377-1 (KLV, partitions, header metadata).
#pragma once

#include <string>

#include "base/result.h"

namespace reel::imf {

struct MxfFacts {
  // UUID of the file package, from its UMID (ST 330); "" if it has none.
  std::string package_id;
  // Labels, 32 hexadecimal digits, or "": of the descriptor's picture or sound
  // compression, and of the essence container.
  std::string coding;
  std::string container;
  // Whether any partition holds index table segments.
  bool has_index = false;
};

// Reads the partition packs and the header metadata, within bounds: at most
// 16 MiB of metadata and 100,000 partitions.
// Errors: kCorruptInput (not MXF), kNotFound, kInvalidArgument, kIo.
base::Result<MxfFacts> ReadMxfFacts(const std::string& path);

}  // namespace reel::imf
