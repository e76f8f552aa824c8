#include "service/rate_plot.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

namespace reel::service {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using Kind = RateSeries::Kind;

size_t Count(const std::string& text, const std::string& part) {
  size_t count = 0;
  for (size_t at = text.find(part); at != std::string::npos;
       at = text.find(part, at + 1))
    ++count;
  return count;
}

std::string Plot(const std::vector<RateSeries>& series) {
  return PlotRates("A film", "VMAF", series);
}

// All numbers that follow `name="`.
std::vector<double> Attributes(const std::string& svg,
                               const std::string& name) {
  std::vector<double> values;
  const std::string start = " " + name + "=\"";
  for (size_t at = svg.find(start); at != std::string::npos;
       at = svg.find(start, at + 1))
    values.push_back(std::stod(svg.substr(at + start.size())));
  return values;
}

// The numbers x of "x yLx yL…" behind the last `start`: legends come first.
std::vector<double> PathColumns(const std::string& svg,
                                const std::string& start) {
  std::vector<double> columns;
  const size_t at = svg.rfind(start);
  if (at == std::string::npos) return columns;
  std::string path = svg.substr(at + start.size());
  path = path.substr(0, path.find('"'));
  for (size_t next = 0; next != std::string::npos;) {
    columns.push_back(std::stod(path.substr(next)));
    next = path.find('L', next);
    if (next != std::string::npos) ++next;
  }
  return columns;
}

const RateSeries kCurve = {Kind::kCurve,
                           "fixed",
                           {{400e3, 40}, {4e6, 90}, {40e6, 95}},
                           {"240p", "720p", "1080p"}};

TEST(PlotRatesTest, RateIsLogarithmicAndQualityRises) {
  const std::string svg = Plot({kCurve});
  const std::vector<double> x = Attributes(svg, "cx"),
                            y = Attributes(svg, "cy");
  ASSERT_EQ(x.size(), 4u);  // the first is the legend's
  EXPECT_NEAR(x[2] - x[1], x[3] - x[2], 0.11);
  EXPECT_NEAR(y[1] - y[2], 10 * (y[2] - y[3]), 1.1);
  EXPECT_GT(y[2], y[3]);
}

TEST(PlotRatesTest, AxesHaveRoundLabels) {
  const std::string svg = Plot({kCurve});
  for (const char* label : {"VMAF", "40", "90", "500 kbit/s", "1 Mbit/s",
                            "2 Mbit/s", "5 Mbit/s", "20 Mbit/s"})
    EXPECT_THAT(svg, HasSubstr(std::string(">") + label + "</text>"));
}

TEST(PlotRatesTest, ANarrowAxisHasLabelsToo) {
  const std::string svg = Plot({{Kind::kProbes, "", {{1.23e6, 93.1}}, {}}});
  EXPECT_GE(Count(svg, "bit/s</text>"), 3u);
  EXPECT_THAT(svg, HasSubstr(">800 kbit/s<"));
  EXPECT_THAT(svg, HasSubstr(">2 Mbit/s<"));
}

TEST(PlotRatesTest, ProbesHaveAColourEachAndHullsAreDark) {
  const std::string svg =
      Plot({{Kind::kProbes, "640x360", {{1e6, 80}}, {}},
            {Kind::kProbes, "1280x720", {{2e6, 90}}, {}},
            {Kind::kHull, "hull", {{2e6, 90}, {1e6, 80}}, {}}});
  EXPECT_EQ(Count(svg, "stroke=\"#0072b2\""), 2u);  // in the legend and below
  EXPECT_EQ(Count(svg, "stroke=\"#d55e00\""), 2u);
  EXPECT_EQ(Count(svg, "stroke=\"#222\" stroke-width=\"1.5\""), 2u);
  for (const char* name : {"640x360", "1280x720", "hull"})
    EXPECT_THAT(svg, HasSubstr(std::string(">") + name + "</text>"));
}

TEST(PlotRatesTest, LinesGoByRisingRate) {
  const std::string svg =
      Plot({{Kind::kHull, "hull", {{4e6, 90}, {1e6, 50}, {2e6, 80}}, {}}});
  const std::vector<double> x =
      PathColumns(svg, "stroke-linejoin=\"round\" d=\"M");
  ASSERT_EQ(x.size(), 3u);
  EXPECT_LT(x[0], x[1]);
  EXPECT_LT(x[1], x[2]);
}

// Baselines of the texts that begin with "rung".
std::vector<double> RungLabels(const std::string& svg) {
  std::vector<double> lines;
  const std::string start = " y=\"";
  for (size_t text = svg.find("\">rung"); text != std::string::npos;
       text = svg.find("\">rung", text + 1)) {
    const size_t at = svg.rfind(start, text);
    lines.push_back(std::stod(svg.substr(at + start.size())));
  }
  return lines;
}

RateSeries Crowd(int count) {
  RateSeries rungs{
      .kind = Kind::kRungs, .name = "", .points = {}, .labels = {}};
  for (int i = 0; i < count; ++i) {
    rungs.points.push_back({1e6 + 1e3 * i, 90 + 0.001 * i});
    rungs.labels.push_back("rung " + std::to_string(i));
  }
  return rungs;
}

TEST(PlotRatesTest, LabelsOfRungsDoNotOverlap) {
  const std::vector<double> lines = RungLabels(Plot({Crowd(9)}));
  ASSERT_EQ(lines.size(), 9u);
  for (size_t i = 1; i < lines.size(); ++i)
    EXPECT_GE(lines[i] - lines[i - 1], 12) << i;
}

TEST(PlotRatesTest, LabelsStayInsideTheDrawing) {
  const std::string svg = Plot({Crowd(500)});
  EXPECT_EQ(Attributes(svg, "cx").size(), 501u);  // with the legend's
  EXPECT_GE(RungLabels(svg).size(), 25u);
  const double bottom = Attributes(svg, "height")[0];
  for (const double line : RungLabels(svg)) {
    EXPECT_GT(line, 0);
    EXPECT_LT(line, bottom);
  }
  // One at the right edge stands left of its mark.
  EXPECT_THAT(Plot({{Kind::kRungs,
                     "",
                     {{1e5, 20}, {1e9, 90}},
                     {"", std::string(60, 'x')}}}),
              HasSubstr("text-anchor=\"end\">xxx"));
}

TEST(PlotRatesTest, ManyProbesAreASmallFile) {
  RateSeries probes{Kind::kProbes, "640x360", {}, {}};
  for (int i = 0; i < 100'000; ++i)
    probes.points.push_back({1e6 * (1 + i % 300), 20.0 + i % 70});
  EXPECT_LT(Plot({probes}).size(), 60'000u);
}

TEST(PlotRatesTest, NothingInTextsIsMarkup) {
  const std::string hostile = "<b>&\"'\x01\xFF</text>";
  const std::string svg =
      PlotRates(hostile, hostile,
                std::vector<RateSeries>{{Kind::kRungs,
                                         hostile,
                                         {{1e6, 50}, {2e6, 60}},
                                         {hostile, std::string(9999, '<')}}});
  EXPECT_THAT(svg, Not(HasSubstr("<b>")));
  EXPECT_THAT(svg, HasSubstr("&lt;b&gt;&amp;&quot;&#39;"));
  EXPECT_THAT(svg, Not(HasSubstr("\xFF")));
  EXPECT_LT(svg.size(), 20'000u);
}

TEST(PlotRatesTest, WhatNoAxisCanShowChangesNothing) {
  RateSeries more = kCurve;
  more.labels.insert(more.labels.end(), {"a", "b", "c"});
  more.points.insert(more.points.end(),
                     {{0, 10}, {1e300, 10}, {1e6, std::nan("")}});
  EXPECT_EQ(Plot({more}), Plot({kCurve}));
}

TEST(PlotRatesTest, HasNoOddNumbers) {
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  const double rates[] = {kNan, kInfinity, -1, 0, 1e-300, 1, 1e12, 1e300};
  const double qualities[] = {kNan, kInfinity, -kInfinity, -1e6,
                              0,    100,       1e6,        1e300};
  std::vector<RateSeries> all;
  for (const Kind kind :
       {Kind::kProbes, Kind::kHull, Kind::kRungs, Kind::kCurve}) {
    for (const double rate : rates) {
      for (const double quality : qualities) {
        all.push_back({kind, "x", {{rate, quality}}, {}});
        const std::string svg = Plot({all.back()});
        EXPECT_THAT(svg, Not(HasSubstr("nan")));
        EXPECT_THAT(svg, Not(HasSubstr("inf")));
        EXPECT_LT(svg.size(), 10'000u) << rate << " " << quality;
      }
    }
    all.push_back({kind, "", {}, {}});
    EXPECT_THAT(Plot({all.back()}), Not(HasSubstr("nan")));
  }
  EXPECT_THAT(Plot(all), Not(HasSubstr("nan")));
  EXPECT_THAT(Plot({}), HasSubstr("</svg>"));
}

}  // namespace
}  // namespace reel::service
