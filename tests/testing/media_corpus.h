// The shared clips, where a checkout has them: ../shared/media beside the
// project, or $REEL_SHARED_MEDIA. A user's checkout has neither; tests then
// skip.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

namespace reel::testing {

inline std::filesystem::path MediaCorpus() {
  if (const char* path = std::getenv("REEL_SHARED_MEDIA")) return path;
  return std::filesystem::path(REEL_PROJECT_DIR) / "../shared/media";
}

inline bool HasMediaCorpus() {
  return std::filesystem::is_directory(MediaCorpus() / "originals");
}

// Path of one clip, e.g. "derived/feature_short_a_720p24.mp4".
inline std::string CorpusClip(const std::string& name) {
  return (MediaCorpus() / name).lexically_normal().string();
}

// All files of one of its folders, sorted.
inline std::vector<std::string> CorpusFolder(const std::string& folder) {
  std::vector<std::string> paths;
  if (!HasMediaCorpus()) return paths;
  for (const auto& e :
       std::filesystem::directory_iterator(MediaCorpus() / folder)) {
    if (e.path().extension() != ".tsv")
      paths.push_back(e.path().lexically_normal().string());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

}  // namespace reel::testing

#define REEL_SKIP_WITHOUT_CORPUS()        \
  if (!::reel::testing::HasMediaCorpus()) \
  GTEST_SKIP() << "no clips at " << ::reel::testing::MediaCorpus()
