#include "imf/essence_coding.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace reel::imf {
namespace {

using ::testing::StartsWith;

TEST(EssenceCodingTest, NamesCodingsWhateverTheVersionByte) {
  EXPECT_THAT(EssenceCodingName("060e2b340401010d0401020203010113"),
              StartsWith("JPEG 2000"));
  EXPECT_THAT(EssenceCodingName("060e2b34040101070401020203010113"),
              StartsWith("JPEG 2000"));
  EXPECT_THAT(EssenceCodingName("060e2b340401010d0401020203010801"),
              StartsWith("High-Throughput JPEG 2000"));
  EXPECT_THAT(EssenceCodingName("060e2b340401010d0401020203040200"),
              StartsWith("ACES"));
  EXPECT_THAT(EssenceCodingName("060e2b340401010d0401020203050000"),
              StartsWith("VC-5"));
  EXPECT_THAT(EssenceCodingName("060e2b34040101050e09060400000000"),
              StartsWith("Immersive Audio"));
  EXPECT_EQ(EssenceCodingName("060e2b34040101050e0906ff00000000"), "");
  EXPECT_EQ(EssenceCodingName(""), "");
}

TEST(EssenceCodingTest, NamesColours) {
  EXPECT_EQ(TransferName("060e2b340401010d04010101010a0000"), "smpte2084");
  EXPECT_EQ(PrimariesName("060e2b34040101060401010103030000"), "bt709");
  EXPECT_EQ(MatrixName("060e2b34040101010401010102020000"), "bt709");
  EXPECT_EQ(TransferName("060e2b34040101060401010103030000"), "");
}

TEST(EssenceCodingTest, WritesLabelsAsPeopleDo) {
  EXPECT_EQ(LabelText("060e2b340401010d0401020203010801"),
            "urn:smpte:ul:060e2b34.0401010d.04010202.03010801");
}

}  // namespace
}  // namespace reel::imf
