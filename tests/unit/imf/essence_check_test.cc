#include "imf/essence_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sample_xml.h"

namespace reel::imf {
namespace {

using ::testing::HasSubstr;

media::Essence Picture() {
  media::Essence essence;
  essence.kind = model::TrackKind::kPicture;
  essence.codec = "jpeg2000";
  essence.unit_rate = {24, 1};
  essence.video.width = 640;
  essence.video.height = 360;
  essence.video.bit_depth = 10;
  essence.video.color = {"bt709", "bt709", "bt709", "tv"};
  essence.components = 3;
  essence.chroma_width_shift = 1;
  return essence;
}

EssenceDescriptor Fitting() {
  EssenceDescriptor descriptor;
  descriptor.kind = "CDCIDescriptor";
  descriptor.sample_rate = base::Rational{24, 1};
  descriptor.stored_width = 640;
  descriptor.stored_height = 360;
  descriptor.component_depth = 10;
  descriptor.components = 3;
  descriptor.horizontal_subsampling = 2;
  descriptor.vertical_subsampling = 1;
  descriptor.transfer = "060e2b34040101010401010101020000";
  descriptor.primaries = "060e2b34040101060401010103030000";
  descriptor.matrix = "060e2b34040101010401010102020000";
  return descriptor;
}

std::string Judged(const EssenceDescriptor& descriptor,
                   const media::Essence& essence) {
  FindingList findings;
  JudgeDescriptor(descriptor, essence, {"CPL.xml", "Resource", "x", 1},
                  findings);
  return Told(findings);
}

template <typename Member, typename Value>
std::string With(Member member, const Value& value) {
  EssenceDescriptor descriptor = Fitting();
  descriptor.*member = value;
  return Judged(descriptor, Picture());
}

TEST(JudgeDescriptorTest, LetsPassWhatFits) {
  EXPECT_EQ(Judged(Fitting(), Picture()), "");
  EXPECT_EQ(Judged({}, Picture()), "");
}

TEST(JudgeDescriptorTest, FindsEveryContradiction) {
  using D = EssenceDescriptor;
  EXPECT_THAT(With(&D::stored_width, 1920), HasSubstr("1920x360"));
  EXPECT_THAT(With(&D::stored_height, 180), HasSubstr("640x180"));
  EXPECT_THAT(With(&D::component_depth, 8), HasSubstr("bit depth of 8"));
  EXPECT_THAT(With(&D::components, 4), HasSubstr("components: 4"));
  EXPECT_THAT(With(&D::horizontal_subsampling, 1), HasSubstr("horizontal"));
  EXPECT_THAT(With(&D::vertical_subsampling, 2), HasSubstr("vertical"));
  EXPECT_THAT(With(&D::sample_rate, base::Rational{25, 1}),
              HasSubstr("a rate of 25"));
  EXPECT_THAT(With(&D::transfer, "060e2b340401010d04010101010a0000"),
              HasSubstr("smpte2084"));
  EXPECT_THAT(With(&D::primaries, "060e2b340401010d0401010103040000"),
              HasSubstr("bt2020"));
  EXPECT_THAT(With(&D::matrix, "060e2b340401010d0401010102060000"),
              HasSubstr("bt2020nc"));
  EXPECT_THAT(With(&D::kind, "RGBADescriptor"), HasSubstr("RGB"));
}

TEST(JudgeDescriptorTest, HeightsMayBeThoseOfFields) {
  EssenceDescriptor descriptor = Fitting();
  descriptor.stored_height = 180;
  descriptor.full_frames = false;
  EXPECT_EQ(Judged(descriptor, Picture()), "");
}

TEST(JudgeDescriptorTest, SaysThatColourDifferencesWouldBeTakenForRgb) {
  media::Essence essence = Picture();
  essence.rgb = true;
  EXPECT_THAT(Judged(Fitting(), essence), HasSubstr("imf-essence-unsupported"));
}

TEST(JudgeDescriptorTest, ComparesSound) {
  media::Essence essence;
  essence.kind = model::TrackKind::kSound;
  essence.unit_rate = {48000, 1};
  essence.audio.channels = 2;
  essence.sample_bits = 24;
  EssenceDescriptor descriptor;
  descriptor.audio_rate = base::Rational{48000, 1};
  descriptor.channels = 2;
  descriptor.sample_bits = 24;
  EXPECT_EQ(Judged(descriptor, essence), "");
  descriptor.channels = 6;
  descriptor.audio_rate = base::Rational{96000, 1};
  EXPECT_THAT(Judged(descriptor, essence), HasSubstr("channels: 6"));
  EXPECT_THAT(Judged(descriptor, essence), HasSubstr("a rate of 96000"));
}

TEST(JudgeHomogeneousTest, FindsAChangeWithinATrack) {
  FindingList findings;
  media::Essence other = Picture();
  JudgeHomogeneous(Picture(), other, {}, findings);
  EXPECT_EQ(Told(findings), "");
  other.video.height = 720;
  JudgeHomogeneous(Picture(), other, {}, findings);
  EXPECT_THAT(Told(findings), HasSubstr("640x720"));
}

}  // namespace
}  // namespace reel::imf
