#include "media/versions.h"

#include <gtest/gtest.h>

namespace reel::media {
namespace {

TEST(LibraryVersionsTest, EveryLibraryTellsItsVersion) {
  const auto versions = LibraryVersions();
  EXPECT_EQ(versions.size(), 6u);
  for (const auto& v : versions) {
    EXPECT_NE(v.version.find_first_of("0123456789"), std::string::npos)
        << v.library << " " << v.version;
  }
}

}  // namespace
}  // namespace reel::media
