#include "service/html_page.h"

#include <fmt/format.h>

#include "service/display.h"

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
.tile b{display:block;font-size:22px;letter-spacing:-.02em;color:var(--c,inherit)}
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

}  // namespace

std::string HtmlPage(const std::string& title, std::string_view style,
                     const std::string& body) {
  return fmt::format(
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, "
      "initial-scale=1\">\n<title>{} · Reelwright</title>\n"
      "<style>{}{}</style></head>\n<body><main>\n{}</main></body></html>\n",
      EscapeHtml(title), kStyle, style, body);
}

std::string Section(std::string_view heading, const std::string& content) {
  if (content.empty()) return "";
  return fmt::format("<section><h2>{}</h2>\n{}</section>\n", heading, content);
}

std::string Badge(std::string_view kind, const std::string& text) {
  return fmt::format("<span class=\"badge {}\">{}</span>", kind,
                     EscapeHtml(text));
}

std::string FactList(const Facts& facts) {
  std::string out = "<dl>";
  for (const auto& [name, value] : facts) {
    if (value.empty()) continue;
    out += fmt::format("<dt>{}</dt><dd>{}</dd>\n", EscapeHtml(name),
                       EscapeHtml(value));
  }
  return out + "</dl>";
}

std::string Tile(const std::string& value, const std::string& what,
                 std::string_view kind) {
  return fmt::format("<div class=\"tile {}\"><b>{}</b><span>{}</span></div>",
                     kind, EscapeHtml(value), EscapeHtml(what));
}

std::string CountTile(size_t count, const std::string& what) {
  return Tile(std::to_string(count), what + (count == 1 ? "" : "s"));
}

// RFC 4648, section 4; RFC 2397.
std::string JpegUri(std::span<const uint8_t> jpeg) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out = "data:image/jpeg;base64,";
  out.reserve(out.size() + (jpeg.size() + 2) / 3 * 4);
  for (size_t i = 0; i < jpeg.size(); i += 3) {
    const auto byte = [&](size_t k) -> unsigned {
      return i + k < jpeg.size() ? jpeg[i + k] : 0;
    };
    const unsigned bits = byte(0) << 16 | byte(1) << 8 | byte(2);
    for (unsigned digit = 0; digit < 4; ++digit) {
      const bool padding = i + digit > jpeg.size();
      out += padding ? '=' : kDigits[bits >> (18 - 6 * digit) & 63];
    }
  }
  return out;
}

}  // namespace reel::service
