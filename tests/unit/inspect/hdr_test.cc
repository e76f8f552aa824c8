#include "inspect/hdr.h"

#include <gmock/gmock.h>

#include "inspect/checks.h"
#include "unit/inspect/long_title.h"

namespace reel::inspect {
namespace {

using model::Severity;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

model::HdrMetadata SoundMetadata() {
  model::HdrMetadata metadata;
  metadata.mastering_display = metadata.content_light = true;
  metadata.primaries = {34000, 16000, 13250, 34500, 7500, 3000};
  metadata.white_point = {15635, 16450};
  metadata.max_luminance = 10'000'000;
  metadata.min_luminance = 1;
  metadata.max_cll = 1000;
  metadata.max_fall = 200;
  return metadata;
}

struct HdrTitle : LongTitle {
  HdrTitle() {
    scan.source.video.bit_depth = 10;
    scan.source.video.color = {"bt2020", "smpte2084", "bt2020nc", "tv"};
    PictureStats stats = MadeUpPicture();
    stats.luma = {90, 110, 200, 330, 450, 560, 640};
    stats.rgb_peak = 760;
    SetPictures(0, 400, stats);
  }
};

TEST(HdrTest, SoundHdrGivesNothing) {
  HdrTitle title;
  EXPECT_THAT(HdrMetadataMissing(title.Facts(), SoundMetadata()), IsEmpty());
  EXPECT_THAT(HdrMetadataInvalid(title.Facts(), SoundMetadata()), IsEmpty());
  EXPECT_THAT(HdrTaggedSdr(title.Facts(), SoundMetadata()), IsEmpty());
  EXPECT_THAT(SdrTaggedHdr(title.Facts(), SoundMetadata()), IsEmpty());
}

TEST(HdrTest, MissingMetadata) {
  HdrTitle title;
  model::HdrMetadata metadata = SoundMetadata();
  metadata.content_light = false;
  EXPECT_THAT(HdrMetadataMissing(title.Facts(), metadata),
              ElementsAre(Is("hdr-metadata-missing", Severity::kInfo)));
  EXPECT_THAT(HdrMetadataMissing(title.Facts(), {}),
              ElementsAre(Is("hdr-metadata-missing", Severity::kWarn)));
}

TEST(HdrTest, MetadataThatCannotBeTrue) {
  HdrTitle title;
  const auto is_wrong =
      ElementsAre(Is("hdr-metadata-invalid", Severity::kWarn));
  model::HdrMetadata metadata = SoundMetadata();
  std::swap(metadata.primaries[0], metadata.primaries[4]);  // x of R and B
  EXPECT_THAT(HdrMetadataInvalid(title.Facts(), metadata), is_wrong);
  metadata = SoundMetadata();
  metadata.min_luminance = metadata.max_luminance;
  EXPECT_THAT(HdrMetadataInvalid(title.Facts(), metadata), is_wrong);
  metadata = SoundMetadata();
  metadata.max_fall = 1001;
  EXPECT_THAT(HdrMetadataInvalid(title.Facts(), metadata), is_wrong);
  metadata = SoundMetadata();
  metadata.max_cll = 300;
  metadata.max_fall = 100;
  EXPECT_THAT(HdrMetadataInvalid(title.Facts(), metadata), is_wrong);
}

TEST(HdrTest, TaggedSdr) {
  HdrTitle title;
  title.scan.source.video.color = {"bt709", "bt709", "bt709", "tv"};
  EXPECT_THAT(HdrTaggedSdr(title.Facts(), {}),
              ElementsAre(Is("hdr-tagged-sdr", Severity::kReject)));
  title.pictures[7].luma[PictureStats::k99_9] = 800;  // one with a highlight
  EXPECT_THAT(HdrTaggedSdr(title.Facts(), {}), IsEmpty());
  EXPECT_THAT(HdrTaggedSdr(title.Facts(), SoundMetadata()),
              ElementsAre(Is("hdr-tagged-sdr", Severity::kReject)));
}

TEST(HdrTest, SdrTagged) {
  HdrTitle title;
  PictureStats bright = MadeUpPicture();
  bright.luma = {64, 70, 150, 400, 700, 880, 930};
  title.SetPictures(0, 201, bright);
  EXPECT_THAT(SdrTaggedHdr(title.Facts(), {}),
              ElementsAre(Is("sdr-tagged-hdr", Severity::kReject)));
}

}  // namespace
}  // namespace reel::inspect
