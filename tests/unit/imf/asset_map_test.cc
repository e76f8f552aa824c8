#include "imf/asset_map.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sample_xml.h"

namespace reel::imf {
namespace {

using ::testing::HasSubstr;

std::string FindingsOf(const std::string& xml) {
  FindingList findings;
  (void)ParseAssetMap(xml, "ASSETMAP.xml", findings);
  return Told(findings);
}

TEST(AssetMapTest, ListsAssets) {
  FindingList findings;
  const AssetMap map = ParseAssetMap(kAssetMapXml, "ASSETMAP.xml", findings);
  EXPECT_EQ(Told(findings), "");
  EXPECT_EQ(map.id, "00000000-0000-0000-0000-0000000000aa");
  ASSERT_EQ(map.assets.size(), 2U);
  EXPECT_TRUE(map.assets[0].is_packing_list);
  EXPECT_EQ(map.assets[0].path, "PKL.xml");
  EXPECT_FALSE(map.assets[1].is_packing_list);
}

TEST(AssetMapTest, SaysWhatIsWrong) {
  const auto edited = [](const char* part, const char* other) {
    return FindingsOf(With(kAssetMapXml, part, other));
  };
  EXPECT_THAT(FindingsOf("<AssetMap"), HasSubstr("imf-schema: ASSETMAP.xml"));
  EXPECT_THAT(FindingsOf("<Map/>"), HasSubstr("should be AssetMap"));
  EXPECT_THAT(edited("429-9", "999"), HasSubstr("no namespace"));
  EXPECT_THAT(edited("<ChunkList>", "<Chunks>"), HasSubstr("not well formed"));
  EXPECT_THAT(edited("<Path>CPL.xml</Path>", ""), HasSubstr("has no Path"));
  EXPECT_THAT(edited("</Chunk></ChunkList>", "</Chunk><Chunk/></ChunkList>"),
              HasSubstr("has 2 chunks"));
  EXPECT_THAT(edited("00c1</Id>", "00b1</Id>"), HasSubstr("used twice"));
  EXPECT_THAT(edited("urn:uuid:00000000-0000-0000-0000-0000000000c1", "c1"),
              HasSubstr("line 8: Id: \"c1\" is no urn:uuid"));
  EXPECT_THAT(edited("<VolumeCount>1", "<VolumeCount>2"),
              HasSubstr("2 volumes"));
}

}  // namespace
}  // namespace reel::imf
