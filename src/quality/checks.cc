#include "quality/checks.h"

#include <fmt/format.h>

#include <cstdint>
#include <cstdlib>

namespace reel::quality {
namespace {

using base::Code;
using base::Fail;

constexpr int kSmallest = 32, kLargest = 16384;

bool IsSize(int size) { return size >= kSmallest && size <= kLargest; }
bool IsLimit(double limit) { return limit >= 1 && limit <= 100; }  // not NaN

}  // namespace

base::Status CheckFormat(const Format& format) {
  if (!IsSize(format.width) || !IsSize(format.height)) {
    return Fail(Code::kInvalidArgument,
                fmt::format("pictures of {}x{} cannot be scored: VMAF needs "
                            "{} to {} samples each way; scale them first",
                            format.width, format.height, kSmallest, kLargest));
  }
  if (format.bit_depth < 8 || format.bit_depth > 16) {
    return Fail(Code::kInvalidArgument,
                fmt::format("pictures of {} bit cannot be scored: VMAF takes 8 "
                            "to 16 bit; convert them first",
                            format.bit_depth));
  }
  return {};
}

base::Status CheckPlane(const Format& format, const media::Plane& plane,
                        const std::string& name) {
  if (plane.data == nullptr) {
    return Fail(Code::kInvalidArgument,
                fmt::format("{} has no samples: pass its luma", name));
  }
  if (plane.width != format.width || plane.height != format.height) {
    return Fail(Code::kInvalidArgument,
                fmt::format("{} is {}x{}, not {}x{}: scale it to the "
                            "reference's size",
                            name, plane.width, plane.height, format.width,
                            format.height));
  }
  const int bytes = format.bit_depth > 8 ? 2 : 1;
  if (plane.bytes_per_sample != bytes) {
    return Fail(
        Code::kInvalidArgument,
        fmt::format("{} has {} bytes a sample, but {} bit takes {}: "
                    "convert it to the reference's depth",
                    name, plane.bytes_per_sample, format.bit_depth, bytes));
  }
  const bool aligned =
      reinterpret_cast<uintptr_t>(plane.data) % static_cast<uintptr_t>(bytes) ==
          0 &&
      plane.stride_bytes % bytes == 0;
  if (std::abs(plane.stride_bytes) < ptrdiff_t{plane.width} * bytes ||
      !aligned) {
    return Fail(Code::kInvalidArgument,
                fmt::format("{} has lines {} bytes apart for {} samples of {} "
                            "bytes: they overlap or are not aligned",
                            name, plane.stride_bytes, plane.width, bytes));
  }
  return {};
}

base::Status CheckGainLimits(const GainLimits& limits) {
  if (IsLimit(limits.vif) && IsLimit(limits.adm)) return {};
  return Fail(Code::kInvalidArgument,
              fmt::format("gain limits {} and {} are not from 1 (NEG) to 100 "
                          "(VMAF)",
                          limits.vif, limits.adm));
}

}  // namespace reel::quality
