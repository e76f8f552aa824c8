#include "service/report_html.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "service/display.h"
#include "service/report_plots.h"
#include "service/source_text.h"

namespace reel::service {
namespace {

constexpr std::string_view kStyle = R"css(
:root{--ground:#f5f6f8;--panel:#fff;--line:#e3e6eb;--text:#171a21;--soft:#626b7a;
--good:#15803d;--warn:#b45309;--bad:#b91c1c;--info:#1d4ed8;
--s0:#4f46e5;--s1:#0d9488;--s2:#d97706;--s3:#db2777;--s4:#0284c7;--s5:#65a30d;
--shot:#c7cbf5;color-scheme:light dark}
@media(prefers-color-scheme:dark){:root{--ground:#0e1015;--panel:#171a21;--line:#272c36;
--text:#eceff4;--soft:#97a1b2;--good:#4ade80;--warn:#fbbf24;--bad:#f87171;--info:#60a5fa;
--s0:#8b85ff;--s1:#2dd4bf;--s2:#fbbf24;--s3:#f472b6;--s4:#38bdf8;--s5:#a3e635;--shot:#3b3f73}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--text);font:15px/1.5 system-ui,"Segoe UI",Roboto,
"Noto Sans",Cantarell,"Liberation Sans",sans-serif;font-variant-numeric:tabular-nums}
main{max-width:1120px;margin:0 auto;padding:28px 24px 56px}
h1{margin:0;font-size:26px;letter-spacing:-.02em;overflow-wrap:anywhere}
h2{margin:0 0 14px;font-size:17px}
header{display:flex;flex-wrap:wrap;gap:10px 16px;align-items:center;margin-bottom:22px}
section{margin-bottom:20px;padding:20px 22px;border:1px solid var(--line);border-radius:14px;background:var(--panel)}
.pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(420px,100%),1fr));gap:20px}
.pair section{min-width:0}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:12px;margin-bottom:20px}
.tile{padding:14px 18px;border:1px solid var(--line);border-radius:14px;background:var(--panel)}
.tile b{display:block;font-size:22px;letter-spacing:-.02em}
.tile span,.soft,th{color:var(--soft);font-size:13px}
.badge{padding:3px 12px;border-radius:99px;font-size:13.5px;font-weight:600;color:var(--c);
background:color-mix(in srgb,var(--c) 13%,transparent);white-space:nowrap}
.good{--c:var(--good)}.warn{--c:var(--warn)}.reject,.bad{--c:var(--bad)}.info{--c:var(--info)}
.scroll{overflow-x:auto}
table{width:100%;border-collapse:collapse}
th{text-align:left;font-weight:500}
td,th{padding:7px 16px 7px 0;border-bottom:1px solid var(--line);vertical-align:top}
tr:last-child td{border-bottom:0}
.number{text-align:right;white-space:nowrap}.keep{white-space:nowrap}.narrow{width:1%;white-space:nowrap}
dl{display:grid;grid-template-columns:max-content 1fr;gap:6px 20px;margin:0}
dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}
code{font:13px ui-monospace,"SF Mono",Menlo,"DejaVu Sans Mono",monospace;overflow-wrap:anywhere}
svg{display:block;width:100%;height:auto}
svg text{fill:var(--soft);font-size:13px}
.shot{fill:var(--shot)}.shot:hover{fill:var(--s0)}.tick{stroke:var(--soft);stroke-width:1.4}
.grid{stroke:var(--line)}.line{fill:none;stroke:var(--c);stroke-width:2;stroke-linejoin:round}
.bar,.mark{fill:var(--c)}
.series-0{--c:var(--s0)}.series-1{--c:var(--s1)}.series-2{--c:var(--s2)}
.series-3{--c:var(--s3)}.series-4{--c:var(--s4)}.series-5{--c:var(--s5)}
.legend{display:flex;flex-wrap:wrap;gap:4px 18px;margin:10px 0 0;font-size:13px;color:var(--soft)}
.legend i{display:inline-block;width:14px;height:4px;margin-right:7px;border-radius:2px;
background:var(--c);vertical-align:middle}
.finding{padding:12px 0;border-bottom:1px solid var(--line)}
.finding:first-of-type{padding-top:0}.finding:last-child{border-bottom:0;padding-bottom:0}
.finding p{margin:4px 0 0}
@media print{body{background:none}section,.tile{break-inside:avoid}}
)css";

