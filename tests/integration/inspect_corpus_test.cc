// Inspection of real and damaged clips: ../shared/media/defects/EXPECTED.tsv
// says what is wrong with each, where, and how bad it is.
#include <gmock/gmock.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "inspect/inspect.h"
#include "testing/inspect_title.h"
#include "testing/media_corpus.h"

namespace reel::inspect {
namespace {

using model::Finding;
using model::Severity;

Inspection Inspect(const std::string& path, int64_t packets_per_piece) {
  auto inspection = reel::testing::InspectTitle(path, packets_per_piece);
  EXPECT_TRUE(inspection.has_value()) << inspection.error().message;
  return inspection ? *std::move(inspection) : Inspection();
}

std::string Describe(const Finding& f) {
  std::ostringstream text;
  text << base::Json(f.severity).get<std::string>() << " " << f.code << " ["
       << f.start << ", " << f.end << "] frame " << f.first_frame << ": "
       << f.message;
  return text.str();
}

std::string Describe(const Inspection& inspection) {
  std::string text;
  for (const auto& f : inspection.report.findings) text += Describe(f) + "\n";
  return text;
}

std::vector<std::string> Split(const std::string& text, char at) {
  std::vector<std::string> parts;
  std::istringstream stream(text);
  for (std::string part; std::getline(stream, part, at);) parts.push_back(part);
  return parts;
}

struct Expected {
  std::string file;
  std::vector<std::string> codes;
  std::vector<std::string> severities;
  std::optional<double> begin;
  std::optional<double> end;
};

void PrintTo(const Expected& row, std::ostream* out) { *out << row.file; }

std::vector<Expected> ReadExpected() {
  std::vector<Expected> rows;
  std::ifstream table(reel::testing::CorpusClip("defects/EXPECTED.tsv"));
  std::string line;
  std::getline(table, line);
  const auto seconds = [](const std::string& text) {
    return text.empty() ? std::nullopt : std::optional(std::stod(text));
  };
  while (std::getline(table, line)) {
    const auto cells = Split(line, '\t');
    rows.push_back({cells.at(0), Split(cells.at(1), '|'),
                    Split(cells.at(2), '|'), seconds(cells.at(3)),
                    seconds(cells.at(4))});
  }
  return rows;
}

// Whether one of the findings, or all of one code together, is what a row says.
bool IsFound(const Expected& row, const std::vector<Finding>& findings) {
  for (const std::string& code : row.codes) {
    std::vector<Finding> of_code;
    for (const auto& f : findings) {
      const auto severity = base::Json(f.severity).get<std::string>();
      if (f.code == code && std::count(row.severities.begin(),
                                       row.severities.end(), severity) > 0) {
        of_code.push_back(f);
      }
    }
    if (of_code.empty()) continue;
    double begin = of_code.front().start;
    double end = of_code.front().end;
    for (const auto& f : of_code) {
      begin = std::min(begin, f.start);
      end = std::max(end, f.end);
    }
    if ((!row.begin || std::abs(*row.begin - begin) <= 0.25) &&
        (!row.end || std::abs(*row.end - end) <= 0.25)) {
      return true;
    }
  }
  return false;
}

class InspectDefectTest : public ::testing::TestWithParam<Expected> {};

TEST_P(InspectDefectTest, IsFoundWhereItIs) {
  const Expected& row = GetParam();
  const Inspection got =
      Inspect(reel::testing::CorpusClip("defects/" + row.file), 48);
  RecordProperty("findings", Describe(got));
  if (row.severities == std::vector<std::string>{"pass"}) {
    EXPECT_EQ(got.report.verdict, model::Verdict::kAccept) << Describe(got);
  } else if (row.severities != std::vector<std::string>{"optional"}) {
    EXPECT_TRUE(IsFound(row, got.report.findings)) << Describe(got);
  }
}

std::vector<Expected> Rows() {
  if (!reel::testing::HasMediaCorpus()) return {};
  return ReadExpected();
}

std::string NameOf(const std::string& path) {
  std::string name = path.substr(path.rfind('/') + 1);
  for (char& c : name) {
    if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
  }
  return name;
}

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(InspectDefectTest);
INSTANTIATE_TEST_SUITE_P(Corpus, InspectDefectTest, ::testing::ValuesIn(Rows()),
                         [](const auto& c) { return NameOf(c.param.file); });

class InspectSoundClipTest : public ::testing::TestWithParam<std::string> {};

TEST_P(InspectSoundClipTest, IsNotRejectedHoweverItIsCut) {
  const Inspection whole = Inspect(GetParam(), 1'000'000);
  const Inspection cut = Inspect(GetParam(), 1);
  RecordProperty("findings", Describe(whole));
  if (GetParam().ends_with("audio_only_eac3_5.1.mp4")) {
    ASSERT_EQ(whole.report.findings.size(), 1u);
    EXPECT_EQ(whole.report.findings[0].code, "no-video");
    return;
  }
  EXPECT_NE(whole.report.verdict, model::Verdict::kReject) << Describe(whole);
  EXPECT_EQ(base::Json(whole.report), base::Json(cut.report))
      << Describe(whole) << "but cut:\n"
      << Describe(cut);
  EXPECT_EQ(Serialize(whole.frames), Serialize(cut.frames));
  EXPECT_EQ(whole.fingerprints, cut.fingerprints);
}

std::vector<std::string> SoundClips() {
  std::vector<std::string> clips = reel::testing::CorpusFolder("originals");
  for (auto& clip : reel::testing::CorpusFolder("derived")) {
    clips.push_back(std::move(clip));
  }
  return clips;
}

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(InspectSoundClipTest);
INSTANTIATE_TEST_SUITE_P(Corpus, InspectSoundClipTest,
                         ::testing::ValuesIn(SoundClips()),
                         [](const auto& c) { return NameOf(c.param); });

TEST(InspectTest, AnAbsentFileAndADirectoryAreErrors) {
  EXPECT_EQ(Scan("/nowhere/at/all.mp4", {}, {}).error().code,
            base::Code::kNotFound);
  EXPECT_EQ(Scan("/", {}, {}).error().code, base::Code::kInvalidArgument);
}

}  // namespace
}  // namespace reel::inspect
