// The client of the service's API (docs/api/).
#pragma once

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "base/json.h"
#include "base/result.h"
#include "platform/http_client.h"

namespace reel::cli {

struct ApiAddress {
  std::string url;         // empty: this machine's
  std::string token_file;  // empty: the token is in REEL_TOKEN
};
// --api, --token-file
void AddApiOptions(CLI::App& command, ApiAddress& address);

// An event of a stream.
struct ApiEvent {
  std::string id;    // "": it has none
  std::string kind;  // "done"
  base::Json data;
};
enum class AfterEvent { kGoOn, kEnd };
using EventSink = std::function<AfterEvent(const ApiEvent&)>;

// Errors of every call: what the service says is wrong; kUnavailable when it is
// not reached; kInvalidArgument when it does not let us in.
class ApiClient {
 public:
  // Errors: kInvalidArgument (no token; not a URL).
  static base::Result<ApiClient> Open(const ApiAddress& address);

  base::Result<base::Json> Get(const std::string& path);
  // These are sent again, after a pause, while the service is away or busy:
  // what they do is the same when it is done twice.
  base::Result<base::Json> Post(const std::string& path, const base::Json& body,
                                const platform::HttpFields& headers = {});
  base::Result<base::Json> Put(const std::string& path,
                               std::span<const uint8_t> bytes,
                               const platform::HttpFields& headers);
  // Tells events until the sink or the stream ends. Goes on where a connection
  // broke; kUnavailable when the service stays away.
  base::Status Follow(const std::string& path, const EventSink& sink);

  const std::string& url() const { return url_; }

 private:
  ApiClient(std::string url, std::string token);
  platform::HttpFields Headers(const platform::HttpFields& more) const;
  base::Result<base::Json> Send(const platform::HttpRequest& request);
  base::Result<base::Json> SendPatiently(const platform::HttpRequest& request);

  std::string url_;
  std::string token_;
  std::unique_ptr<platform::HttpClient> http_;
};

// The lines of a stream of server-sent events, as they come (HTML standard,
// section 9.2.6); fields that the service does not send are passed over.
class EventReader {
 public:
  explicit EventReader(EventSink sink) : sink_(std::move(sink)) {}
  AfterEvent Read(std::span<const uint8_t> bytes);

 private:
  AfterEvent ReadLine(const std::string& line);
  EventSink sink_;
  std::string line_;
  std::string id_, kind_, data_;
};

// A path's segment or a query's value, encoded.
std::string Encoded(const std::string& text);

}  // namespace reel::cli
