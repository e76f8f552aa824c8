// Against a real S3 server.
#include "platform/source_opener.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "base/digest.h"
#include "testing/temp_dir.h"
#include "testing/test_s3.h"

namespace reel::platform {
namespace {

using base::Code;
using Bytes = std::vector<uint8_t>;

class SourceOpenerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto options = testing::TestS3();
    if (!options) GTEST_SKIP() << testing::kNoS3;
    options->bucket = testing::UniqueName("sources");
    options_ = *options;
    client_ = std::make_unique<S3Client>(options_);
    ASSERT_TRUE(client_->MakeBucket());
    opener_ = std::make_unique<SourceOpener>(SourceOpenerOptions{
        .cache_directory = dir_.path(),
        .environment = [this](const char* name) { return Variable(name); }});
    Put(3'000'001, 1);
  }
  std::string Variable(const std::string& name) const {
    if (name == "AWS_ENDPOINT_URL") return options_.endpoint;
    if (name == "AWS_ACCESS_KEY_ID")
      return options_.scope.credentials.access_key;
    if (name == "AWS_SECRET_ACCESS_KEY")
      return options_.scope.credentials.secret_key;
    return "";
  }
  void Put(size_t size, unsigned seed) {
    std::mt19937 random(seed);
    bytes_.resize(size);
    for (uint8_t& byte : bytes_) byte = static_cast<uint8_t>(random());
    ASSERT_TRUE(client_->Put(kKey, BodyOf(bytes_), base::Sha256(bytes_)));
  }
  std::string Url() const { return "s3://" + options_.bucket + "/" + kKey; }
  // Both ways to the same object.
  std::vector<std::string> Urls() const {
    return {Url(), client_->PresignGet(kKey, std::chrono::minutes(5))};
  }
  static Bytes Read(const base::ByteSource& source, int64_t offset,
                    size_t size) {
    Bytes bytes(size);
    const auto got = source.ReadAt(offset, bytes);
    EXPECT_TRUE(got) << got.error().message;
    bytes.resize(got.value_or(0));
    return bytes;
  }

  inline static const std::string kKey = "films/a b.mov";
  testing::TempDir dir_;
  S3Options options_;
  std::unique_ptr<S3Client> client_;
  std::unique_ptr<SourceOpener> opener_;
  Bytes bytes_;
};

TEST_F(SourceOpenerTest, ReadsAnObjectByItsUrlAndByAPresignedOne) {
  for (const std::string& url : Urls()) {
    const auto source = opener_->Open(url);
    ASSERT_TRUE(source) << source.error().message;
    EXPECT_EQ((*source)->Size(), 3'000'001);
    EXPECT_NE((*source)->version(), "");
    EXPECT_EQ(Read(**source, 2'999'990, 100),
              Bytes(bytes_.end() - 11, bytes_.end()));
    EXPECT_EQ(Read(**source, 0, 4'000'000), bytes_);
  }
}

TEST_F(SourceOpenerTest, AnObjectThatIsReplacedWhileItIsReadIsTold) {
  for (const std::string& url : Urls()) {
    const auto source = opener_->Open(url);
    ASSERT_TRUE(source) << source.error().message;
    Read(**source, 0, 1000);
    Put(3'000'001, static_cast<unsigned>(bytes_[0]) + 2);
    Bytes into(1000);
    const auto got = (*source)->ReadAt(2'000'000, into);
    ASSERT_FALSE(got);
    EXPECT_EQ(got.error().code, Code::kNotFound);
    EXPECT_NE(got.error().message.find("changed"), std::string::npos);
  }
}

TEST_F(SourceOpenerTest, WhatIsNotThereIsNotFound) {
  const auto source = opener_->Open(Url() + "x");
  ASSERT_FALSE(source);
  EXPECT_EQ(source.error().code, Code::kNotFound);
  EXPECT_NE(source.error().message.find(Url() + "x"), std::string::npos);
}

TEST_F(SourceOpenerTest, ABucketIsNoSource) {
  EXPECT_EQ(opener_->Open("s3://" + options_.bucket).error().code,
            Code::kInvalidArgument);
}

}  // namespace
}  // namespace reel::platform
