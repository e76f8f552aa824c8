#include "service/api/title_result.h"

namespace reel::service::api {

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(TitleFile, digest, size_bytes)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(TitleResult, report, inspection,
                                                files, page)

base::Result<TitleResult> ParseTitleResult(const std::string& text) {
  if (text.empty()) return TitleResult{};
  return base::ParseJsonAs<TitleResult>(text);
}

}  // namespace reel::service::api
