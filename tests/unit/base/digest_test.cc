#include "base/digest.h"

#include <gtest/gtest.h>

#include "base/file.h"
#include "testing/temp_dir.h"

namespace reel::base {
namespace {

// FIPS 180-4 examples.
TEST(DigestTest, KnownAnswers) {
  EXPECT_EQ(Sha256("abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(Sha256(""),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(DigestTest, KnowsSha1) {
  DigestStream stream(DigestKind::kSha1);
  stream.Update(AsBytes("abc"));
  EXPECT_EQ(stream.Finish(), "a9993e364706816aba3e25717850c26c9cd0d89d");
}

TEST(DigestTest, FileAndStreamAgreeWithMemory) {
  testing::TempDir dir;
  const std::string text(3'000'001, 'x');
  ASSERT_TRUE(WriteFileAtomically(dir.path() + "/f", AsBytes(text)));
  EXPECT_EQ(Sha256File(dir.path() + "/f").value(), Sha256(text));
}

}  // namespace
}  // namespace reel::base
