// How objects are joined by multipart upload, whose parts but the last must
// have 5 MiB at least ("Multipart upload limits", Amazon S3 user guide).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace reel::platform {

inline constexpr int64_t kLeastPartBytes = int64_t{5} << 20;
inline constexpr int64_t kMostPartBytes = int64_t{5} << 30;

// Some bytes of one of the objects.
struct ComposePiece {
  size_t object = 0;
  int64_t offset = 0;
  int64_t size_bytes = 0;
  bool operator==(const ComposePiece&) const = default;
};

// One piece of 5 MiB or more is copied by the server; several, or a smaller
// one, have to be sent.
struct ComposePart {
  std::vector<ComposePiece> pieces;
  int64_t size_bytes() const;
  bool is_copied() const;
};

// The parts of a whole, in order: each byte of each object once. What is sent
// is as little as may be, less than 10 MiB a part. Pure.
//   sizes  of the objects, in bytes, >= 0
std::vector<ComposePart> PlanCompose(std::span<const int64_t> sizes);

}  // namespace reel::platform
