#include "workflow/child_process.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>

#include "testing/temp_dir.h"

namespace reel::workflow {
namespace {

class LastWordsTest : public ::testing::Test {
 protected:
  std::string LastWords(const std::string& log) {
    std::ofstream(path_) << log;
    return LastWordsOf(path_);
  }
  testing::TempDir dir_;
  const std::string path_ = dir_.path() + "/log";
};

TEST_F(LastWordsTest, AreThoseOfTheLastTask) {
  EXPECT_EQ(LastWords(fmt::format("{0}a: x\nold\n{0}b: y\nnew\n", kTaskMark)),
            "new");
}

TEST_F(LastWordsTest, AreOneLineOfPrintableCharacters) {
  EXPECT_EQ(
      LastWords(fmt::format("{}a\n one\r\n\ttwo\x1b[31m \n\n", kTaskMark)),
      "one two?[31m");
}

TEST_F(LastWordsTest, OfManyTheEndIsKept) {
  const std::string words =
      LastWords(kTaskMark + ("\n" + std::string(9999, 'x')) + "end");
  EXPECT_EQ(words.size(), 600u);
  EXPECT_TRUE(words.ends_with("xend"));
}

TEST_F(LastWordsTest, OfNothingAreNothing) {
  EXPECT_EQ(LastWords(""), "");
  EXPECT_EQ(LastWords(fmt::format("{}a", kTaskMark)), "");
  EXPECT_EQ(LastWordsOf(dir_.path() + "/nothing"), "");
}

}  // namespace
}  // namespace reel::workflow
