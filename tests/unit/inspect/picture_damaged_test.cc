#include <gmock/gmock.h>

#include "inspect/checks.h"
#include "unit/inspect/drawn_picture.h"
#include "unit/inspect/finding_matchers.h"
#include "unit/inspect/made_up_title.h"

namespace reel::inspect {
namespace {

using model::Severity;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

struct Box {
  int64_t first, end;  // frames
  int x, y;
  int width = 48, height = 32;
};

// Frame n of a scene at rest, and the boxes that are in it.
media::Picture FrameOf(int64_t n, const std::vector<Box>& boxes) {
  return DrawnPicture(320, 180, [&](int x, int y) {
    for (const Box& box : boxes) {
      if (n >= box.first && n < box.end && x >= box.x &&
          x < box.x + box.width && y >= box.y && y < box.y + box.height)
        return 200;
    }
    return 90 + 20 * ((x / 23 + y / 17) % 2);
  });
}

// Seen in pieces that begin at `starts` and share a frame with the next.
Findings Judge(const std::vector<Box>& boxes,
               const std::vector<int64_t>& starts = {0}) {
  MadeUpTitle title;
  title.scan.source.video.width = 320;
  title.scan.source.video.height = 180;
  std::vector<base::Json> states;
  for (size_t p = 0; p < starts.size(); ++p) {
    const auto watch = PictureDamaged().watch();
    const int64_t end = p + 1 < starts.size() ? starts[p + 1] + 1 : 100;
    for (int64_t n = starts[p]; n < end; ++n) {
      EXPECT_TRUE(watch->See({FrameOf(n, boxes), n, false}).has_value());
    }
    states.push_back(watch->State());
  }
  return *PictureDamaged().conclude(title.Facts(), states);
}

TEST(PictureDamagedTest, BlocksOfOneFrameAreRejected) {
  EXPECT_THAT(Judge({{30, 31, 64, 48}}),
              ElementsAre(Is("frame-damaged", Severity::kReject, 1.2, 1.24)));
}

TEST(PictureDamagedTest, ASmallBlockAloneIsDoubtful) {
  const Box small{30, 31, 64, 48, 24, 24};
  EXPECT_THAT(Judge({small}),
              ElementsAre(Is("frame-damaged", Severity::kWarn, 1.2, 1.24)));
  EXPECT_THAT(Judge({small, {30, 31, 160, 96, 24, 24}}),
              ElementsAre(Is("frame-damaged", Severity::kReject, 1.2, 1.24)));
  EXPECT_THAT(Judge({{30, 31, 67, 51, 24, 24}}), IsEmpty());
}

TEST(PictureDamagedTest, OffTheGridAPersonShouldLook) {
  EXPECT_THAT(Judge({{30, 32, 67, 51}}),
              ElementsAre(Is("frame-damaged", Severity::kWarn, 1.2, 1.28)));
}

TEST(PictureDamagedTest, TheFirstFrameOfAPieceIsJudgedToo) {
  EXPECT_THAT(Judge({{30, 31, 64, 48}}, {0, 30, 60}),
              ElementsAre(Is("frame-damaged", Severity::kReject, 1.2, 1.24)));
}

TEST(PictureDamagedTest, WhatComesAgainIsMeant) {
  EXPECT_THAT(Judge({{30, 31, 64, 48}, {60, 61, 64, 48}}), IsEmpty());
  EXPECT_THAT(Judge({{30, 31, 64, 48}, {60, 61, 64, 96}}),
              ElementsAre(Is("frame-damaged", Severity::kReject, 1.2, 2.44)));
}

TEST(PictureDamagedTest, WhatStaysOrUncoversSomethingElseIsNone) {
  EXPECT_THAT(Judge({}), IsEmpty());
  EXPECT_THAT(Judge({{30, 50, 64, 48}}), IsEmpty());  // a title
}

}  // namespace
}  // namespace reel::inspect
