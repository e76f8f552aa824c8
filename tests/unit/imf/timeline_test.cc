#include "imf/timeline.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sample_xml.h"

namespace reel::imf {
namespace {

using ::testing::HasSubstr;

struct Built {
  std::vector<VirtualTrack> tracks;
  std::string told;
};

Built Build(const std::string& xml) {
  FindingList findings;
  const auto playlist = ParseCompositionPlaylist(xml, "CPL.xml", findings);
  Built built;
  built.tracks = BuildTimeline(playlist, findings);
  built.told = Told(findings);
  return built;
}

std::string ToldOf(const char* part, const char* other) {
  return Build(With(kPlaylistXml, part, other)).told;
}

// A second segment like the first.
std::string Twice() {
  const size_t first = kPlaylistXml.find("<Segment>");
  const size_t end = kPlaylistXml.find("</SegmentList>");
  std::string xml = kPlaylistXml;
  return xml.insert(end, kPlaylistXml.substr(first, end - first));
}

TEST(TimelineTest, CountsRepeats) {
  const Built built = Build(kPlaylistXml);
  EXPECT_EQ(built.told, "");
  ASSERT_EQ(built.tracks.size(), 2U);
  EXPECT_EQ(built.tracks[0].units, 48);
  EXPECT_EQ(built.tracks[1].units, 96000);
}

TEST(TimelineTest, JoinsSegments) {
  const Built built = Build(Twice());
  EXPECT_EQ(built.told, "");
  ASSERT_EQ(built.tracks.size(), 2U);
  EXPECT_EQ(built.tracks[0].units, 96);
  EXPECT_EQ(built.tracks[0].resources.size(), 2U);
}

TEST(TimelineTest, FindsGaps) {
  EXPECT_THAT(ToldOf("<EntryPoint>10", "<EntryPoint>77"),
              HasSubstr("imf-timeline-gap: CPL.xml, line 26: Resource "
                        "00000000-0000-0000-0000-000000000201: EntryPoint 77 "
                        "+ SourceDuration 24 is more than its "
                        "IntrinsicDuration 100"));
  EXPECT_THAT(ToldOf("<EntryPoint>10", "<EntryPoint>-1"),
              HasSubstr("negative"));
  EXPECT_THAT(ToldOf("<SourceDuration>24", "<SourceDuration>0"),
              HasSubstr("not positive"));
  EXPECT_THAT(ToldOf("<SourceDuration>24", "<SourceDuration>-5"),
              HasSubstr("not positive"));
  EXPECT_THAT(ToldOf("<RepeatCount>2", "<RepeatCount>0"),
              HasSubstr("not positive"));
  EXPECT_THAT(ToldOf("<IntrinsicDuration>96000", "<IntrinsicDuration>72000"),
              HasSubstr("MainAudioSequence "
                        "00000000-0000-0000-0000-0000000000f2: it is 0.500 s "
                        "shorter"));
  EXPECT_THAT(ToldOf("<IntrinsicDuration>96000", "<IntrinsicDuration>98000"),
              HasSubstr("longer"));
}

TEST(TimelineTest, SoundMayBeOffByLessThanAFrame) {
  EXPECT_EQ(ToldOf("<IntrinsicDuration>96000", "<IntrinsicDuration>95999"), "");
}

TEST(TimelineTest, RefusesAbsurdLengths) {
  EXPECT_THAT(ToldOf("<RepeatCount>2", "<RepeatCount>9007199254740992"),
              HasSubstr("more than a day"));
  EXPECT_THAT(
      ToldOf("<IntrinsicDuration>100", "<IntrinsicDuration>9007199254740992"),
      HasSubstr("more than a day"));
  EXPECT_THAT(ToldOf("<RepeatCount>2", "<RepeatCount>100000"),
              HasSubstr("more than a day"));
}

TEST(TimelineTest, FindsWrongRates) {
  EXPECT_THAT(ToldOf("<IntrinsicDuration>100",
                     "<EditRate>25 1</EditRate><IntrinsicDuration>100"),
              HasSubstr("imf-edit-rate-mismatch"));
}

TEST(TimelineTest, WantsEveryTrackInEverySegment) {
  const std::string lost = "000000000102</TrackId>";
  std::string xml = Twice();
  xml.replace(xml.rfind(lost), lost.size(), "000000000103</TrackId>");
  EXPECT_THAT(Build(xml).told, HasSubstr("missing"));
}

TEST(TimelineTest, WantsOnePicture) {
  EXPECT_THAT(ToldOf("<cc:MainImageSequence>", "<cc:MainImageSequence/><x>"),
              HasSubstr("imf-schema"));
  EXPECT_THAT(ToldOf("000000000102</TrackId>", "000000000101</TrackId>"),
              HasSubstr("is twice in segment"));
}

}  // namespace
}  // namespace reel::imf
