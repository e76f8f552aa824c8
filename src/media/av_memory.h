// How much memory libav may take. A file's header asks for whatever it likes.
#pragma once

#include <cstddef>
#include <cstdint>

namespace reel::media {

// The most that libav may take at once: more than a plane, a packet or an index
// of any title needs.
inline constexpr size_t kMostBlockBytes = size_t{256} << 20;
// The largest picture that is decoded, 8K DCI: some tens of its frames wait in
// a decoder.
inline constexpr int64_t kMostPixels = int64_t{8192} * 4320;

// Makes libav keep to kMostBlockBytes in this process. Cheap; safe from any
// thread.
void BoundAvMemory();

// Whether there is no memory: libav says so (ENOMEM) too when it refuses what a
// file asks for. If a block as large as it may take can be had, it refused.
bool IsMemoryGone();

}  // namespace reel::media
