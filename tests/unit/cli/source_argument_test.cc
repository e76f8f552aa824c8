#include "cli/source_argument.h"

#include <gtest/gtest.h>

#include <fstream>

#include "testing/temp_dir.h"

namespace reel::cli {
namespace {

TEST(CheckFileTest, WantsAFileThatIsThere) {
  const ::reel::testing::TempDir dir;
  const std::string file = dir.path() + "/film.mp4";
  ASSERT_EQ(CheckFile(file).error().code, base::Code::kNotFound);
  std::ofstream(file) << "x";
  EXPECT_TRUE(CheckFile(file));
  EXPECT_EQ(CheckFile(dir.path()).error().code, base::Code::kInvalidArgument);
}

TEST(CheckSourceTest, TakesFilesAndDirectories) {
  const ::reel::testing::TempDir dir;
  const std::string file = dir.path() + "/film.mp4";
  ASSERT_EQ(CheckSource({.path = file}).error().code, base::Code::kNotFound);
  std::ofstream(file) << "x";
  EXPECT_TRUE(CheckSource({.path = file}));
  EXPECT_TRUE(CheckSource({.path = dir.path()}));
}

TEST(CheckSourceTest, OptionsOfPackagesAreForPackages) {
  const ::reel::testing::TempDir dir;
  const std::string file = dir.path() + "/film.mp4";
  std::ofstream(file) << "x";
  EXPECT_EQ(CheckSource({.path = file, .composition = "id"}).error().code,
            base::Code::kInvalidArgument);
  EXPECT_EQ(CheckSource({.path = file, .originals = {"ov"}}).error().code,
            base::Code::kInvalidArgument);
  EXPECT_TRUE(CheckSource({.path = dir.path(), .composition = "id"}));
  EXPECT_EQ(CheckSource({.path = "s3://a/b", .composition = "id"}).error().code,
            base::Code::kInvalidArgument);
}

TEST(SourceNameTest, IsTheNameWithoutDirectoryAndExtension) {
  EXPECT_EQ(SourceName("/a/film.mov"), "film");
  EXPECT_EQ(SourceName("package/"), "package");
  EXPECT_EQ(SourceName("./a/package"), "package");
}

TEST(SourceNameTest, OfAUrlIsThatOfItsFile) {
  EXPECT_EQ(SourceName("s3://bucket/films/film.mov"), "film");
  EXPECT_EQ(SourceName("https://host/films/film.mov?key=a/b.c"), "film");
}

TEST(SourcePlaceTest, IsAbsoluteAndWithoutSecrets) {
  EXPECT_EQ(SourcePlace("/a/film.mov"), "/a/film.mov");
  EXPECT_TRUE(SourcePlace("film.mov").starts_with("/"));
  EXPECT_EQ(SourcePlace("https://host/film.mov?signature"),
            "https://host/film.mov");
}

// So that media code never opens a file of a user's as a composition.
TEST(OpenSourceTest, NoTypedPathIsAComposition) {
  const ::reel::testing::TempDir dir;
  const std::string name = "composition:x";
  std::ofstream(dir.path() + "/" + name) << "x";
  const auto opened =
      OpenSource({.path = dir.path() + "/" + name},
                 imf::PackageRequest::Several::kRefuse, dir.path(), nullptr);
  ASSERT_TRUE(opened) << opened.error().message;
  EXPECT_TRUE(opened->input->external->path.starts_with("/"));
  EXPECT_TRUE(opened->input->parts.empty());
}

}  // namespace
}  // namespace reel::cli
