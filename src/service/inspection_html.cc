#include "service/inspection_html.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <string_view>

#include "base/json.h"
#include "service/display.h"
#include "service/html_page.h"
#include "service/inspection_plots.h"
#include "service/source_html.h"
#include "service/source_text.h"

namespace reel::service {
namespace {

constexpr size_t kMostSoundPlots = 8;
constexpr size_t kMostEvidence = 24;  // of one finding
constexpr size_t kMostText = 1000;    // bytes of one text of a finding
constexpr size_t kMostValue = 120;    // bytes of one piece of evidence
constexpr size_t kMostListed = 30;    // compositions, tracks of one

constexpr std::string_view kStyle = R"css(
.where{flex-basis:100%;margin:0;color:var(--soft);font-size:13.5px;overflow-wrap:anywhere}
.row{display:grid;grid-template-columns:180px minmax(0,1fr);gap:2px 18px;align-items:center;padding:4px 0}
.name{font-size:13px;color:var(--soft);overflow-wrap:anywhere}
.name b{display:block;color:var(--text);font-size:17px;letter-spacing:-.01em}
.name p{margin:0}
.film{display:flex;height:56px;border-radius:8px;overflow:hidden;background:#000}
.film img{flex:1 1 0;min-width:0;height:100%;object-fit:cover;display:block}
.cuts svg{height:14px}.shots{fill:var(--shot)}
.lane{position:relative;height:18px;border-radius:5px;background:var(--ground)}
.span{position:absolute;top:2px;bottom:2px;min-width:5px;border-radius:3px;background:var(--c)}
.span.info{opacity:.45}
a.span:hover{outline:2px solid var(--text)}
.times{position:relative;height:18px;font-size:12px;color:var(--soft)}
.times span{position:absolute;transform:translateX(-50%)}
.times .first{transform:none}.times .last{transform:translateX(-100%)}
.plot{position:relative;border-radius:8px;overflow:hidden;background:var(--ground)}
.plot svg{height:150px}
.plot path{vector-effect:non-scaling-stroke}
.y{position:absolute;left:6px;transform:translateY(-50%);padding:0 3px;border-radius:3px;
background:var(--ground);color:var(--soft);font-size:11px;line-height:1.2}
.momentary{--m:color-mix(in srgb,var(--s0) 42%,transparent);fill:var(--m);stroke:var(--m);stroke-width:1}
.short-term{fill:none;stroke:var(--s0);stroke-width:1.8;stroke-linejoin:round}
.mean{fill:none;stroke:var(--s2);stroke-width:1.4;stroke-dasharray:6 4}
.rate{fill:color-mix(in srgb,var(--s1) 28%,transparent);stroke:var(--s1);stroke-width:1.2}
.band{fill:color-mix(in srgb,var(--c) 26%,transparent)}
.legend .swatch{height:10px}.legend .faint{opacity:.42}.legend .dashed{height:0;border-top:2px dashed var(--s2);background:none}
.card{display:grid;grid-template-columns:minmax(0,1fr);gap:6px 26px;padding:18px 0 18px 16px;
border-bottom:1px solid var(--line);position:relative}
.card::before{content:"";position:absolute;left:0;top:20px;bottom:20px;width:4px;border-radius:2px;background:var(--c)}
.card:first-of-type{padding-top:4px}.card:first-of-type::before{top:6px}
.card:last-of-type{border-bottom:0;padding-bottom:4px}.card:last-of-type::before{bottom:6px}
.card:target{background:color-mix(in srgb,var(--c) 8%,transparent)}
.card p{margin:6px 0 0}.card .place{margin-top:4px;color:var(--soft);font-size:13.5px}
.head{display:flex;flex-wrap:wrap;gap:6px 10px;align-items:center}
.head code{font-size:15px;font-weight:600}
.evidence{display:flex;flex-wrap:wrap;gap:5px 6px;margin-top:10px}
.evidence span{padding:1px 8px;border-radius:6px;background:var(--ground);font-size:12.5px;overflow-wrap:anywhere}
.evidence b{font-weight:400;color:var(--soft)}
.pictures{display:flex;gap:8px;align-items:flex-start}
figure{flex:1 1 0;min-width:0;max-width:270px;margin:0}
figure img,.none{display:block;width:100%;height:auto;max-height:260px;object-fit:contain;
border-radius:7px;background:#000}
figure.main img{box-shadow:0 0 0 2.5px var(--c)}
.none{display:grid;place-items:center;background:var(--ground);border:1px dashed var(--line);
color:var(--soft);font-size:12px;text-align:center}
figcaption{margin-top:3px;color:var(--soft);font-size:12px;line-height:1.35}
.fine{color:var(--good);font-weight:600}
@media(min-width:900px){.card.seen{grid-template-columns:minmax(0,1fr) minmax(0,1.1fr)}}
@media(max-width:760px){main{padding:18px 12px 40px}section{padding:16px 14px}
.row{grid-template-columns:minmax(0,1fr)}.times span:nth-child(even){display:none}
.film{height:44px}.film img:nth-child(even){display:none}.plot svg{height:130px}
.tiles{grid-template-columns:repeat(auto-fit,minmax(104px,1fr));gap:8px}.tile{padding:10px 12px}.tile b{font-size:18px}
dl{grid-template-columns:minmax(0,1fr);gap:0}dd{margin-bottom:8px}}
)css";

// --- What is at the top
// -------------------------------------------------------

std::string Header(const InspectionPage& page) {
  return fmt::format(
      "<header><h1>{}</h1>{}<p class=\"where\">{}</p></header>\n",
      EscapeHtml(page.title), VerdictBadge(page.report.verdict),
      EscapeHtml(page.source.path));
}

std::string SeverityTile(const InspectionPage& page, model::Severity severity,
                         const char* what) {
  const auto count = std::count_if(
      page.report.findings.begin(), page.report.findings.end(),
      [&](const auto& finding) { return finding.severity == severity; });
  return Tile(std::to_string(count), what + std::string(count == 1 ? "" : "s"),
              count > 0 ? SeverityName(severity) : "");
}

std::string Tiles(const InspectionPage& page) {
  std::string out;
  if (page.duration > 0) out += Tile(DisplayTime(page.duration), "duration");
  if (page.frames > 0)
    out += CountTile(static_cast<size_t>(page.frames), "frame");
  if (!page.cuts.empty()) out += CountTile(page.cuts.size(), "shot");
  out += SeverityTile(page, model::Severity::kReject, "reject");
  out += SeverityTile(page, model::Severity::kWarn, "warning");
  out += SeverityTile(page, model::Severity::kInfo, "note");
  return "<div class=\"tiles\">" + out + "</div>\n";
}

// --- Over time
// ------------------------------------------------------------------

std::string Filmstrip(const InspectionPage& page) {
  if (page.filmstrip.empty()) return "";
  std::string out;
  for (const auto& jpeg : page.filmstrip)
    out += fmt::format("<img src=\"{}\" alt=\"\">", JpegUri(jpeg));
  return PlotRow("Picture", "<div class=\"film\">" + out + "</div>");
}

std::string CardId(size_t finding) {
  return fmt::format("finding-{}", finding);
}

std::string Timeline(const InspectionPage& page) {
  const std::string cuts = PlotCuts(page.cuts, page.duration);
  const std::string lanes =
      PlotFindings(page.report.findings, page.duration, [](size_t finding) {
        return finding < kMostCards ? "#" + CardId(finding) : "";
      });
  const std::string film = Filmstrip(page);
  if (film.empty() && cuts.empty() && lanes.empty()) return "";
  return Section("Timeline", film +
                                 (cuts.empty() ? "" : PlotRow("Shots", cuts)) +
                                 lanes + PlotTimes(page.duration));
}

// The track's facts beside its plot.
std::string SoundName(const InspectionPage& page,
                      const inspect::SoundFacts& sound) {
  const auto track = std::find_if(
      page.source.audio.begin(), page.source.audio.end(),
      [&](const auto& known) { return known.index == sound.stream; });
  const inspect::LoudnessFacts& loudness = sound.loudness;
  std::string out = loudness.known ? fmt::format("<b>{:.1f} LUFS</b>",
                                                 loudness.integrated_lufs)
                                   : "<b>below the gate</b>";
  if (loudness.known) {
    out += fmt::format(
        "<p>true peak {:.1f} dBTP<br>range {:.1f} LU<br>momentary ≤ {:.1f}<br>"
        "short-term ≤ {:.1f}</p>",
        loudness.true_peak_dbtp, loudness.range_lu, loudness.max_momentary_lufs,
        loudness.max_short_term_lufs);
  }
  out += fmt::format("<p>stream {}", sound.stream);
  if (track != page.source.audio.end())
    out += ": " + EscapeHtml(Describe(*track));
  return out + "</p>";
}

constexpr std::string_view kLoudnessLegend =
    "<div class=\"legend\"><span class=\"series-0\"><i class=\"swatch faint\">"
    "</i>momentary, 0.4 s</span><span class=\"series-0\"><i></i>short-term, 3 "
    "s</span><span><i class=\"dashed\"></i>integrated</span><span "
    "class=\"warn\"><i class=\"swatch\"></i>findings</span></div>";

std::string LoudnessSection(const InspectionPage& page) {
  std::string out;
  size_t count = 0;
  for (const inspect::SoundFacts& sound : page.sounds) {
    const std::string plot = PlotLoudness(sound, page.sound_origin,
                                          page.duration, page.report.findings);
    if (plot.empty()) continue;
    if (++count <= kMostSoundPlots)
      out += PlotRow(SoundName(page, sound), plot);
  }
  if (count == 0) return "";
  out += PlotTimes(page.duration);
  out += kLoudnessLegend;
  if (count > kMostSoundPlots) {
    out += fmt::format("<p class=\"soft\">{} more tracks are not drawn.</p>",
                       count - kMostSoundPlots);
  }
  return Section("Loudness, EBU R128", out);
}

std::string BitRateSection(const InspectionPage& page) {
  const std::string plot = PlotBitRate(page.bit_rate, page.duration);
  if (plot.empty()) return "";
  const BitRate& rate = page.bit_rate;
  const std::string name = fmt::format(
      "<b>{}</b><p>mean of the picture<br>at most {}<br>in {} s</p>",
      DisplayBitrate(static_cast<int64_t>(rate.mean_bps)),
      DisplayBitrate(static_cast<int64_t>(rate.max_bps)),
      DisplayNumber(rate.step_seconds, 0));
  return Section("Bit rate", PlotRow(name, plot) + PlotTimes(page.duration));
}

// --- Findings
// -------------------------------------------------------------------

// "00:00:02.500 to 00:00:04.000 · from frame 75 · stream 0"
std::string Place(const model::Finding& finding) {
  if (!HasPlace(finding))
    return finding.stream < 0 ? "the whole file"
                              : fmt::format("stream {}", finding.stream);
  std::string out = DisplayClock(finding.start);
  if (finding.end > finding.start) out += " to " + DisplayClock(finding.end);
  if (finding.first_frame >= 0)
    out += fmt::format(" · from frame {}", finding.first_frame);
  if (finding.stream >= 0) out += fmt::format(" · stream {}", finding.stream);
  return out;
}

std::string EvidenceText(const base::Json& value) {
  if (value.is_number_float()) return DisplayNumber(value.get<double>(), 3);
  if (value.is_string()) return value.get<std::string>();
  return base::DumpJson(value);
}

std::string Evidence(const base::Json& evidence) {
  if (!evidence.is_object() || evidence.empty()) return "";
  std::string out;
  size_t count = 0;
  for (const auto& [name, value] : evidence.items()) {
    if (++count > kMostEvidence) break;
    std::string label = name;
    std::replace(label.begin(), label.end(), '_', ' ');
    out += fmt::format("<span><b>{}</b> {}</span>",
                       EscapeHtml(Shorten(label, kMostValue)),
                       EscapeHtml(Shorten(EvidenceText(value), kMostValue)));
  }
  return "<div class=\"evidence\">" + out + "</div>";
}

const char* RoleText(PictureRole role) {
  switch (role) {
    case PictureRole::kBefore:
      return "before";
    case PictureRole::kFirst:
      return "first";
    case PictureRole::kAfter:
      return "after";
    case PictureRole::kMiddle:
      return "middle";
    case PictureRole::kLast:
      return "last";
  }
  return "";
}

std::string Figure(const InspectionPage& page, const FindingPicture& picture) {
  const model::Size& size = page.picture_size;
  const std::string caption =
      fmt::format("{}, {}", RoleText(picture.pick.role),
                  page.frames > 0 ? fmt::format("frame {}", picture.pick.frame)
                                  : DisplayClock(picture.time));
  const std::string image =
      picture.jpeg.empty()
          ? fmt::format(
                "<div class=\"none\" style=\"aspect-ratio:{}/{}\">cannot "
                "be decoded</div>",
                std::max(1, size.width), std::max(1, size.height))
          : fmt::format(
                "<img src=\"{}\" width=\"{}\" height=\"{}\" "
                "alt=\"{}\">",
                JpegUri(picture.jpeg), size.width, size.height, caption);
  return fmt::format(
      "<figure{}>{}<figcaption>{}</figcaption></figure>",
      picture.pick.role == PictureRole::kFirst ? " class=\"main\"" : "", image,
      caption);
}

std::string Pictures(const InspectionPage& page, size_t finding) {
  std::string out;
  for (const FindingPicture& picture : page.pictures)
    if (picture.pick.finding == finding) out += Figure(page, picture);
  return out.empty() ? "" : "<div class=\"pictures\">" + out + "</div>";
}

std::string Card(const InspectionPage& page, size_t index) {
  const model::Finding& finding = page.report.findings[index];
  const char* severity = SeverityName(finding.severity);
  const std::string pictures = Pictures(page, index);
  return fmt::format(
      "<article class=\"card {}{}\" id=\"{}\"><div><div class=\"head\">{}"
      "<code>{}</code></div><p class=\"place\">{}</p><p>{}</p><p "
      "class=\"soft\">{}</p>{}</div>{}</article>\n",
      severity, pictures.empty() ? "" : " seen", CardId(index),
      Badge(severity, severity), EscapeHtml(finding.code),
      EscapeHtml(Place(finding)),
      EscapeHtml(Shorten(finding.message, kMostText)),
      EscapeHtml(Shorten(finding.remedy, kMostText)),
      Evidence(finding.evidence), pictures);
}

std::string FindingsSection(const InspectionPage& page) {
  const size_t count = page.report.findings.size();
  if (count == 0) {
    return Section("Findings",
                   "<p class=\"fine\">Nothing was found that would spoil an "
                   "encode.</p>");
  }
  std::string out;
  for (size_t i = 0; i < std::min(count, kMostCards); ++i) out += Card(page, i);
  if (count > kMostCards) {
    out += fmt::format(
        "<p class=\"soft\">{} more findings are in the report of "
        "<code>--json</code>.</p>",
        count - kMostCards);
  }
  if (page.pictures_capped) {
    out += fmt::format(
        "<p class=\"soft\">Only {} pictures are shown; other "
        "findings have a place but no picture here.</p>",
        page.pictures.size());
  }
  return Section("Findings", out);
}

// --- What the source is
// ---------------------------------------------------------

std::string CompositionText(const imf::CompositionListing& composition) {
  std::string rows;
  size_t count = 0;
  for (const imf::TrackListing& track : composition.tracks) {
    if (++count > kMostListed) break;
    rows += fmt::format(
        "<tr><td class=\"keep\">{}</td><td>{}</td><td>{}</td><td "
        "class=\"number\">{} s</td></tr>\n",
        EscapeHtml(track.kind), EscapeHtml(track.language),
        EscapeHtml(track.coding), DisplayNumber(track.duration, 3));
  }
  return FactList({{"Title", composition.title},
                   {"Composition", composition.id},
                   {"Taken", composition.chosen ? "yes" : ""},
                   {"Edit rate", base::ToString(composition.edit_rate)},
                   {"Segments", std::to_string(composition.segments)}}) +
         "<div class=\"scroll\"><table>" + rows + "</table></div>";
}

std::string PackageSection(const std::optional<imf::PackageListing>& package) {
  if (!package) return "";
  std::string out;
  size_t count = 0;
  for (const auto& composition : package->compositions)
    if (++count <= kMostListed) out += CompositionText(composition);
  return Section("IMF package", out);
}

}  // namespace

std::string RenderInspectionHtml(const InspectionPage& page) {
  const std::string facts =
      SourceSection(page.source) + PackageSection(page.package);
  return HtmlPage(page.title + " · inspection", kStyle,
                  Header(page) + Tiles(page) + Timeline(page) +
                      FindingsSection(page) + LoudnessSection(page) +
                      BitRateSection(page) + facts);
}

}  // namespace reel::service
