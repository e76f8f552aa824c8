// One bucket of an S3 server: the requests that the object store makes
// (Amazon S3 API reference, 2006-03-01), signed, with retries.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "platform/aws_signature.h"
#include "platform/http_client.h"
#include "platform/retry.h"

namespace reel::platform {

struct S3Options {
  std::string endpoint;  // "https://s3.example.org:9000", without a path
  std::string bucket;
  AwsScope scope;
  // https://endpoint/bucket/key; else https://bucket.endpoint/key.
  bool path_style = true;
  HttpOptions http = {};
  RetryLimits retry = {};
};

// Times are the server's, of the last change, in ms since 1970; 0: not said.
struct S3Head {
  int64_t size_bytes = 0;
  std::string etag;
  int64_t modified_ms = 0;
};

struct S3Entry {
  std::string key;
  int64_t size_bytes = 0;
  std::string etag;
  int64_t modified_ms = 0;
};

// A multipart upload that has not ended.
struct S3Upload {
  std::string key, id;
  int64_t begun_ms = 0;
};

// A part of a multipart upload, as its completion names it.
struct S3Part {
  int number = 0;  // from 1
  std::string etag;
};

// Safe from several threads. Keys are plain text of any characters.
//
// A request that may succeed at another time (connection lost, 408, 429, 500,
// 502, 503, 504) is sent again, each time after a longer pause with jitter.
// Errors of every call: kNotFound (no such key), kInvalidArgument (keys that
// are refused, no such bucket, a clock that is wrong), kConflict (412),
// kUnsupported (501), kResourceExhausted (quota, full), kUnavailable.
class S3Client {
 public:
  explicit S3Client(S3Options options);

  // kConflict if it is somebody else's; nothing if it is ours already.
  base::Status MakeBucket();
  // nullopt if there is no such key.
  base::Result<std::optional<S3Head>> Head(const std::string& key);
  // `digest`: SHA-256 of the body, which the server checks.
  base::Status Put(const std::string& key, const HttpBody& body,
                   const std::string& digest);
  // The same with a media type, "video/mp4": what players are told that it is.
  base::Status PutTyped(const std::string& key, const HttpBody& body,
                        const std::string& digest, const std::string& type);
  // Another key's bytes, copied by the server.
  //   size_bytes  how many: beyond 5 GiB it takes an upload in parts
  base::Status CopyTyped(const std::string& key, const std::string& from,
                         int64_t size_bytes, const std::string& type);
  // As Put, of a key that must not be there yet (If-None-Match): kConflict if
  // it is, kUnsupported where a server knows no conditional writes.
  base::Status PutNew(const std::string& key, const HttpBody& body,
                      const std::string& digest);
  // `size_bytes` from `offset`, or to the end if negative. Goes on where a
  // connection broke, as long as the object is still the same. Bytes got: fewer
  // than asked for only at the end of the object.
  //   etag  of the object as it is wanted: kConflict if it is another one by
  //         now; "": as it is
  base::Result<int64_t> Get(const std::string& key, int64_t offset,
                            int64_t size_bytes, const ByteSink& sink,
                            std::string etag = "");
  // Keys that begin with `prefix` and follow `after`, in order, up to `limit`
  // (1000 at most).
  base::Result<std::vector<S3Entry>> List(const std::string& prefix,
                                          const std::string& after, int limit);
  base::Status Delete(const std::string& key);

  // Multipart uploads. All parts but the last have 5 MiB at least.
  base::Result<std::string> BeginUpload(const std::string& key,
                                        const std::string& type = "");
  base::Result<S3Part> UploadPart(const std::string& key,
                                  const std::string& upload, int number,
                                  const HttpBody& body,
                                  const std::string& digest);
  // Bytes of another key of the bucket, copied by the server.
  base::Result<S3Part> CopyPart(const std::string& key,
                                const std::string& upload, int number,
                                const std::string& from, int64_t offset,
                                int64_t size_bytes);
  base::Status CompleteUpload(const std::string& key, const std::string& upload,
                              std::span<const S3Part> parts);
  base::Status AbortUpload(const std::string& key, const std::string& upload);
  // All of keys that begin with `prefix`.
  base::Result<std::vector<S3Upload>> ListUploads(const std::string& prefix);

  // A URL that anybody who has it may GET for so long, at most 7 days.
  std::string PresignGet(const std::string& key, std::chrono::seconds lifetime);

 private:
  struct Call {
    std::string method;
    std::string key = {};  // "": the bucket
    HttpFields query = {};
    HttpFields headers = {};
    const HttpBody* body = nullptr;
    std::string digest = std::string(kEmptyPayload);
    int also_fine = 0;  // a status beside 200 to 299
  };
  base::Status CopyInParts(const std::string& key, const std::string& from,
                           int64_t size_bytes, const std::string& type);
  // Names the source of a copy.
  std::string CopySource(const std::string& key) const;
  AwsRequest RequestOf(const Call& call) const;
  std::string UrlOf(const AwsRequest& request) const;
  // Once; an answer that says that it went wrong is an error.
  base::Result<HttpResponse> SendOnce(const Call& call, const HttpSink& sink);
  base::Result<HttpResponse> Send(const Call& call);
  base::Error ErrorOf(const Call& call, const HttpResponse& response) const;

  S3Options options_;
  HttpClient http_;
};

// A body of bytes that outlive it.
HttpBody BodyOf(std::span<const uint8_t> bytes);

}  // namespace reel::platform
