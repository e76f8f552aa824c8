// Whether bytes from outside are text that may be stored and shown.
#pragma once

#include <string_view>

namespace reel::service::api {

// UTF-8 (RFC 3629) without control characters. Pure.
bool IsText(std::string_view bytes);

}  // namespace reel::service::api
