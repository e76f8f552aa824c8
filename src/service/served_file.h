// Which file a URL means, and what it is.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace reel::service {

// MIME type by the extension of `path`; application/octet-stream if unknown.
// Sources: RFC 8216 section 10, ISO/IEC 23009-1 annex C, RFC 4337, W3C WebVTT.
const char* MimeType(std::string_view path);

// Whether a part of a decoded URL path starts with a dot (hidden files, ".."),
// or there is none.
bool IsHiddenPath(std::string_view url_path);

// The regular file below `root` that a decoded URL path names, links resolved.
//   root      a directory
//   url_path  "/video/720p.mp4"
// Errors: kNotFound if there is none, also if a part of the path, before or
// after links are followed, starts with a dot (hidden files, "..") or lies
// outside `root`: a stranger is not told which.
base::Result<std::string> FindServedFile(const std::string& root,
                                         std::string_view url_path);

}  // namespace reel::service
