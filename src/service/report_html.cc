#include "service/report_html.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "service/display.h"
#include "service/html_page.h"
#include "service/report_plots.h"
#include "service/source_html.h"
#include "service/source_text.h"

namespace reel::service {
namespace {

std::string Header(const model::Report& report) {
  const model::ValidationReport& validation = report.validation;
  std::string badges = VerdictBadge(report.inspection.verdict);
  if (!validation.checks.empty()) {
    badges += validation.verdict == "pass"
                  ? Badge("good", "Output verified")
                  : Badge("bad", "Output failed validation");
  }
  return fmt::format("<header><h1>{}</h1>{}</header>\n",
                     EscapeHtml(report.title), badges);
}

std::string Tiles(const model::Report& report) {
  if (report.renditions.empty()) return "";
  const model::ReportRendition& best = report.renditions.front();
  int64_t bytes = 0;
  for (const auto& rendition : report.renditions) bytes += rendition.bytes;
  for (const auto& audio : report.audio) bytes += audio.bytes;
  const double wall = report.cost.wall_seconds;
  std::string out = Tile(DisplayTime(best.duration), "duration") +
                    CountTile(static_cast<size_t>(best.frames), "frame") +
                    CountTile(report.shots.size(), "shot") +
                    CountTile(report.renditions.size(), "rendition") +
                    Tile(DisplayBytes(bytes), "all media");
  if (wall > 0) {
    out += Tile(DisplayNumber(best.duration / wall, 2) + "×",
                "of real time, on this machine");
  }
  return "<div class=\"tiles\">" + out + "</div>\n";
}

std::string FindingsList(const std::vector<model::Finding>& findings) {
  std::string out;
  for (const model::Finding& finding : findings) {
    const char* severity = SeverityName(finding.severity);
    out += fmt::format(
        "<div class=\"finding\">{} <code>{}</code> <span class=\"soft\">{}"
        "</span><p>{}</p><p class=\"soft\">{}</p></div>\n",
        Badge(severity, severity), EscapeHtml(finding.code),
        EscapeHtml(DescribePlace(finding)), EscapeHtml(finding.message),
        EscapeHtml(finding.remedy));
  }
  return out;
}

std::string InspectionSection(const model::InspectionReport& inspection) {
  std::string out = FindingsList(inspection.findings);
  if (out.empty())
    out = "<p class=\"soft\">Nothing was found that would spoil an encode.</p>";
  return Section("Inspection", out);
}

std::string VmafText(const base::Json& vmaf) {
  const bool measured =
      vmaf.is_object() && vmaf.contains("mean") && vmaf["mean"].is_number();
  return measured ? DisplayNumber(vmaf["mean"].get<double>(), 2) : "—";
}

std::string RenditionsSection(const model::Report& report) {
  if (report.renditions.empty()) return "";
  std::string rows;
  for (const model::ReportRendition& r : report.renditions) {
    rows += fmt::format(
        "<tr><td class=\"keep\">{}</td><td class=\"keep\">{} × {}</td>"
        "<td>{} {}</td><td class=\"number\">{}</td><td class=\"number\">{}</td>"
        "<td class=\"number\">{}</td><td class=\"number\">{}</td>"
        "<td class=\"number\">{}</td></tr>\n",
        EscapeHtml(r.id), r.width, r.height, EscapeHtml(r.codec),
        EscapeHtml(r.profile), r.frames, DisplayBitrate(r.average_bitrate),
        DisplayBitrate(r.peak_bitrate), VmafText(r.vmaf),
        DisplayBytes(r.bytes));
  }
  for (const model::ReportAudio& a : report.audio) {
    rows += fmt::format(
        "<tr><td class=\"keep\">{}</td><td class=\"keep\">{} channels</td>"
        "<td>{}</td><td></td><td class=\"number\">{}</td>"
        "<td class=\"number\">{}</td><td></td><td class=\"number\">{}</td>"
        "</tr>\n",
        EscapeHtml(a.id), a.channels, EscapeHtml(a.codec),
        DisplayBitrate(a.average_bitrate), DisplayBitrate(a.peak_bitrate),
        DisplayBytes(a.bytes));
  }
  return Section(
      "Renditions",
      "<div class=\"scroll\"><table><tr><th>Rendition</th><th>Size</th>"
      "<th>Codec</th><th class=\"number\">Frames</th>"
      "<th class=\"number\">Average</th><th class=\"number\">Peak</th>"
      "<th class=\"number\">VMAF</th><th class=\"number\">File</th></tr>\n" +
          rows + "</table></div>");
}

std::string Legend(std::span<const model::VideoTrackFile> tracks) {
  std::string out;
  for (size_t i = 0; i < tracks.size(); ++i) {
    out += fmt::format("<span class=\"series-{}\"><i></i>{}</span>", i % 6,
                       EscapeHtml(tracks[i].rendition));
  }
  return "<div class=\"legend\">" + out + "</div>";
}

std::string BitrateSection(std::span<const model::VideoTrackFile> tracks) {
  const std::string plot = PlotBitrates(tracks);
  return plot.empty()
             ? ""
             : Section("Bit rate of each segment", plot + Legend(tracks));
}

std::string SizesSection(const model::Report& report) {
  std::vector<Bar> bars;
  for (const auto& r : report.renditions)
    bars.push_back({r.id, static_cast<double>(r.bytes), DisplayBytes(r.bytes)});
  for (const auto& a : report.audio)
    bars.push_back({a.id, static_cast<double>(a.bytes), DisplayBytes(a.bytes)});
  return Section("Sizes", PlotBars(bars));
}

std::string ShotsSection(const model::Report& report,
                         std::span<const model::VideoTrackFile> tracks) {
  const std::string plot = PlotShots(report, tracks);
  if (plot.empty()) return "";
  return Section("Shots and segments",
                 plot +
                     "<p class=\"soft\">Blocks are shots, ticks the segments "
                     "that players fetch; circles are findings.</p>");
}

// A page of a long film stays one that browsers open; report.json has them all.
constexpr size_t kMostShots = 300;

// One line a shot: what it is, and for each rendition CRF, quality and rate.
std::string QualitySection(const model::Report& report) {
  const auto has_encodes = [](const model::ReportShot& shot) {
    return !shot.encodes.empty();
  };
  if (std::ranges::none_of(report.shots, has_encodes)) return "";
  std::string rows;
  for (const model::ReportShot& shot :
       std::span(report.shots)
           .first(std::min(report.shots.size(), kMostShots))) {
    rows += fmt::format(
        "<tr><td class=\"number\">{}</td><td class=\"keep\">{}</td>"
        "<td class=\"keep\">{}</td><td>",
        shot.index, DisplayTime(shot.start),
        shot.complexity.confidence > 0
            ? fmt::format("{} ({:.0f} %)",
                          EscapeHtml(shot.complexity.content_class),
                          100 * shot.complexity.confidence)
            : "—");
    for (const model::ReportEncode& e : shot.encodes) {
      const bool planned = e.predicted_vmaf > 0;
      rows += fmt::format(
          "<div class=\"keep\">{} <span class=\"soft\">{}×{} CRF {}</span> "
          "VMAF {:.1f}{}{} <span class=\"soft\">{:.0f} kB{}</span></div>",
          EscapeHtml(e.rendition), e.width, e.height, e.crf, e.vmaf,
          planned ? fmt::format(" of {:.1f}", e.predicted_vmaf) : "",
          e.capped ? " (capped)" : "", static_cast<double>(e.bits) / 8000,
          e.attempts > 1 ? fmt::format(", {} encodes", e.attempts) : "");
    }
    rows += "</td></tr>\n";
  }
  return Section(
      "Quality of each shot",
      FindingsList(report.quality.findings) +
          "<div class=\"scroll\"><table><tr><th class=\"number\">Shot</th>"
          "<th>Start</th><th>Content</th><th>Renditions</th></tr>\n" +
          rows + "</table></div>" +
          (report.shots.size() > kMostShots ? "<p class=\"soft\">The first 300 "
                                              "shots; report.json has all.</p>"
                                            : ""));
}

std::string LadderSection(const model::Ladder& ladder) {
  std::string rows;
  for (const model::Rung& rung : ladder.rungs) {
    if (rung.reason.empty()) continue;
    rows += fmt::format("<tr><td class=\"keep\">{}</td><td>{}</td></tr>\n",
                        EscapeHtml(rung.id), EscapeHtml(rung.reason));
  }
  if (rows.empty()) return "";
  return Section("Why these rungs",
                 "<div class=\"scroll\"><table>" + rows + "</table></div>");
}

std::string ValidationSection(const model::ValidationReport& validation) {
  if (validation.checks.empty()) return "";
  std::string rows;
  for (const model::ValidationCheck& check : validation.checks) {
    rows += fmt::format(
        "<tr><td class=\"narrow\">{}</td><td "
        "class=\"narrow\"><code>{}</code></td>"
        "<td>{}</td></tr>\n",
        Badge(check.verdict == "pass" ? "good" : "bad", check.verdict),
        EscapeHtml(check.id), EscapeHtml(check.detail));
  }
  return Section("Validation of the finished streams",
                 "<div class=\"scroll\"><table>" + rows + "</table></div>");
}

std::string CostSection(const model::Cost& cost) {
  std::vector<Bar> bars;
  for (const auto& [stage, seconds] : cost.cpu_seconds_by_stage)
    bars.push_back({stage, seconds, DisplayNumber(seconds, 1) + " s"});
  std::sort(bars.begin(), bars.end(),
            [](const Bar& a, const Bar& b) { return a.value > b.value; });
  const std::string plot = PlotBars(bars);
  if (plot.empty()) return "";
  return Section(
      "Processor time by stage",
      plot + fmt::format("<p class=\"soft\">{} s of processor time in {} s; {} "
                         "tasks run, {} reused; at most {} of memory.</p>",
                         DisplayNumber(cost.cpu_seconds, 1),
                         DisplayNumber(cost.wall_seconds, 1), cost.tasks_run,
                         cost.tasks_reused, DisplayBytes(cost.peak_rss_bytes)));
}

}  // namespace

std::string RenderReportHtml(const model::Report& report,
                             std::span<const model::VideoTrackFile> tracks) {
  std::string body = Header(report) + Tiles(report);
  body += "<div class=\"pair\">" + SourceSection(report.source) +
          InspectionSection(report.inspection) + "</div>\n";
  body += ShotsSection(report, tracks) + RenditionsSection(report) +
          LadderSection(report.ladder) + BitrateSection(tracks) +
          QualitySection(report);
  body += "<div class=\"pair\">" + SizesSection(report) +
          CostSection(report.cost) + "</div>\n";
  body += ValidationSection(report.validation);
  return HtmlPage(report.title, "", body);
}

}  // namespace reel::service
