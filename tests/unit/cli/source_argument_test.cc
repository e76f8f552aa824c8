#include "cli/source_argument.h"

#include <gtest/gtest.h>

#include <fstream>

#include "testing/temp_dir.h"

namespace reel::cli {
namespace {

TEST(CheckSourceTest, WantsAFileThatIsThere) {
  const ::reel::testing::TempDir dir;
  const std::string file = dir.path() + "/film.mp4";
  ASSERT_EQ(CheckSource(file).error().code, base::Code::kNotFound);
  std::ofstream(file) << "x";
  EXPECT_TRUE(CheckSource(file));
  EXPECT_EQ(CheckSource(dir.path()).error().code, base::Code::kInvalidArgument);
}

}  // namespace
}  // namespace reel::cli
