#include "base/byte_source.h"

#include <gtest/gtest.h>

#include <array>

#include "testing/temp_dir.h"

namespace reel::base {
namespace {

class EmptySource : public ByteSource {
 public:
  Result<int64_t> Size() const override { return 0; }
  Result<size_t> ReadAt(int64_t, std::span<uint8_t>) const override {
    return 0;
  }
};

class ByteSourceTest : public ::testing::Test {
 protected:
  ~ByteSourceTest() override { SetRemoteOpener({}); }
};

TEST_F(ByteSourceTest, ReadsALocalFile) {
  const reel::testing::TempDir dir;
  const std::string path = dir.path() + "/film";
  ASSERT_TRUE(WriteFileAtomically(path, AsBytes("frames")));
  const auto source = OpenByteSource(path);
  ASSERT_TRUE(source);
  EXPECT_EQ((*source)->Size(), 6);
  EXPECT_EQ((*source)->version(), "");
  std::array<uint8_t, 4> into{};
  EXPECT_EQ((*source)->ReadAt(4, into), 2u);
  EXPECT_EQ(into[0], 'e');
  EXPECT_EQ(OpenByteSource(dir.path() + "/none").error().code, Code::kNotFound);
}

TEST_F(ByteSourceTest, RemoteNamesGoToTheOpener) {
  std::string opened;
  SetRemoteOpener(
      [&](const std::string& url) -> Result<std::unique_ptr<ByteSource>> {
        opened = url;
        return std::make_unique<EmptySource>();
      });
  for (const char* url : {"s3://a/b", "https://a/b?c", "http://a/b"}) {
    EXPECT_TRUE(OpenByteSource(url));
    EXPECT_EQ(opened, url);
  }
}

TEST_F(ByteSourceTest, WithoutAnOpenerNothingRemoteIsOpened) {
  const auto source = OpenByteSource("https://a/b?secret");
  ASSERT_FALSE(source);
  EXPECT_EQ(source.error().code, Code::kUnsupported);
  EXPECT_EQ(source.error().message.find("secret"), std::string::npos);
}

TEST(IsRemoteTest, GoesByTheScheme) {
  for (const char* name : {"s3://a/b", "https://a", "http://a"})
    EXPECT_TRUE(IsRemote(name)) << name;
  for (const char* name : {"/a", "a", "composition:/a", "file:///a", "./http:"})
    EXPECT_FALSE(IsRemote(name)) << name;
}

TEST(SourceLabelTest, KeepsWhatMayBeSaidAloud) {
  EXPECT_EQ(SourceLabel("https://a/b?signature"), "https://a/b");
  EXPECT_EQ(SourceLabel("http://a/b#c?d"), "http://a/b");
  EXPECT_EQ(SourceLabel("s3://a/what?"), "s3://a/what?") << "keys are plain";
  EXPECT_EQ(SourceLabel("/films/what?.mov"), "/films/what?.mov");
}

}  // namespace
}  // namespace reel::base
