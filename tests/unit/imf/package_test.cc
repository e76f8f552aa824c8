// Whole packages, made of text alone: whatever is wrong with one, there is a
// verdict.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <random>

#include "base/file.h"
#include "imf/composition_playlist.h"
#include "imf/imf.h"
#include "sample_xml.h"
#include "testing/temp_dir.h"

namespace reel::imf {
namespace {

namespace fs = std::filesystem;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsSupersetOf;

// An asset map that lists the essence files too.
std::string FullAssetMap() {
  std::string assets;
  for (const char* name : {"1", "2"}) {
    assets += With(
        "<Asset><Id>urn:uuid:00000000-0000-0000-0000-00000000030N</Id>"
        "<ChunkList><Chunk><Path>N.mxf</Path></Chunk></ChunkList></Asset>",
        "N", name);
    assets = With(assets, "N.mxf", std::string(name) + ".mxf");
  }
  return With(kAssetMapXml, "</AssetList>", assets + "</AssetList>");
}

class PackageTest : public ::testing::Test {
 protected:
  PackageTest() {
    Put("ASSETMAP.xml", FullAssetMap());
    Put("PKL.xml", kPackingListXml);
    Put("CPL.xml", kPlaylistXml);
    Put("1.mxf", "no picture");
    Put("2.mxf", "no sound");
  }
  void Put(const std::string& name, const std::string& text) const {
    std::ofstream(dir_.path() + "/" + name, std::ios::binary) << text;
  }
  base::Result<Package> Open(const std::string& composition = "") const {
    std::vector<KnownDigest> memory;
    return OpenPackage({.directory = dir_.path(), .composition = composition},
                       memory, nullptr);
  }
  std::vector<std::string> Codes() const {
    const auto package = Open();
    if (!package) return {"error: " + package.error().message};
    std::vector<std::string> codes;
    for (const model::Finding& finding : package->findings)
      codes.push_back(finding.code);
    return codes;
  }
  const std::string& path() const { return dir_.path(); }

