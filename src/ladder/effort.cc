#include "ladder/effort.h"

#include <array>
#include <utility>

namespace reel::ladder {

double EncodeSecondsPerMegapixel(std::string_view preset) {
  constexpr std::array<std::pair<std::string_view, double>, 9> kPresets{
      {{"ultrafast", 0.012},
       {"superfast", 0.02},
       {"veryfast", 0.03},
       {"faster", 0.05},
       {"fast", 0.065},
       {"medium", 0.08},
       {"slow", 0.12},
       {"slower", 0.22},
       {"veryslow", 0.4}}};
  for (const auto& [name, seconds] : kPresets) {
    if (name == preset) return seconds;
  }
  return 0.08;
}

}  // namespace reel::ladder
