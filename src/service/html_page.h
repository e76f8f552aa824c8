// What all of our pages are built from: one style sheet, light and dark, and
// the pieces that it styles. Pages are self-contained: no script, no request to
// anywhere. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace reel::service {

// The whole page.
//   title  text; escaped here
//   style  what this page adds to the common style sheet
//   body   HTML
std::string HtmlPage(const std::string& title, std::string_view style,
                     const std::string& body);

// `heading` and `content` are HTML. Nothing if there is no content.
std::string Section(std::string_view heading, const std::string& content);

// A word in a pill; `kind`: "good", "warn", "reject", "bad" or "info".
std::string Badge(std::string_view kind, const std::string& text);

// Names and values. Facts without a value are left out.
using Facts = std::vector<std::pair<std::string, std::string>>;
std::string FactList(const Facts& facts);

// A number that stands out, and what it is; for a <div class="tiles">.
//   kind  as of a badge, or "" for the colour of text
std::string Tile(const std::string& value, const std::string& what,
                 std::string_view kind = "");
std::string CountTile(size_t count, const std::string& what);  // "2 shots"

// The address of a JPEG file that is inside the page: "data:image/jpeg;…".
std::string JpegUri(std::span<const uint8_t> jpeg);

}  // namespace reel::service
