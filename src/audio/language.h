// Names of languages.
#pragma once

#include <string>
#include <string_view>

namespace reel::audio {

// The BCP 47 tag of an ISO 639-2 code, terminological or bibliographic: "eng"
// is "en", "ger" and "deu" are "de", "fil" stays. What is a tag already, as in
// IMF packages, stays too: "en-US". "und" for what is neither.
// Source: RFC 5646, section 2.2.1 (the shortest code is the tag). Pure.
std::string LanguageTag(std::string_view language);

}  // namespace reel::audio
