#include "media/source_probe.h"

#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "testing/temp_dir.h"

namespace reel::media {
namespace {

TEST(ProbeSourceTest, PicturesTooLargeToDecodeAreUnsupported) {
  const reel::testing::TempDir directory;
  const std::string path = directory.path() + "/clip";
  std::ofstream(path, std::ios::binary)
      << "YUV4MPEG2 W16000 H9000 F25:1 Ip C420jpeg\nFRAME\n"
      << std::string(1000, 'x');
  const auto source = ProbeSource(path);
  ASSERT_FALSE(source);
  EXPECT_EQ(source.error().code, base::Code::kUnsupported);
  EXPECT_NE(source.error().message.find("16000x9000"), std::string::npos);
}

}  // namespace
}  // namespace reel::media