 private:
  reel::testing::TempDir dir_;
};

TEST_F(PackageTest, ListsAndJudges) {
  const auto package = Open();
  ASSERT_TRUE(package) << package.error().message;
  ASSERT_EQ(package->listing.compositions.size(), 1U);
  const CompositionListing& listing = package->listing.compositions[0];
  EXPECT_EQ(package->title, "A title");
  EXPECT_EQ(listing.duration, 2);
  ASSERT_EQ(listing.tracks.size(), 2U);
  EXPECT_EQ(listing.tracks[0].coding,
            "High-Throughput JPEG 2000 (ISO/IEC 15444-15)");
  EXPECT_EQ(listing.tracks[1].language, "pt-BR");
  // The essence is none, and the packing list knows of another playlist.
  EXPECT_THAT(Codes(),
              IsSupersetOf({"imf-size-mismatch", "imf-essence-unsupported"}));
  EXPECT_FALSE(package->composition);
}

TEST_F(PackageTest, NamesCompositionsThatAreNotThere) {
  EXPECT_TRUE(Open("00000000-0000-0000-0000-0000000000C1"));
  EXPECT_TRUE(Open("urn:uuid:00000000-0000-0000-0000-0000000000c1"));
  const auto package = Open("00000000-0000-0000-0000-0000000000c2");
  ASSERT_FALSE(package);
  EXPECT_EQ(package.error().code, base::Code::kInvalidArgument);
  EXPECT_NE(package.error().message.find("0000000000c1 (A title)"),
            std::string::npos);
}

TEST_F(PackageTest, FindsWhatIsMissing) {
  fs::remove(path() + "/2.mxf");
  EXPECT_THAT(Codes(), Contains("imf-asset-missing"));
  fs::remove(path() + "/ASSETMAP.xml");
  EXPECT_THAT(Codes(), Contains("imf-schema"));
}

TEST_F(PackageTest, OpensNoPipesOrDirectories) {
  fs::remove(path() + "/1.mxf");
  ASSERT_EQ(::mkfifo((path() + "/1.mxf").c_str(), 0600), 0);
  fs::remove(path() + "/2.mxf");
  fs::create_directory(path() + "/2.mxf");
  EXPECT_THAT(Codes(), Contains("imf-asset-missing"));
}

TEST_F(PackageTest, TheAssetMapItselfLeadsNowhereElse) {
  const reel::testing::TempDir elsewhere;
  fs::rename(path() + "/ASSETMAP.xml", elsewhere.path() + "/map");
  fs::create_symlink(elsewhere.path() + "/map", path() + "/ASSETMAP.xml");
  EXPECT_THAT(Codes(), ElementsAre("imf-path-unsafe"));
  fs::remove(path() + "/ASSETMAP.xml");
  ASSERT_EQ(::mkfifo((path() + "/ASSETMAP.xml").c_str(), 0600), 0);
  EXPECT_THAT(Codes(), ElementsAre("imf-schema"));
}

TEST_F(PackageTest, AFileIsOneAssets) {
  Put("ASSETMAP.xml", With(FullAssetMap(), "2.mxf", "./1.mxf"));
  const auto package = Open();
  ASSERT_TRUE(package) << package.error().message;
  EXPECT_THAT(package->findings,
              Contains(Field("message", &model::Finding::message,
                             HasSubstr("that of another asset"))));
}

TEST_F(PackageTest, ManySegmentsEndSoon) {
  std::string many;
  for (size_t i = 0; i <= kMaxSegments; ++i) many += "<Segment/>";
  Put("CPL.xml", With(kPlaylistXml, "</SegmentList>", many + "</SegmentList>"));
  const auto package = Open();
  ASSERT_TRUE(package) << package.error().message;
  EXPECT_THAT(package->findings,
              Contains(Field("message", &model::Finding::message,
                             HasSubstr("has 5002 segments"))));
}

TEST_F(PackageTest, RefusesBombs) {
  std::string bomb = "<!DOCTYPE a [<!ENTITY l0 'lol'>";
  for (int i = 1; i < 30; ++i)
    bomb += "<!ENTITY l" + std::to_string(i) + " '&l" + std::to_string(i - 1) +
            ";&l" + std::to_string(i - 1) + ";'>";
  Put("CPL.xml", bomb + "]><CompositionPlaylist>&l29;</CompositionPlaylist>");
  EXPECT_THAT(Codes(), Contains("imf-schema"));
}

TEST_F(PackageTest, ManyTracksAndResourcesEndSoon) {
  const size_t from = kPlaylistXml.find("<Resource><Id>");
  const size_t end = kPlaylistXml.find("</Resource>") + 11;
  const std::string resource = kPlaylistXml.substr(from, end - from);
  std::string many;
  for (int i = 0; i < 20'000; ++i) many += resource;
  Put("CPL.xml", With(kPlaylistXml, resource, many));
  EXPECT_THAT(Codes(), Contains("imf-timeline-gap"));
}

// Bit flips, cuts, and pieces of one file in another.
TEST_F(PackageTest, AnyMutationGetsAVerdict) {
  const std::pair<const char*, std::string> files[] = {
      {"ASSETMAP.xml", FullAssetMap()},
      {"PKL.xml", kPackingListXml},
      {"CPL.xml", kPlaylistXml}};
  const std::string pieces[] = {"../../etc/passwd",
                                "/etc/passwd",
                                "file://x",
                                "-1",
                                "9223372036854775807",
                                "0",
                                "&lt;",
                                "<![CDATA[",
                                "<!--",
                                "xmlns=''"};
  std::mt19937 random(20261122);
  for (int round = 0; round < 600; ++round) {
    SCOPED_TRACE(round);
    const auto& [name, sound] = files[random() % std::size(files)];
    std::string text = sound;
    for (int n = 0; n < 4; ++n) {
      const size_t at = random() % text.size();
      switch (random() % 4) {
        case 0:
          text[at] = static_cast<char>(random());
          break;
        case 1:
          text.erase(at, random() % 40);
          break;
        case 2:
          text.insert(at, pieces[random() % std::size(pieces)]);
          break;
        default:
          text.insert(at, sound.substr(random() % sound.size(), 200));
          break;
      }
      if (text.empty()) text = " ";
    }
    Put(name, text);
    const auto package = Open();
    ASSERT_TRUE(package) << package.error().message;
    EXPECT_FALSE(package->composition);
    EXPECT_FALSE(package->findings.empty());
    Put(name, sound);
  }
}

}  // namespace
}  // namespace reel::imf
