#include "imf/hash_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "sample_xml.h"
#include "testing/temp_dir.h"

namespace reel::imf {
namespace {

using ::testing::HasSubstr;

constexpr char kSha1OfAbc[] = "a9993e364706816aba3e25717850c26c9cd0d89d";

class HashCheckTest : public ::testing::Test {
 protected:
  Asset Make(const std::string& name, const std::string& contents) {
    Asset asset;
    asset.id = name;
    asset.name = name;
    asset.path = dir_.path() + "/" + name;
    asset.size_bytes = std::ssize(contents);
    asset.packed = PackedAsset{.id = name,
                               .digest = kSha1OfAbc,
                               .size_bytes = asset.size_bytes,
                               .type = ""};
    asset.packed_in = "PKL.xml";
    std::ofstream(asset.path) << contents;
    return asset;
  }
  std::vector<KnownDigest> memory_;

 private:
  reel::testing::TempDir dir_;
};

TEST_F(HashCheckTest, FindsWhatChanged) {
  const Asset good = Make("good", "abc");
  const Asset bad = Make("bad", "abd");
  const auto digests = DigestAssets({&good, &bad}, memory_, nullptr);
  ASSERT_TRUE(digests) << digests.error().message;
  EXPECT_EQ((*digests)[0].sha1, kSha1OfAbc);
  EXPECT_EQ((*digests)[0].sha256, base::Sha256("abc"));
  FindingList findings;
  JudgeDigest(good, (*digests)[0], model::Severity::kReject, findings);
  EXPECT_EQ(Told(findings), "");
  JudgeDigest(bad, (*digests)[1], model::Severity::kReject, findings);
  EXPECT_THAT(Told(findings), HasSubstr("imf-hash-mismatch: PKL.xml: Asset "
                                        "bad: bad has SHA-1"));
}

TEST_F(HashCheckTest, RemembersFilesThatDidNotChange) {
  const Asset asset = Make("a", "abc");
  ASSERT_TRUE(DigestAssets({&asset}, memory_, nullptr));
  ASSERT_EQ(memory_.size(), 1U);
  memory_[0].sha1 = "remembered";
  EXPECT_EQ(DigestAssets({&asset}, memory_, nullptr)->at(0).sha1, "remembered");
  Asset touched = asset;
  touched.modified_ns += 1;
  EXPECT_EQ(DigestAssets({&touched}, memory_, nullptr)->at(0).sha1, kSha1OfAbc);
}

TEST_F(HashCheckTest, LeavesOutWhatIsNotThere) {
  Asset missing = Make("a", "abc");
  missing.path.clear();
  const auto digests = DigestAssets({&missing}, memory_, nullptr);
  ASSERT_TRUE(digests);
  EXPECT_EQ(digests->at(0).sha256, "");
  EXPECT_TRUE(memory_.empty());
}

TEST_F(HashCheckTest, AVanishedFileIsAnError) {
  const Asset asset = Make("a", "abc");
  std::filesystem::remove(asset.path);
  const auto digests = DigestAssets({&asset}, memory_, nullptr);
  ASSERT_FALSE(digests);
  EXPECT_EQ(digests.error().code, base::Code::kNotFound);
}

}  // namespace
}  // namespace reel::imf
