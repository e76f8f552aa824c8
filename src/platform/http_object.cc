#include "platform/http_object.h"

#include <fmt/format.h>

#include <charconv>
#include <string_view>
#include <utility>

#include "base/byte_source.h"

namespace reel::platform {
namespace {

using base::Code;
using base::Fail;
using base::Result;
using base::Status;

constexpr int kMostRedirections = 5;
constexpr int kPartOnly = 206;
constexpr int kRangeAtTheEnd = 416;  // or after it: there is nothing to get

std::string ValueOf(const HttpFields& fields, const char* name) {
  const auto found = fields.find(name);
  return found == fields.end() ? "" : found->second;
}

// What an answer says of the whole. "bytes 0-0/1234"; of no bytes at all
// "bytes */0". A size of -1 where it does not say.
RemoteFacts FactsOf(const HttpResponse& response) {
  RemoteFacts facts{-1, ValueOf(response.headers, "etag")};
  if (facts.version.empty())
    facts.version = ValueOf(response.headers, "last-modified");
  const std::string range = ValueOf(response.headers, "content-range");
  const std::string_view size =
      std::string_view(range).substr(range.find('/') + 1);
  std::from_chars(size.data(), size.data() + size.size(), facts.size_bytes);
  return facts;
}

// Whether the answer's first byte is the one that was asked for.
bool BeginsAt(const HttpResponse& response, int64_t first) {
  return ValueOf(response.headers, "content-range")
      .starts_with(fmt::format("bytes {}-", first));
}

bool IsRedirection(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 ||
         status == 308;
}

std::string_view RemedyOf(int status) {
  if (status == 401 || status == 403)
    return "; see that the URL is right and has not expired";
  return "";
}

}  // namespace

HttpObject::HttpObject(HttpClient& client, std::string url, RetryLimits retry)
    : client_(&client),
      url_(std::move(url)),
      name_(base::SourceLabel(url_)),
      retry_(retry) {}

Result<std::unique_ptr<HttpObject>> HttpObject::Create(HttpClient& client,
                                                       const std::string& url,
                                                       RetryLimits retry) {
  REEL_ASSIGN(const bool has_credentials, HasCredentials(url));
  if (has_credentials) {
    return Fail(Code::kInvalidArgument,
                "a source's URL must not hold a name or a password, which "
                "others would see; use a presigned URL, or s3://");
  }
  return std::unique_ptr<HttpObject>(new HttpObject(client, url, retry));
}

Result<HttpResponse> HttpObject::Get(int64_t first, int64_t last,
                                     const HttpSink& sink) {
  const auto no_ranges =
      Fail(Code::kUnsupported,
           name_ +
               ": its server does not give parts of files (HTTP ranges); copy "
               "the file here, or to a server that does");
  const HttpSink take = [&](const HttpResponse& head,
                            std::span<const uint8_t> bytes) -> Status {
    if (head.status != kPartOnly || !BeginsAt(head, first)) return no_ranges;
    return sink(head, bytes);
  };
  std::string url = url_;
  for (int hops = 0; hops <= kMostRedirections; ++hops) {
    REEL_ASSIGN(
        HttpResponse response,
        client_->Send(
            {.method = "GET",
             .url = url,
             .headers = {{"range", fmt::format("bytes={}-{}", first, last)}}},
            take));
    if (response.status == kPartOnly || response.status == kRangeAtTheEnd)
      return response;
    if (response.status >= 200 && response.status < 300) return no_ranges;
    if (!IsRedirection(response.status)) {
      return Fail(CodeOfStatus(response.status),
                  fmt::format("{}: GET ends with {}{}", name_, response.status,
                              RemedyOf(response.status)));
    }
    REEL_ASSIGN(std::string next,
                ResolveUrl(url, ValueOf(response.headers, "location")));
    if (url.starts_with("https://") && !next.starts_with("https://"))
      return Fail(Code::kInvalidArgument,
                  name_ + ": leads from https to what is not");
    url = std::move(next);
  }
  return Fail(Code::kInvalidArgument,
              fmt::format("{}: leads on and on, more than {} times", name_,
                          kMostRedirections));
}

Result<RemoteFacts> HttpObject::Describe() {
  RemoteFacts facts;
  REEL_TRY(Retry(retry_, [&]() -> Status {
    REEL_ASSIGN(const HttpResponse response,
                Get(0, 0, [](const HttpResponse&, auto) { return Status(); }));
    facts = FactsOf(response);
    return {};
  }));
  if (facts.size_bytes >= 0) return facts;
  return Fail(Code::kUnsupported,
              name_ + ": its server does not say how long it is");
}

Status HttpObject::Fetch(const RemoteFacts& facts, int64_t offset,
                         int64_t size_bytes, const ByteSink& sink) {
  int64_t got = 0;
  return Retry(retry_, [&]() -> Status {
    const HttpSink take = [&](const HttpResponse& head,
                              std::span<const uint8_t> bytes) -> Status {
      if (FactsOf(head) != facts)
        return tl::unexpected(base::SourceChanged(name_));
      REEL_TRY(sink(bytes));
      got += static_cast<int64_t>(bytes.size());
      return {};
    };
    REEL_ASSIGN(const HttpResponse response,
                Get(offset + got, offset + size_bytes - 1, take));
    if (response.status == kRangeAtTheEnd)
      return tl::unexpected(base::SourceChanged(name_));
    if (got == size_bytes) return {};
    return Fail(Code::kUnavailable,
                name_ + ": its server gave less than asked");
  });
}

}  // namespace reel::platform
