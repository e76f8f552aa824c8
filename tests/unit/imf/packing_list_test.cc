#include "imf/packing_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sample_xml.h"

namespace reel::imf {
namespace {

using ::testing::HasSubstr;

TEST(PackingListTest, ListsSizesAndDigests) {
  FindingList findings;
  const PackingList list =
      ParsePackingList(kPackingListXml, "PKL.xml", findings);
  EXPECT_EQ(Told(findings), "");
  EXPECT_EQ(list.id, "00000000-0000-0000-0000-0000000000b1");
  ASSERT_EQ(list.assets.size(), 1U);
  EXPECT_EQ(list.assets[0].size_bytes, 3);
  EXPECT_EQ(list.assets[0].digest_kind, base::DigestKind::kSha1);
  // FIPS 180-4: SHA-1 of "abc".
  EXPECT_EQ(list.assets[0].digest, "a9993e364706816aba3e25717850c26c9cd0d89d");
}

TEST(PackingListTest, KnowsSha256) {
  FindingList findings;
  const std::string xml =
      With(With(kPackingListXml, "http://www.w3.org/2000/09/xmldsig#sha1",
                "http://www.w3.org/2001/04/xmlenc#sha256"),
           "qZk+NkcGgWq6PiVxeFDCbJzQ2J0=",
           "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=");
  const PackingList list = ParsePackingList(xml, "PKL.xml", findings);
  EXPECT_EQ(Told(findings), "");
  EXPECT_EQ(list.assets.at(0).digest,
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(PackingListTest, SaysWhatIsWrong) {
  const auto edited = [](const char* part, const char* other) {
    FindingList findings;
    (void)ParsePackingList(With(kPackingListXml, part, other), "PKL.xml",
                           findings);
    return Told(findings);
  };
  EXPECT_THAT(edited("<Size>3", "<Size>three"), HasSubstr("no whole number"));
  EXPECT_THAT(edited("<Size>3</Size>", ""), HasSubstr("has no Size"));
  EXPECT_THAT(edited("qZk+", "qZk?"), HasSubstr("no digest in base 64"));
  EXPECT_THAT(edited("qZk+", ""), HasSubstr("no digest in base 64"));
  EXPECT_THAT(edited("#sha1", "#md5"), HasSubstr("not SHA-1 or SHA-256"));
  EXPECT_THAT(edited("<PackingList", "<Packing"), HasSubstr("imf-schema"));
}

}  // namespace
}  // namespace reel::imf
