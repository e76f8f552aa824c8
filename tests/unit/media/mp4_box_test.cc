#include "media/mp4_box.h"

#include <gtest/gtest.h>

#include "base/file.h"
#include "testing/mp4_builder.h"
#include "testing/temp_dir.h"

namespace reel::media {
namespace {

using base::Code;
using testing::Bytes;
using testing::MakeBox;
using testing::operator+;
using testing::U32;
using testing::U64;

TEST(TakeBoxTest, TakesBoxesInTurn) {
  const Bytes two = MakeBox("aaaa", {1, 2}) + MakeBox("bbbb", {});
  std::span<const uint8_t> rest(two);
  const auto first = TakeBox(rest);
  ASSERT_TRUE(first && *first);
  EXPECT_EQ((*first)->type, "aaaa");
  EXPECT_EQ((*first)->payload.size(), 2u);
  const auto second = TakeBox(rest);
  ASSERT_TRUE(second && *second);
  EXPECT_EQ((*second)->type, "bbbb");
  const auto end = TakeBox(rest);
  ASSERT_TRUE(end);
  EXPECT_FALSE(*end);
}

TEST(TakeBoxTest, ReadsLargeSizesAndSizesToTheEnd) {
  const Bytes large = U32(1) + Bytes{'w', 'i', 'd', 'e'} + U64(17) + Bytes{7};
  std::span<const uint8_t> rest(large);
  const auto box = TakeBox(rest);
  ASSERT_TRUE(box && *box);
  EXPECT_EQ((*box)->payload.size(), 1u);
  const Bytes open = U32(0) + Bytes{'m', 'd', 'a', 't', 1, 2, 3};
  rest = open;
  const auto last = TakeBox(rest);
  ASSERT_TRUE(last && *last);
  EXPECT_EQ((*last)->payload.size(), 3u);
  EXPECT_TRUE(rest.empty());
}

TEST(TakeBoxTest, RefusesSizesThatCannotBe) {
  const Bytes type{'m', 'o', 'o', 'f'};
  const std::vector<Bytes> cases{
      {1},
      U32(8),
      U32(7) + type,            // smaller than its header
      U32(9) + type,            // larger than its container
      U32(0x7FFFFFFF) + type,   //
      U32(1) + type,            // large size missing
      U32(1) + type + U64(15),  // smaller than its large header
      U32(1) + type + U64(-1),  // 2^64 - 1
      U32(1) + type + U64(INT64_MAX) + type};
  for (size_t i = 0; i < cases.size(); ++i) {
    std::span<const uint8_t> rest(cases[i]);
    const auto box = TakeBox(rest);
    ASSERT_FALSE(box) << "case " << i;
    EXPECT_EQ(box.error().code, Code::kCorruptInput) << "case " << i;
  }
}

TEST(RequireBoxTest, TellsLackFromPlenty) {
  const Bytes two = MakeBox("trak", {1}) + MakeBox("trak", {2});
  ASSERT_TRUE(RequireBox(two, "trak"));
  EXPECT_EQ(RequireBox(two, "trak")->front(), 1);
  EXPECT_EQ(RequireBox(two, "moov").error().code, Code::kCorruptInput);
  EXPECT_EQ(RequireOnlyBox(two, "trak").error().code, Code::kUnsupported);
  EXPECT_TRUE(RequireOnlyBox(MakeBox("trak", {}), "trak"));
}

class BoxFileTest : public ::testing::Test {
 protected:
  base::File Open(const Bytes& bytes) {
    const std::string path = dir_.path() + "/file.mp4";
    EXPECT_TRUE(base::WriteFileAtomically(path, bytes));
    return *base::File::OpenForReading(path);
  }
  testing::TempDir dir_;
};

TEST_F(BoxFileTest, WalksTheTopLevel) {
  const base::File file =
      Open(MakeBox("ftyp", {1, 2}) + MakeBox("mdat", Bytes(100)));
  const auto first = ReadBoxHeader(file, 0);
  ASSERT_TRUE(first && *first);
  EXPECT_EQ((*first)->bytes, 10);
  const auto second = ReadBoxHeader(file, 10);
  ASSERT_TRUE(second && *second);
  EXPECT_EQ((*second)->type, "mdat");
  EXPECT_EQ((*second)->bytes, 108);
  const auto end = ReadBoxHeader(file, 118);
  ASSERT_TRUE(end);
  EXPECT_FALSE(*end);
}

TEST_F(BoxFileTest, RefusesTruncationAndPlacesOutside) {
  Bytes cut = MakeBox("mdat", Bytes(100));
  cut.pop_back();
  const base::File file = Open(cut);
  EXPECT_EQ(ReadBoxHeader(file, 0).error().code, Code::kCorruptInput);
  EXPECT_EQ(ReadBoxHeader(file, 104).error().code, Code::kCorruptInput);
  EXPECT_EQ(ReadBoxHeader(file, 1000).error().code, Code::kCorruptInput);
  EXPECT_EQ(ReadBoxHeader(file, -1).error().code, Code::kCorruptInput);
}

TEST_F(BoxFileTest, ReadsNoMoreThanAllowed) {
  const base::File file = Open(MakeBox("moov", Bytes(100)));
  const auto box = ReadBoxHeader(file, 0);
  ASSERT_TRUE(box && *box);
  EXPECT_EQ(ReadBox(file, **box, 107).error().code, Code::kResourceExhausted);
  EXPECT_EQ(ReadBox(file, **box, 108)->size(), 108u);
}

}  // namespace
}  // namespace reel::media
