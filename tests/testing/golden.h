// Golden files: text beside the test, reviewed as a diff. With
// REEL_UPDATE_GOLDENS=1 (./run test --update-goldens) they are rewritten.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace reel::testing {

//   path  from the project's root, "tests/unit/package/goldens/master.m3u8"
inline void ExpectGolden(const std::string& path, const std::string& text) {
  const auto file = std::filesystem::path(REEL_PROJECT_DIR) / path;
  if (std::getenv("REEL_UPDATE_GOLDENS") != nullptr) {
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << text;
  }
  std::ifstream in(file, std::ios::binary);
  std::stringstream want;
  want << in.rdbuf();
  EXPECT_TRUE(in.is_open()) << "no golden file " << path;
  EXPECT_EQ(text, want.str()) << path;
}

}  // namespace reel::testing