// A section, or nothing if there is nothing in it.
std::string Section(std::string_view heading, const std::string& content) {
  if (content.empty()) return "";
  return fmt::format("<section><h2>{}</h2>\n{}</section>\n", heading, content);
}

// `kind` is a class of the style sheet.
std::string Badge(std::string_view kind, const std::string& text) {
  return fmt::format("<span class=\"badge {}\">{}</span>", kind,
                     EscapeHtml(text));
}

using Facts = std::vector<std::pair<std::string, std::string>>;

// Facts without a value are left out.
std::string List(const Facts& facts) {
  std::string out = "<dl>";
  for (const auto& [name, value] : facts) {
    if (value.empty()) continue;
    out += fmt::format("<dt>{}</dt><dd>{}</dd>\n", EscapeHtml(name),
                       EscapeHtml(value));
  }
  return out + "</dl>";
}

std::string InspectionBadge(model::Verdict verdict) {
  switch (verdict) {
    case model::Verdict::kAccept:
      return Badge("good", "Source accepted");
    case model::Verdict::kWarn:
      return Badge("warn", "Source accepted with warnings");
    case model::Verdict::kReject:
      return Badge("reject", "Source rejected");
  }
  return "";
}

std::string Header(const model::Report& report) {
  const model::ValidationReport& validation = report.validation;
  std::string badges = InspectionBadge(report.inspection.verdict);
  if (!validation.checks.empty()) {
    badges += validation.verdict == "pass"
                  ? Badge("good", "Output verified")
                  : Badge("bad", "Output failed validation");
  }
  return fmt::format("<header><h1>{}</h1>{}</header>\n",
                     EscapeHtml(report.title), badges);
}

std::string Tile(const std::string& value, const std::string& what) {
  return fmt::format("<div class=\"tile\"><b>{}</b><span>{}</span></div>",
                     EscapeHtml(value), EscapeHtml(what));
}

std::string CountTile(size_t count, const std::string& what) {
  return Tile(std::to_string(count), what + (count == 1 ? "" : "s"));
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

std::string SourceSection(const model::Source& source) {
  const model::VideoTrack& video = source.video;
  Facts facts = {{"File", source.path},
                 {"Size", DisplayBytes(source.bytes)},
                 {"Container", source.container}};
  if (video.index >= 0) {
    facts.emplace_back("Picture", Describe(video));
    facts.emplace_back("Frame rate",
                       video.frame_rate.num > 0
                           ? base::ToString(video.frame_rate) + " per second"
                           : "");
    facts.emplace_back("Scan", video.field_order);
    facts.emplace_back("Rotation",
                       video.rotation_degrees
                           ? fmt::format("{}°", video.rotation_degrees)
                           : "");
    facts.emplace_back("Colour", Describe(video.color));
  }
  for (const model::AudioTrack& track : source.audio)
    facts.emplace_back("Sound", Describe(track));
  facts.emplace_back("SHA-256", source.sha256);
  return Section("Source", List(facts));
}

std::string InspectionSection(const model::InspectionReport& inspection) {
  std::string out;
  for (const model::Finding& finding : inspection.findings) {
    const char* severity = SeverityName(finding.severity);
    out += fmt::format(
        "<div class=\"finding\">{} <code>{}</code> <span class=\"soft\">{}"
        "</span><p>{}</p><p class=\"soft\">{}</p></div>\n",
        Badge(severity, severity), EscapeHtml(finding.code),
        EscapeHtml(DescribePlace(finding)), EscapeHtml(finding.message),
        EscapeHtml(finding.remedy));
  }
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
          BitrateSection(tracks);
  body += "<div class=\"pair\">" + SizesSection(report) +
          CostSection(report.cost) + "</div>\n";
  body += ValidationSection(report.validation);
  return fmt::format(
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, "
      "initial-scale=1\">\n<title>{} · Reelwright</title>\n"
      "<style>{}</style></head>\n<body><main>\n{}</main></body></html>\n",
      EscapeHtml(report.title), kStyle, body);
}

}  // namespace reel::service
