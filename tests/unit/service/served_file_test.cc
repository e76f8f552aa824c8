#include "service/served_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "testing/temp_dir.h"

namespace reel::service {
namespace {

namespace fs = std::filesystem;

// outside.txt and title/, which holds video/a.mp4, .reel/state, and links.
class FindServedFileTest : public ::testing::Test {
 protected:
  FindServedFileTest() {
    fs::create_directories(root_ + "/video");
    fs::create_directories(root_ + "/.reel");
    for (const char* file :
         {"/outside.txt", "/title/video/a.mp4", "/title/.reel/state"})
      std::ofstream(dir_.path() + file) << "x";
    fs::create_symlink("video/a.mp4", root_ + "/inner.mp4");
    fs::create_symlink("../outside.txt", root_ + "/outer.txt");
    fs::create_directory_symlink("..", root_ + "/up");
    fs::create_directory_symlink(".reel", root_ + "/state");
  }
  bool Found(std::string_view url_path) const {
    const auto path = FindServedFile(root_, url_path);
    EXPECT_TRUE(path || path.error().code == base::Code::kNotFound);
    return path.has_value();
  }

  testing::TempDir dir_;
  const std::string root_ = dir_.path() + "/title";
};

TEST_F(FindServedFileTest, FindsFilesBelowTheRoot) {
  EXPECT_TRUE(Found("/video/a.mp4"));
  EXPECT_TRUE(Found("video/a.mp4"));
  EXPECT_TRUE(Found("/inner.mp4"));
}

TEST_F(FindServedFileTest, NeverLeavesTheRoot) {
  for (const char* path :
       {"/../outside.txt", "/video/../../outside.txt", "/outer.txt",
        "/up/outside.txt", "/up/title/video/a.mp4x", "//etc/passwd"})
    EXPECT_FALSE(Found(path)) << path;
}

TEST_F(FindServedFileTest, HidesDotFiles) {
  EXPECT_FALSE(Found("/.reel/state"));
  EXPECT_FALSE(Found("/video/./a.mp4"));
  EXPECT_FALSE(Found("/state/state"));
}

TEST_F(FindServedFileTest, ServesNoDirectoriesAndNoTricks) {
  using namespace std::string_view_literals;
  for (const auto path : {"/"sv, ""sv, "/video"sv, "/video/a.mp4\0.txt"sv})
    EXPECT_FALSE(Found(path)) << path;
}

TEST(MimeTypeTest, IsWhatPlayersExpect) {
  EXPECT_STREQ(MimeType("/master.m3u8"), "application/vnd.apple.mpegurl");
  EXPECT_STREQ(MimeType("/manifest.mpd"), "application/dash+xml");
  EXPECT_STREQ(MimeType("/video/720p.mp4"), "video/mp4");
  EXPECT_STREQ(MimeType("thumbnails.vtt"), "text/vtt; charset=utf-8");
  EXPECT_STREQ(MimeType("sprite-1.jpg"), "image/jpeg");
  EXPECT_STREQ(MimeType("no-extension"), "application/octet-stream");
}

}  // namespace
}  // namespace reel::service
