#include "platform/s3_client.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <ctime>
#include <pugixml.hpp>
#include <string_view>
#include <utility>

#include "base/digest.h"
#include "base/file.h"
#include "platform/compose_plan.h"

namespace reel::platform {
namespace {

using base::Code;
using base::Error;
using base::Fail;
using base::Result;
using base::Status;

constexpr std::string_view kScheme = "://";
// Of a copy too large for one request; well below the most that a part may be.
constexpr int64_t kCopiedPartBytes = int64_t{1} << 30;
constexpr int kPartOnly = 206;
constexpr int kRangeAtTheEnd = 416;  // or after it: there is nothing to get

std::string HostOf(const S3Options& options) {
  const size_t at = options.endpoint.find(kScheme);
  const std::string host = at == std::string::npos
                               ? options.endpoint
                               : options.endpoint.substr(at + kScheme.size());
  return options.path_style ? host : options.bucket + "." + host;
}

int64_t NumberOf(const HttpFields& fields, const char* name) {
  int64_t value = -1;
  if (const auto found = fields.find(name); found != fields.end()) {
    const std::string& text = found->second;
    std::from_chars(text.data(), text.data() + text.size(), value);
  }
  return value;
}

std::string ValueOf(const HttpFields& fields, const char* name) {
  const auto found = fields.find(name);
  return found == fields.end() ? "" : found->second;
}

// As headers and as listings have it (RFC 9110, 5.6.7; ISO 8601), both UTC, to
// the second; 0 for anything else.
int64_t TimeOf(const std::string& text) {
  for (const char* format : {"%a, %d %b %Y %H:%M:%S", "%Y-%m-%dT%H:%M:%S"}) {
    std::tm time = {};
    if (::strptime(text.c_str(), format, &time))
      return int64_t{::timegm(&time)} * 1000;
  }
  return 0;
}

// The answers of a server are bounded by HttpClient.
Result<pugi::xml_document> ParseXml(const std::string& text) {
  pugi::xml_document document;
  if (!document.load_buffer(text.data(), text.size()))
    return Fail(Code::kUnavailable, "the S3 server's answer is no XML");
  return document;
}

Code CodeOf(int status, std::string_view reason) {
  if (reason == "QuotaExceeded" || reason == "InsufficientCapacity" ||
      status == 507)
    return Code::kResourceExhausted;
  if (reason == "RequestTimeout" || reason == "SlowDown")
    return Code::kUnavailable;
  if (reason == "NoSuchBucket") return Code::kInvalidArgument;
  return CodeOfStatus(status);
}

std::string_view RemedyOf(int status, std::string_view reason) {
  if (reason == "NoSuchBucket") return "; make the bucket first";
  if (reason == "RequestTimeTooSkewed") return "; set this machine's clock";
  if (status == 401 || status == 403)
    return "; see that the access key, the secret key and their rights are "
           "right";
  if (status == 301 || status == 307 || status == 400)
    return "; see that region and endpoint are the bucket's";
  return "";
}

}  // namespace

HttpBody BodyOf(std::span<const uint8_t> bytes) {
  return {static_cast<int64_t>(bytes.size()),
          [bytes](int64_t offset, std::span<uint8_t> into) -> Result<size_t> {
            const auto rest = bytes.subspan(static_cast<size_t>(offset));
            const size_t size = std::min(rest.size(), into.size());
            std::memcpy(into.data(), rest.data(), size);
            return size;
          }};
}

S3Client::S3Client(S3Options options)
    : options_(std::move(options)), http_(options_.http) {}

AwsRequest S3Client::RequestOf(const Call& call) const {
  std::string path = options_.path_style ? "/" + options_.bucket : "";
  if (!call.key.empty() || path.empty()) path += "/" + call.key;
  HttpFields headers = call.headers;
  headers["host"] = HostOf(options_);
  return {call.method, std::move(path), call.query, std::move(headers),
          call.digest};
}

std::string S3Client::UrlOf(const AwsRequest& request) const {
  const std::string scheme =
      options_.endpoint.starts_with("http://") ? "http" : "https";
  const std::string query = EncodeQuery(request.query);
  return fmt::format("{}://{}{}{}{}", scheme, HostOf(options_),
                     EncodeUri(request.path, true), query.empty() ? "" : "?",
                     query);
}

Error S3Client::ErrorOf(const Call& call, const HttpResponse& response) const {
  std::string reason, message;
  if (const auto document = ParseXml(response.text)) {
    const pugi::xml_node error = document->child("Error");
    reason = error.child_value("Code");
    message = error.child_value("Message");
  }
  const std::string what =
      call.key.empty() ? options_.bucket : options_.bucket + "/" + call.key;
  return {CodeOf(response.status, reason),
          fmt::format("s3://{}: {} ends with {}{}{}{}{}{}", what, call.method,
                      response.status, reason.empty() ? "" : " ", reason,
                      message.empty() ? "" : ": ", message,
                      RemedyOf(response.status, reason))};
}

Result<HttpResponse> S3Client::SendOnce(const Call& call,
                                        const HttpSink& sink) {
  const AwsRequest request = RequestOf(call);
  const auto now = std::chrono::time_point_cast<std::chrono::seconds>(
      std::chrono::system_clock::now());
  HttpFields headers = SignHeaders(request, options_.scope, now);
  headers.erase("host");  // libcurl's own is the same
  REEL_ASSIGN(HttpResponse response, http_.Send({call.method, UrlOf(request),
                                                 std::move(headers), call.body},
                                                sink));
  if ((response.status >= 200 && response.status < 300) ||
      response.status == call.also_fine)
    return response;
  return tl::unexpected(ErrorOf(call, response));
}

Result<HttpResponse> S3Client::Send(const Call& call) {
  HttpResponse response;
  REEL_TRY(Retry(options_.retry, [&]() -> Status {
    REEL_ASSIGN(response, SendOnce(call, {}));
    return {};
  }));
  return response;
}

Status S3Client::MakeBucket() {
  REEL_TRY(Send({.method = "PUT", .key = ""}));
  return {};
}

Result<std::optional<S3Head>> S3Client::Head(const std::string& key) {
  const auto response = Send({.method = "HEAD", .key = key});
  if (response) {
    return S3Head{NumberOf(response->headers, "content-length"),
                  ValueOf(response->headers, "etag"),
                  TimeOf(ValueOf(response->headers, "last-modified"))};
  }
  if (response.error().code == Code::kNotFound) return std::nullopt;
  return tl::unexpected(response.error());
}

Status S3Client::Put(const std::string& key, const HttpBody& body,
                     const std::string& digest) {
  REEL_TRY(
      Send({.method = "PUT", .key = key, .body = &body, .digest = digest}));
  return {};
}

Status S3Client::PutTyped(const std::string& key, const HttpBody& body,
                          const std::string& digest, const std::string& type) {
  REEL_TRY(Send({.method = "PUT",
                 .key = key,
                 .headers = {{"content-type", type}},
                 .body = &body,
                 .digest = digest}));
  return {};
}

std::string S3Client::CopySource(const std::string& key) const {
  return EncodeUri("/" + options_.bucket + "/" + key, true);
}

Status S3Client::CopyTyped(const std::string& key, const std::string& from,
                           int64_t size_bytes, const std::string& type) {
  if (size_bytes > kMostPartBytes)
    return CopyInParts(key, from, size_bytes, type);
  REEL_ASSIGN(const HttpResponse response,
              Send({.method = "PUT",
                    .key = key,
                    .headers = {{"x-amz-copy-source", CopySource(from)},
                                {"x-amz-metadata-directive", "REPLACE"},
                                {"content-type", type}}}));
  REEL_ASSIGN(const pugi::xml_document document, ParseXml(response.text));
  // A copy may fail after its answer has begun with 200.
  if (document.child("CopyObjectResult")) return {};
  return tl::unexpected(ErrorOf({.method = "PUT", .key = key}, response));
}

Status S3Client::CopyInParts(const std::string& key, const std::string& from,
                             int64_t size_bytes, const std::string& type) {
  REEL_ASSIGN(const std::string upload, BeginUpload(key, type));
  const auto copy = [&]() -> Status {
    std::vector<S3Part> parts;
    for (int64_t at = 0; at < size_bytes; at += kCopiedPartBytes) {
      REEL_ASSIGN(
          S3Part part,
          CopyPart(key, upload, static_cast<int>(parts.size()) + 1, from, at,
                   std::min(kCopiedPartBytes, size_bytes - at)));
      parts.push_back(std::move(part));
    }
    return CompleteUpload(key, upload, parts);
  };
  Status status = copy();
  if (!status) (void)AbortUpload(key, upload);
  return status;
}

Status S3Client::PutNew(const std::string& key, const HttpBody& body,
                        const std::string& digest) {
  REEL_TRY(Send({.method = "PUT",
                 .key = key,
                 .headers = {{"if-none-match", "*"}},
                 .body = &body,
                 .digest = digest}));
  return {};
}

Result<int64_t> S3Client::Get(const std::string& key, int64_t offset,
                              int64_t size_bytes, const ByteSink& sink,
                              std::string etag) {
  if (size_bytes == 0) return 0;
  int64_t got = 0;
  const Status status = Retry(options_.retry, [&]() -> Status {
    Call call{.method = "GET", .key = key, .also_fine = kRangeAtTheEnd};
    const int64_t first = offset + got;
    if (size_bytes >= 0) {
      call.headers["range"] =
          fmt::format("bytes={}-{}", first, offset + size_bytes - 1);
    } else if (first > 0) {
      call.headers["range"] = fmt::format("bytes={}-", first);
    }
    if (!etag.empty()) call.headers["if-match"] = etag;
    const HttpSink take = [&](const HttpResponse& head,
                              std::span<const uint8_t> bytes) -> Status {
      if (first > 0 && head.status != kPartOnly)
        return Fail(Code::kUnsupported, "the S3 server knows no ranges");
      etag = ValueOf(head.headers, "etag");
      REEL_TRY(sink(bytes));
      got += static_cast<int64_t>(bytes.size());
      return {};
    };
    REEL_TRY(SendOnce(call, take));
    return {};
  });
  if (!status) return tl::unexpected(status.error());
  return got;
}

Result<std::vector<S3Entry>> S3Client::List(const std::string& prefix,
                                            const std::string& after,
                                            int limit) {
  Call call{.method = "GET",
            .query = {{"list-type", "2"},
                      {"prefix", prefix},
                      {"max-keys", std::to_string(limit)}}};
  if (!after.empty()) call.query["start-after"] = after;
  REEL_ASSIGN(const HttpResponse response, Send(call));
  REEL_ASSIGN(const pugi::xml_document document, ParseXml(response.text));
  std::vector<S3Entry> entries;
  for (const pugi::xml_node node :
       document.child("ListBucketResult").children("Contents")) {
    entries.push_back(
        {node.child_value("Key"), node.child("Size").text().as_llong(),
         node.child_value("ETag"), TimeOf(node.child_value("LastModified"))});
  }
  return entries;
}

Status S3Client::Delete(const std::string& key) {
  const auto response = Send({.method = "DELETE", .key = key});
  if (response || response.error().code == Code::kNotFound) return {};
  return tl::unexpected(response.error());
}

Result<std::string> S3Client::BeginUpload(const std::string& key,
                                          const std::string& type) {
  Call call{.method = "POST", .key = key, .query = {{"uploads", ""}}};
  if (!type.empty()) call.headers["content-type"] = type;
  REEL_ASSIGN(const HttpResponse response, Send(call));
  REEL_ASSIGN(const pugi::xml_document document, ParseXml(response.text));
  std::string upload =
      document.child("InitiateMultipartUploadResult").child_value("UploadId");
  if (upload.empty())
    return Fail(Code::kUnavailable, "the S3 server names no upload");
  return upload;
}

Result<S3Part> S3Client::UploadPart(const std::string& key,
                                    const std::string& upload, int number,
                                    const HttpBody& body,
                                    const std::string& digest) {
  REEL_ASSIGN(const HttpResponse response,
              Send({.method = "PUT",
                    .key = key,
                    .query = {{"partNumber", std::to_string(number)},
                              {"uploadId", upload}},
                    .body = &body,
                    .digest = digest}));
  return S3Part{number, ValueOf(response.headers, "etag")};
}

Result<S3Part> S3Client::CopyPart(const std::string& key,
                                  const std::string& upload, int number,
                                  const std::string& from, int64_t offset,
                                  int64_t size_bytes) {
  REEL_ASSIGN(const HttpResponse response,
              Send({.method = "PUT",
                    .key = key,
                    .query = {{"partNumber", std::to_string(number)},
                              {"uploadId", upload}},
                    .headers = {{"x-amz-copy-source", CopySource(from)},
                                {"x-amz-copy-source-range",
                                 fmt::format("bytes={}-{}", offset,
                                             offset + size_bytes - 1)}}}));
  REEL_ASSIGN(const pugi::xml_document document, ParseXml(response.text));
  // A copy may fail after its answer has begun with 200.
  std::string etag = document.child("CopyPartResult").child_value("ETag");
  if (etag.empty())
    return tl::unexpected(ErrorOf({.method = "PUT", .key = key}, response));
  return S3Part{number, std::move(etag)};
}

Status S3Client::CompleteUpload(const std::string& key,
                                const std::string& upload,
                                std::span<const S3Part> parts) {
  std::string xml = "<CompleteMultipartUpload>";
  for (const S3Part& part : parts) {
    xml +=
        fmt::format("<Part><PartNumber>{}</PartNumber><ETag>{}</ETag></Part>",
                    part.number, part.etag);
  }
  xml += "</CompleteMultipartUpload>";
  const HttpBody body = BodyOf(base::AsBytes(xml));
  const auto response = Send({.method = "POST",
                              .key = key,
                              .query = {{"uploadId", upload}},
                              .body = &body,
                              .digest = base::Sha256(xml)});
  if (!response) {
    // Its answer was lost, and a second try found nothing to complete.
    REEL_ASSIGN(const auto head, Head(key));
    if (response.error().code == Code::kNotFound && head) return {};
    return tl::unexpected(response.error());
  }
  // As with copies, 200 may be the beginning of an error.
  REEL_ASSIGN(const pugi::xml_document document, ParseXml(response->text));
  if (document.child("Error"))
    return tl::unexpected(ErrorOf({.method = "POST", .key = key}, *response));
  return {};
}

Status S3Client::AbortUpload(const std::string& key,
                             const std::string& upload) {
  const auto response =
      Send({.method = "DELETE", .key = key, .query = {{"uploadId", upload}}});
  if (response || response.error().code == Code::kNotFound) return {};
  return tl::unexpected(response.error());
}

Result<std::vector<S3Upload>> S3Client::ListUploads(const std::string& prefix) {
  std::vector<S3Upload> uploads;
  HttpFields query = {{"uploads", ""}, {"prefix", prefix}};
  for (bool is_more = true; is_more;) {
    REEL_ASSIGN(const HttpResponse response,
                Send({.method = "GET", .query = query}));
    REEL_ASSIGN(const pugi::xml_document document, ParseXml(response.text));
    const pugi::xml_node list = document.child("ListMultipartUploadsResult");
    for (const pugi::xml_node node : list.children("Upload")) {
      uploads.push_back({node.child_value("Key"), node.child_value("UploadId"),
                         TimeOf(node.child_value("Initiated"))});
    }
    query["key-marker"] = list.child_value("NextKeyMarker");
    query["upload-id-marker"] = list.child_value("NextUploadIdMarker");
    is_more = list.child("IsTruncated").text().as_bool() &&
              !query["key-marker"].empty();
  }
  return uploads;
}

std::string S3Client::PresignGet(const std::string& key,
                                 std::chrono::seconds lifetime) {
  AwsRequest request = RequestOf({.method = "GET", .key = key});
  const auto now = std::chrono::time_point_cast<std::chrono::seconds>(
      std::chrono::system_clock::now());
  request.query = PresignQuery(request, options_.scope, now, lifetime);
  return UrlOf(request);
}

}  // namespace reel::platform
