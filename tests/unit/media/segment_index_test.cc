#include "media/segment_index.h"

#include <gtest/gtest.h>

#include "testing/mp4_builder.h"

namespace reel::media {
namespace {

using base::Code;
using testing::Bytes;

SegmentIndex TwoSegments() {
  SegmentIndex index;
  index.track_id = 1;
  index.timescale_hz = 24000;
  index.first_ticks = 5;
  index.references = {{1000, 96096}, {2000, 48048}};
  return index;
}

// Field by field, as ISO/IEC 14496-12, 8.16.3.2 has them.
TEST(SegmentIndexTest, WritesTheBoxOfTheSpecification) {
  const Bytes want{0, 0, 0,    64,   's', 'i', 'd',  'x',  1,    0, 0, 0,
                   0, 0, 0,    1,                        // reference_ID
                   0, 0, 0x5D, 0xC0,                     // timescale
                   0, 0, 0,    0,    0,   0,   0,    5,  // earliest time
                   0, 0, 0,    0,    0,   0,   0,    0,  // first_offset
                   0, 0, 0,    2,                        // count
                   0, 0, 3,    0xE8, 0,   1,   0x77, 0x60, 0x90, 0, 0, 0,
                   0, 0, 7,    0xD0, 0,   0,   0xBB, 0xB0, 0x90, 0, 0, 0};
  const auto sidx = WriteSegmentIndex(TwoSegments());
  ASSERT_TRUE(sidx);
  EXPECT_EQ(*sidx, want);
  EXPECT_EQ(SegmentIndexBytes(2), std::ssize(want));
}

TEST(SegmentIndexTest, ReadsWhatItWrites) {
  const auto index = ParseSegmentIndex(*WriteSegmentIndex(TwoSegments()));
  ASSERT_TRUE(index) << index.error().message;
  EXPECT_EQ(index->track_id, 1u);
  EXPECT_EQ(index->timescale_hz, 24000);
  EXPECT_EQ(index->first_ticks, 5);
  EXPECT_EQ(index->references, TwoSegments().references);
}

TEST(SegmentIndexTest, RefusesWhatDoesNotFit) {
  SegmentIndex many = TwoSegments();
  many.references.resize(1 << 16);
  SegmentIndex large = TwoSegments();
  large.references[0].bytes = int64_t{1} << 31;
  SegmentIndex late = TwoSegments();
  late.first_ticks = -1;
  for (const SegmentIndex& index : {many, large, late})
    EXPECT_EQ(WriteSegmentIndex(index).error().code, Code::kUnsupported);
}

TEST(SegmentIndexTest, EveryTruncationIsAnError) {
  const Bytes sidx = *WriteSegmentIndex(TwoSegments());
  for (size_t n = 0; n < sidx.size(); ++n)
    EXPECT_FALSE(ParseSegmentIndex(std::span(sidx).first(n))) << n;
}

TEST(SegmentIndexTest, RefusesAnIndexOfIndexes) {
  Bytes sidx = *WriteSegmentIndex(TwoSegments());
  sidx[40] |= 0x80;
  EXPECT_EQ(ParseSegmentIndex(sidx).error().code, Code::kUnsupported);
}

TEST(SegmentIndexTest, RefusesACountBeyondTheBox) {
  Bytes sidx = *WriteSegmentIndex(TwoSegments());
  sidx[38] = 0xFF;
  EXPECT_EQ(ParseSegmentIndex(sidx).error().code, Code::kCorruptInput);
}

}  // namespace
}  // namespace reel::media
