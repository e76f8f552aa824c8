#include "imf/asset_path.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "testing/temp_dir.h"

namespace reel::imf {
namespace {

namespace fs = std::filesystem;

class AssetPathTest : public ::testing::Test {
 protected:
  AssetPathTest() {
    fs::create_directories(package() / "sub");
    std::ofstream(package() / "sub/a.mxf") << "x";
    std::ofstream(root() / "secret") << "x";
  }
  fs::path root() const { return fs::canonical(dir_.path()); }
  fs::path package() const { return root() / "package"; }
  base::Result<std::string> Resolve(const std::string& path) const {
    return ResolveAssetPath(package().string(), path);
  }

 private:
  reel::testing::TempDir dir_;
};

TEST_F(AssetPathTest, StaysInside) {
  EXPECT_EQ(*Resolve("sub/a.mxf"), (package() / "sub/a.mxf").string());
  EXPECT_EQ(*Resolve("not/there.mxf"), (package() / "not/there.mxf").string());
}

TEST_F(AssetPathTest, RefusesWaysOut) {
  for (const std::string path :
       {"", ".", "/etc/passwd", "../secret", "sub/../../secret",
        "file:///etc/passwd", "http://host/a", "..", "\\\\host\\a"}) {
    const auto resolved = Resolve(path);
    ASSERT_FALSE(resolved) << path;
    EXPECT_EQ(resolved.error().code, base::Code::kInvalidArgument) << path;
  }
  EXPECT_FALSE(Resolve(std::string("a\0b", 3)));
  EXPECT_FALSE(Resolve(std::string(5000, 'a')));
}

TEST_F(AssetPathTest, FollowsLinksOnlyInside) {
  fs::create_symlink("a.mxf", package() / "sub/inside");
  fs::create_symlink("../secret", package() / "out");
  fs::create_directory_symlink(root(), package() / "up");
  EXPECT_EQ(*Resolve("sub/inside"), (package() / "sub/a.mxf").string());
  EXPECT_FALSE(Resolve("out"));
  EXPECT_FALSE(Resolve("up/secret"));
}

}  // namespace
}  // namespace reel::imf
