#include "service/prometheus_text.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace reel::service {
namespace {

TEST(PrometheusTextTest, AFamilyIsHelpTypeAndSamples) {
  PrometheusText text;
  text.Begin("reel_jobs", MetricType::kGauge, "Jobs by state.");
  text.Sample({{"state", "running"}, {"priority", "now"}}, 3);
  text.Sample({}, 0.1);
  EXPECT_EQ(text.text(),
            "# HELP reel_jobs Jobs by state.\n"
            "# TYPE reel_jobs gauge\n"
            "reel_jobs{state=\"running\",priority=\"now\"} 3\n"
            "reel_jobs 0.1\n");
}

TEST(PrometheusTextTest, EscapesHelpAndLabels) {
  PrometheusText text;
  text.Begin("reel_a", MetricType::kCounter, "A \"path\": C:\\x\ny");
  text.Sample({{"path", "a \"path\": C:\\x\ny"}}, 1);
  EXPECT_EQ(text.text(),
            "# HELP reel_a A \"path\": C:\\\\x\\ny\n"
            "# TYPE reel_a counter\n"
            "reel_a{path=\"a \\\"path\\\": C:\\\\x\\ny\"} 1\n");
}

TEST(PrometheusTextTest, BucketsAreCumulative) {
  base::Histogram seconds({0.5, 10});
  for (const double value : {0.25, 0.5, 7.0, 100.0, 200.0})
    seconds.Observe(value);
  PrometheusText text;
  text.Begin("reel_task_seconds", MetricType::kHistogram, "Time.");
  text.Sample({{"service", "encode"}}, seconds);
  EXPECT_EQ(text.text(),
            "# HELP reel_task_seconds Time.\n"
            "# TYPE reel_task_seconds histogram\n"
            "reel_task_seconds_bucket{service=\"encode\",le=\"0.5\"} 2\n"
            "reel_task_seconds_bucket{service=\"encode\",le=\"10\"} 3\n"
            "reel_task_seconds_bucket{service=\"encode\",le=\"+Inf\"} 5\n"
            "reel_task_seconds_sum{service=\"encode\"} 307.75\n"
            "reel_task_seconds_count{service=\"encode\"} 5\n");
}

TEST(PrometheusTextTest, NumbersReadBackTheSame) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  PrometheusText text;
  for (const double value : {1e18, 9007199254740991.0, -2.0, 1.0 / 3, kInfinity,
                             -kInfinity, std::nan("")})
    text.Sample({}, value);
  EXPECT_EQ(text.text(),
            " 1e+18\n 9007199254740991\n -2\n 0.3333333333333333\n +Inf\n"
            " -Inf\n NaN\n");
}

}  // namespace
}  // namespace reel::service
