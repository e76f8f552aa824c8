// The outermost elements of a Matroska or WebM file: enough to tell one that
// was cut short. Source: RFC 8794 (EBML), sections 4 to 6; RFC 9559.
#pragma once

#include <cstdint>

#include "base/byte_source.h"
#include "base/result.h"

namespace reel::inspect {

// The bytes that the file's segment claims, but the file does not have; 0 for a
// whole one, one of unknown size (a live recording), and any other file.
// Errors: kIo.
base::Result<int64_t> MissingMatroskaBytes(const base::ByteSource& source);

}  // namespace reel::inspect
