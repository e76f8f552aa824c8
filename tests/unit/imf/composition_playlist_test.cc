#include "imf/composition_playlist.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sample_xml.h"

namespace reel::imf {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

CompositionPlaylist Parse(const std::string& xml, FindingList& findings) {
  return ParseCompositionPlaylist(xml, "CPL.xml", findings);
}

TEST(CompositionPlaylistTest, ReadsSegmentsSequencesAndResources) {
  FindingList findings;
  const CompositionPlaylist playlist = Parse(kPlaylistXml, findings);
  EXPECT_EQ(Told(findings), "");
  EXPECT_EQ(playlist.id, "00000000-0000-0000-0000-0000000000c1");
  EXPECT_EQ(playlist.title, "A title");
  EXPECT_THAT(playlist.applications, ElementsAre("urn:a", "urn:b"));
  EXPECT_TRUE(playlist.edit_rate == (base::Rational{24, 1}));
  ASSERT_EQ(playlist.segments.size(), 1U);
  ASSERT_EQ(playlist.segments[0].sequences.size(), 2U);
  const Sequence& image = playlist.segments[0].sequences[0];
  EXPECT_EQ(image.kind, SequenceKind::kImage);
  ASSERT_EQ(image.resources.size(), 1U);
  EXPECT_EQ(image.resources[0].entry_point, 10);
  EXPECT_EQ(image.resources[0].source_duration, 24);
  EXPECT_EQ(image.resources[0].repeat_count, 2);
  EXPECT_TRUE(image.resources[0].edit_rate == playlist.edit_rate);
}

// ST 2067-3, 6.11.
TEST(CompositionPlaylistTest, FillsInDefaults) {
  FindingList findings;
  const CompositionPlaylist playlist = Parse(kPlaylistXml, findings);
  const Resource& sound = playlist.segments[0].sequences[1].resources[0];
  EXPECT_EQ(sound.entry_point, 0);
  EXPECT_EQ(sound.source_duration, 96000);
  EXPECT_EQ(sound.repeat_count, 1);
}

TEST(CompositionPlaylistTest, ReadsDescriptors) {
  FindingList findings;
  const CompositionPlaylist playlist = Parse(kPlaylistXml, findings);
  const auto* picture =
      playlist.FindDescriptor("00000000-0000-0000-0000-0000000000d1");
  ASSERT_NE(picture, nullptr);
  EXPECT_EQ(picture->kind, "CDCIDescriptor");
  EXPECT_EQ(picture->stored_width, 640);
  EXPECT_EQ(picture->component_depth, 10);
  EXPECT_EQ(picture->coding, "060e2b340401010d0401020203010801");
  const auto* sound =
      playlist.FindDescriptor("00000000-0000-0000-0000-0000000000d2");
  ASSERT_NE(sound, nullptr);
  EXPECT_EQ(sound->channels, 2);
  EXPECT_EQ(sound->soundfield, "sgST");
  EXPECT_EQ(sound->language, "pt-BR");
  EXPECT_EQ(playlist.FindDescriptor("x"), nullptr);
}

TEST(CompositionPlaylistTest, SaysWhatIsWrong) {
  const auto edited = [](const char* part, const char* other) {
    FindingList findings;
    (void)Parse(With(kPlaylistXml, part, other), findings);
    return Told(findings);
  };
  EXPECT_THAT(edited("<CompositionPlaylist ", "<Composition "),
              HasSubstr("imf-schema"));
  EXPECT_THAT(edited("http://www.smpte-ra.org/schemas/2067-3/2016", "urn:x"),
              HasSubstr("no namespace"));
  EXPECT_THAT(edited("<EditRate>24 1</EditRate>", ""),
              HasSubstr("has no EditRate"));
  EXPECT_THAT(edited("<EditRate>24 1", "<EditRate>fast"),
              HasSubstr("\"fast\" is no rate"));
  EXPECT_THAT(edited("<IntrinsicDuration>100</IntrinsicDuration>", ""),
              HasSubstr("Resource: has no IntrinsicDuration"));
  EXPECT_THAT(edited("<EntryPoint>10", "<EntryPoint>ten"),
              HasSubstr("\"ten\" is no whole number"));
  EXPECT_THAT(
      edited("<TrackFileId>urn:uuid:00000000-0000-0000-0000-000000000301"
             "</TrackFileId>",
             ""),
      HasSubstr("has no TrackFileId"));
  EXPECT_THAT(edited("</SegmentList>", ""), HasSubstr("not well formed"));
}

}  // namespace
}  // namespace reel::imf
