#include "media/encoder_session.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace reel::media {
namespace {

using base::Code;

TEST(EncoderSessionTest, RefusalsAreExplained) {
  auto session = EncoderSession::Create("aac").value();
  session.codec().sample_fmt = AV_SAMPLE_FMT_S16;
  const auto refused = session.Open({});
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, Code::kInvalidArgument);
  EXPECT_THAT(refused.error().message, testing::HasSubstr("aac"));
}

TEST(EncoderSessionTest, UnknownNamesAreErrors) {
  EXPECT_EQ(EncoderSession::Create("no-such").error().code, Code::kUnsupported);
  auto session = EncoderSession::Create("libx264").value();
  session.codec().width = session.codec().height = 64;
  session.codec().pix_fmt = AV_PIX_FMT_YUV420P;
  session.codec().time_base = {1, 25};
  const auto refused = session.Open({{"no-such-option", "1"}});
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, Code::kInvalidArgument);
  EXPECT_THAT(refused.error().message, testing::HasSubstr("no-such-option"));
}

}  // namespace
}  // namespace reel::media
