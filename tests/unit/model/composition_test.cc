#include "model/composition.h"

#include <gtest/gtest.h>

namespace reel::model {
namespace {

Composition Sample() {
  return {
      .files = {{"/a/video.mxf", 1000, 5, "aa", true},
                {"/a/sound.mxf", 500, 6, "bb", true}},
      .tracks = {{TrackKind::kPicture, "", {24, 1}, {{0, 0, 24, 48, 2}}},
                 {TrackKind::kSound, "en", {48000, 1}, {{1, 0, 0, 192000}}}}};
}

std::string Edited(const std::string& pointer, const base::Json& value) {
  base::Json json = *base::ParseJson(Serialize(Sample()));
  json[base::Json::json_pointer(pointer)] = value;
  return base::DumpJson(json);
}

TEST(CompositionTest, ReadsWhatItWrote) {
  const auto read = ParseComposition(Serialize(Sample()));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(Serialize(*read), Serialize(Sample()));
  EXPECT_EQ(read->tracks[0].Units(), 96);
}

TEST(CompositionTest, DigestKnowsContentsNotPlaces) {
  Composition moved = Sample();
  moved.files[0].path = "/b/other.mxf";
  moved.files[0].modified_ns = 99;
  EXPECT_EQ(Digest(moved), Digest(Sample()));
  Composition other = Sample();
  other.files[0].sha256 = "cc";
  EXPECT_NE(Digest(other), Digest(Sample()));
  Composition shifted = Sample();
  shifted.tracks[0].resources[0].entry = 25;
  EXPECT_NE(Digest(shifted), Digest(Sample()));
  Composition translated = Sample();
  translated.tracks[1].language = "fr";
  EXPECT_NE(Digest(translated), Digest(Sample()));
}

TEST(CompositionTest, RefusesWhatItWouldNotWrite) {
  EXPECT_TRUE(ParseComposition(Edited("/version", 1)));
  const std::pair<const char*, base::Json> edits[] = {
      {"/format", "other"},
      {"/version", 2},
      {"/files/0/path", "video.mxf"},
      {"/files/0/size_bytes", -1},
      {"/tracks/0/resources/0/file", 2},
      {"/tracks/0/resources/0/file", -1},
      {"/tracks/0/resources/0/entry", -1},
      {"/tracks/0/resources/0/duration", 0},
      {"/tracks/0/resources/0/repeat", 0},
      {"/tracks/0/resources/0/repeat", int64_t{1} << 40},
      {"/tracks/0/resources", base::Json::array()},
      {"/tracks/0/unit_rate", base::Json::array({0, 1})},
      {"/tracks/1/kind", "picture"},
      {"/tracks", base::Json::array()},
      {"/tracks", 7}};
  for (const auto& [pointer, value] : edits) {
    const auto read = ParseComposition(Edited(pointer, value));
    ASSERT_FALSE(read) << pointer;
    EXPECT_EQ(read.error().code, base::Code::kCorruptInput) << pointer;
  }
  EXPECT_FALSE(ParseComposition("[]"));
  EXPECT_FALSE(ParseComposition("{"));
}

TEST(CompositionTest, OnlyASchemeNamesOne) {
  EXPECT_EQ(CompositionPath("composition:/s/x"), "/s/x");
  EXPECT_EQ(CompositionPath("/s/x.composition"), std::nullopt);
}

}  // namespace
}  // namespace reel::model
