#include "platform/aws_signature.h"

#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <ctime>

#include "base/digest.h"
#include "platform/secret.h"

namespace reel::platform {
namespace {

constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";

// "20130524T000000Z"
std::string Stamp(WallTime now) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(now);
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  std::array<char, 32> text{};
  const size_t size =
      std::strftime(text.data(), text.size(), "%Y%m%dT%H%M%SZ", &parts);
  return {text.data(), size};
}

std::string DayOf(const std::string& stamp) { return stamp.substr(0, 8); }

std::string ScopeOf(const std::string& stamp, const AwsScope& scope) {
  return fmt::format("{}/{}/s3/aws4_request", DayOf(stamp), scope.region);
}

// Values without white space around them.
std::string_view Trimmed(std::string_view value) {
  const size_t first = value.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return value.substr(first, value.find_last_not_of(" \t") - first + 1);
}

std::string NamesOf(const HttpFields& headers) {
  std::string names;
  for (const auto& [name, value] : headers)
    names += (names.empty() ? "" : ";") + name;
  return names;
}

std::string Sign(const AwsRequest& request, const AwsScope& scope,
                 const std::string& stamp) {
  std::string headers;
  for (const auto& [name, value] : request.headers)
    headers += fmt::format("{}:{}\n", name, Trimmed(value));
  const std::string canonical =
      fmt::format("{}\n{}\n{}\n{}\n{}\n{}", request.method,
                  EncodeUri(request.path, true), EncodeQuery(request.query),
                  headers, NamesOf(request.headers), request.payload_digest);
  const std::string text =
      fmt::format("{}\n{}\n{}\n{}", kAlgorithm, stamp, ScopeOf(stamp, scope),
                  base::Sha256(canonical));
  const std::string day =
      HmacSha256("AWS4" + scope.credentials.secret_key, DayOf(stamp));
  const std::string key = HmacSha256(
      HmacSha256(HmacSha256(day, scope.region), "s3"), "aws4_request");
  return Hexadecimal(HmacSha256(key, text));
}

}  // namespace

std::string EncodeUri(std::string_view text, bool is_path) {
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                       (c >= '0' && c <= '9') || c == '-' || c == '_' ||
                       c == '.' || c == '~' || (c == '/' && is_path);
    out += plain ? std::string(1, c)
                 : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

std::string EncodeQuery(const HttpFields& query) {
  // By encoded names; maps are in order of the plain ones.
  std::map<std::string, std::string> encoded;
  for (const auto& [name, value] : query)
    encoded[EncodeUri(name, false)] = EncodeUri(value, false);
  std::string out;
  for (const auto& [name, value] : encoded)
    out += fmt::format("{}{}={}", out.empty() ? "" : "&", name, value);
  return out;
}

HttpFields SignHeaders(const AwsRequest& request, const AwsScope& scope,
                       WallTime now) {
  const std::string stamp = Stamp(now);
  AwsRequest signed_request = request;
  HttpFields& headers = signed_request.headers;
  headers["x-amz-date"] = stamp;
  headers["x-amz-content-sha256"] = request.payload_digest;
  if (!scope.credentials.session_token.empty())
    headers["x-amz-security-token"] = scope.credentials.session_token;
  const std::string signature = Sign(signed_request, scope, stamp);
  headers["authorization"] =
      fmt::format("{} Credential={}/{}, SignedHeaders={}, Signature={}",
                  kAlgorithm, scope.credentials.access_key,
                  ScopeOf(stamp, scope), NamesOf(headers), signature);
  return headers;
}

HttpFields PresignQuery(const AwsRequest& request, const AwsScope& scope,
                        WallTime now, std::chrono::seconds lifetime) {
  const std::string stamp = Stamp(now);
  AwsRequest signed_request = request;
  signed_request.headers = {{"host", request.headers.at("host")}};
  signed_request.payload_digest = kUnsignedPayload;
  HttpFields& query = signed_request.query;
  query["X-Amz-Algorithm"] = kAlgorithm;
  query["X-Amz-Credential"] =
      scope.credentials.access_key + "/" + ScopeOf(stamp, scope);
  query["X-Amz-Date"] = stamp;
  query["X-Amz-Expires"] = std::to_string(lifetime.count());
  query["X-Amz-SignedHeaders"] = "host";
  if (!scope.credentials.session_token.empty())
    query["X-Amz-Security-Token"] = scope.credentials.session_token;
  query["X-Amz-Signature"] = Sign(signed_request, scope, stamp);
  return query;
}

}  // namespace reel::platform
