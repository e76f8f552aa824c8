#include "base/file.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "testing/temp_dir.h"

namespace reel::base {
namespace {

size_t CountFiles(const std::string& dir) {
  size_t n = 0;
  for ([[maybe_unused]] const auto& e :
       std::filesystem::directory_iterator(dir))
    ++n;
  return n;
}

TEST(AtomicFileTest, AppearsOnlyAtCommit) {
  testing::TempDir dir;
  const std::string path = dir.path() + "/out";
  {
    auto file = AtomicFile::Create(path);
    ASSERT_TRUE(file.has_value());
    ASSERT_TRUE(file->Write(AsBytes("half")));
    EXPECT_FALSE(std::filesystem::exists(path));
  }
  EXPECT_EQ(CountFiles(dir.path()), 0u) << "an abandoned file leaves nothing";
  ASSERT_TRUE(WriteFileAtomically(path, AsBytes("whole")));
  EXPECT_EQ(ReadTextFile(path).value(), "whole");
  EXPECT_EQ(CountFiles(dir.path()), 1u);
}

TEST(LinkOrCopyTest, ReplacesAndMayBeRepeated) {
  testing::TempDir dir;
  const std::string from = dir.path() + "/from", to = dir.path() + "/to";
  ASSERT_TRUE(WriteFileAtomically(from, AsBytes("new")));
  ASSERT_TRUE(WriteFileAtomically(to, AsBytes("old")));
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(LinkOrCopy(from, to));
    EXPECT_EQ(ReadTextFile(to).value(), "new");
    EXPECT_EQ(CountFiles(dir.path()), 2u);
  }
}

TEST(FileTest, ErrorsSayWhichFileAndWhy) {
  const auto missing = File::OpenForReading("/nowhere/at/all");
  ASSERT_FALSE(missing.has_value());
  EXPECT_EQ(missing.error().code, Code::kNotFound);
  EXPECT_NE(missing.error().message.find("/nowhere/at/all"), std::string::npos);
  EXPECT_EQ(File::OpenForReading("/").error().code, Code::kInvalidArgument);
}

TEST(FileTest, ReadFileRefusesMoreThanAllowed) {
  testing::TempDir dir;
  ASSERT_TRUE(WriteFileAtomically(dir.path() + "/f", AsBytes("12345")));
  EXPECT_EQ(ReadFile(dir.path() + "/f", 4).error().code,
            Code::kResourceExhausted);
}

}  // namespace
}  // namespace reel::base
