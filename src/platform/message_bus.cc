#include "platform/message_bus.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace reel::platform {
namespace {

using base::Code;
using base::Fail;
using base::Status;

constexpr size_t kMostNameBytes = 200;

bool IsDigitOrLower(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

Status CheckBody(const std::string& body) {
  if (body.size() <= kMostMessageBytes) return {};
  return Fail(Code::kInvalidArgument,
              fmt::format("a message of {} bytes", body.size()));
}

}  // namespace

Status CheckMessage(const std::string& subject, const std::string& body) {
  const bool has_letters = std::ranges::all_of(subject, [](char c) {
    return IsDigitOrLower(c) || c == '_' || c == '.';
  });
  if (!has_letters || subject.empty() || subject.size() > kMostNameBytes ||
      subject.front() == '.' || subject.back() == '.' ||
      subject.find("..") != std::string::npos)
    return Fail(Code::kInvalidArgument, "not a subject: \"" + subject + '"');
  return CheckBody(body);
}

Status CheckReport(const std::string& id, const std::string& body) {
  const bool has_letters = std::ranges::all_of(id, [](char c) {
    return IsDigitOrLower(c) || (c >= 'A' && c <= 'Z') ||
           std::string_view("_-./:").find(c) != std::string_view::npos;
  });
  if (!has_letters || id.empty() || id.size() > kMostNameBytes)
    return Fail(Code::kInvalidArgument, "not a report's id: \"" + id + '"');
  return CheckBody(body);
}

}  // namespace reel::platform
