// VMAF model files: whole, and the regression text inside alone.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "quality/fusion.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  (void)reel::quality::SupportVectors::Parse(text);
  if (const auto model = reel::quality::FusionModel::Parse(text, "fuzz"))
    (void)model->Score({});
  return 0;
}
