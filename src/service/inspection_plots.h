// The plots of an inspection's page. All share one time axis, so that what lies
// below each other happens at the same time. Shapes are SVG that stretches to
// the page's width, texts are HTML that does not. Pure; colours and sizes are
// inspection_html.cc's.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "inspect/inspect.h"
#include "model/finding.h"
#include "service/finding_frames.h"
#include "service/time_series.h"

namespace reel::service {

// A row of the page: what it is, and its plot over the whole time.
std::string PlotRow(const std::string& name, const std::string& plot);

// "0:00", "0:05" … below the rows. All plots are empty for a `duration` that is
// not positive.
std::string PlotTimes(double duration);

// Shots as blocks between `cuts`.
std::string PlotCuts(std::span<const double> cuts, double duration);

// One row per code, the worst first: a bar for each finding with a place, from
// its start to its end. Bars that would touch are one.
//   findings  sorted by severity
//   link      address of a finding on this page, or ""
std::string PlotFindings(std::span<const model::Finding> findings,
                         double duration,
                         const std::function<std::string(size_t)>& link);

// Momentary and short-term loudness, the integrated value as a line, findings
// of this track as bands.
//   origin  of the title, by the clock of `sound`
std::string PlotLoudness(const inspect::SoundFacts& sound, double origin,
                         double duration,
                         std::span<const model::Finding> findings);

// Bit rate as steps, with its mean.
std::string PlotBitRate(const BitRate& rate, double duration);

}  // namespace reel::service
