// libvmaf's numbers of pairs of clips, where a checkout has them:
// ../shared/vmaf beside the project, or $REEL_SHARED_VMAF. A user's checkout
// has neither; tests then skip.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace reel::testing {

inline std::filesystem::path VmafFolder() {
  if (const char* path = std::getenv("REEL_SHARED_VMAF")) return path;
  return std::filesystem::path(REEL_PROJECT_DIR) / "../shared/vmaf";
}

inline bool HasVmafGoldens() {
  return std::filesystem::is_directory(VmafFolder() / "golden");
}

// All pairs, sorted by name; each as golden/NAME.json has it, so that
// pair["frames"][i]["metrics"]["vmaf"] is the score of frame i.
inline std::vector<nlohmann::json> VmafPairs() {
  std::vector<std::filesystem::path> paths;
  for (const auto& e :
       std::filesystem::directory_iterator(VmafFolder() / "golden"))
    paths.push_back(e.path());
  std::sort(paths.begin(), paths.end());
  std::vector<nlohmann::json> pairs;
  for (const auto& path : paths) {
    std::ifstream in(path);
    pairs.push_back(nlohmann::json::parse(in));
  }
  return pairs;
}

}  // namespace reel::testing

#define REEL_SKIP_WITHOUT_VMAF_GOLDENS()  \
  if (!::reel::testing::HasVmafGoldens()) \
  GTEST_SKIP() << "no golden numbers at " << ::reel::testing::VmafFolder()
