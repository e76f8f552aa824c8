#include "service/api/server.h"

#include <fmt/format.h>
#include <httplib.h>
#include <openssl/ssl.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <optional>
#include <semaphore>
#include <utility>
#include <vector>

#include "base/digest.h"
#include "service/api/routes.h"
#include "service/api/text_check.h"
#include "service/http/listener.h"

namespace reel::service::api {
namespace {

using base::Code;
using base::Fail;
using base::Result;
using base::Status;
using std::chrono::steady_clock;
using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace)

constexpr int kThreads = 32;  // beside those of event streams
constexpr int kMaxQueued = 64;
constexpr size_t kMaxHeaders = 64;
constexpr size_t kMaxPathBytes = 1000;
constexpr size_t kMaxQueryFields = 32;
constexpr auto kReadTimeout = 10s;  // between two bytes
constexpr auto kWriteTimeout = 10s;
constexpr auto kBodyTimeout = 120s;  // a whole one
// Of a refused request's body so much is read, so that the client, which is
// still sending, comes to see the answer.
constexpr int64_t kDrainedBytes = int64_t{1} << 20;

// The library's pool has a queue without a bound. Here whoever accepts
// connections waits, and the system's own queue fills.
class BoundedPool : public httplib::TaskQueue {
 public:
  BoundedPool(int threads, int queued)
      : room_(threads + queued), pool_(static_cast<size_t>(threads)) {}
  void enqueue(std::function<void()> work) override {
    room_.acquire();
    pool_.enqueue([this, work = std::move(work)] {
      work();
      room_.release();
    });
  }
  void shutdown() override { pool_.shutdown(); }

 private:
  std::counting_semaphore<> room_;
  httplib::ThreadPool pool_;
};

// One of a number of places; given back when the last owner is gone.
using Place = std::shared_ptr<void>;
Place TryTake(std::counting_semaphore<>& places) {
  if (!places.try_acquire()) return nullptr;
  return {&places, [](std::counting_semaphore<>* taken) { taken->release(); }};
}

Answer TooMany(std::chrono::milliseconds wait, const std::string& message) {
  Answer answer = ErrorAnswer(429, "too-many-requests", message);
  answer.headers["Retry-After"] = std::to_string((wait.count() + 999) / 1000);
  return answer;
}

Answer Busy(const std::string& message) {
  Answer answer = ErrorAnswer({Code::kUnavailable, message});
  answer.headers["Retry-After"] = "5";
  return answer;
}

Answer Unauthenticated() {
  Answer answer = ErrorAnswer(401, "unauthenticated",
                              "this needs a token: Authorization: Bearer …");
  answer.headers["WWW-Authenticate"] = "Bearer";
  return answer;
}

// "" if there is none.
std::string BearerOf(const ApiRequest& request) {
  constexpr std::string_view kScheme = "bearer ";
  const std::string value = request.Header("authorization");
  const bool is_bearer =
      value.size() > kScheme.size() &&
      std::equal(kScheme.begin(), kScheme.end(), value.begin(),
                 [](char wanted, char c) { return wanted == std::tolower(c); });
  return is_bearer ? value.substr(kScheme.size()) : "";
}

// Compared by digest, so that time tells nothing of the secret.
bool IsSame(const std::string& secret, const std::string& given) {
  return base::Sha256(secret) == base::Sha256(given);
}

// Reads the body of a request, at most once.
class BodyReader {
 public:
  BodyReader(const httplib::Request& request,
             const httplib::ContentReader* reader)
      : request_(request), reader_(reader) {}

  Result<std::string> Read(int64_t max_bytes) {
    if (!HasBody()) return "";
    if (request_.is_multipart_form_data())
      return Fail(Code::kInvalidArgument, "a form is not taken here");
    const Error too_long{
        Code::kInvalidArgument,
        fmt::format("the body is longer than {} bytes", max_bytes)};
    if (request_.get_header_value<uint64_t>("Content-Length") >
        static_cast<uint64_t>(max_bytes))
      return tl::unexpected(too_long);
    is_read_ = true;
    std::string body;
    bool is_long = false;
    const auto end = steady_clock::now() + kBodyTimeout;
    const bool got = (*reader_)([&](const char* data, size_t size) {
      is_long = body.size() + size > static_cast<size_t>(max_bytes);
      if (is_long || steady_clock::now() > end) return false;
      body.append(data, size);
      return true;
    });
    if (is_long) return tl::unexpected(too_long);
    if (!got) return Fail(Code::kInvalidArgument, "the body did not come");
    return body;
  }

  void Drain() {
    if (!HasBody() || is_read_ || request_.is_multipart_form_data()) return;
    int64_t drained = 0;
    const auto end = steady_clock::now() + kReadTimeout;
    (*reader_)([&](const char*, size_t size) {
      drained += static_cast<int64_t>(size);
      return drained <= kDrainedBytes && steady_clock::now() < end;
    });
  }

 private:
  using Error = base::Error;
  // Without either header the library would read until the connection ends.
  bool HasBody() const {
    return reader_ != nullptr && (request_.has_header("Content-Length") ||
                                  request_.has_header("Transfer-Encoding"));
  }

  const httplib::Request& request_;
  const httplib::ContentReader* reader_;
  bool is_read_ = false;
};

ApiRequest ReadRequest(const httplib::Request& given) {
  ApiRequest request;
  for (const auto& [name, value] : given.params) request.query[name] = value;
  for (const auto& [name, value] : given.headers) {
    std::string lower = name;
    std::ranges::transform(lower, lower.begin(), [](unsigned char c) {
      return static_cast<char>(std::tolower(c));
    });
    request.headers[lower] = value;
  }
  return request;
}

// What no route has to look at any more.
Status CheckRequest(const httplib::Request& request) {
  bool is_text = IsText(request.path);
  for (const auto& [name, value] : request.params)
    is_text &= IsText(name) && IsText(value);
  if (!is_text) {
    return Fail(Code::kInvalidArgument,
                "the URL has control characters, or is not UTF-8");
  }
  if (request.params.size() > kMaxQueryFields)
    return Fail(Code::kInvalidArgument, "too many parameters");
  return {};
}

}  // namespace

struct ApiServer::State {
  State(const ApiOptions& given, const ApiBackend& behind)
      : options(given),
        backend(behind),
        token_rate(given.token_rate, steady_clock::now),
        address_rate(given.address_rate, steady_clock::now),
        streams(given.max_streams),
        uploads(given.max_uploads) {}

  Status Listen();
  void SetHandlers();
  void Handle(const httplib::Request& given, httplib::Response& response,
              const httplib::ContentReader* reader);
  Answer Dispatch(const httplib::Request& given, ApiRequest& request);
  Result<const Route*> FindRoute(const httplib::Request& given,
                                 ApiRequest& request, Answer& refusal) const;
  std::optional<Answer> RefuseCaller(const Route& route, ApiRequest& request);
  std::optional<Answer> RefuseToken(const Route& route, ApiRequest& request);
  void Send(Answer answer, httplib::Response& response);

  const ApiOptions options;
  const ApiBackend backend;
  const std::vector<Route> routes = AllRoutes();
  RateLimiter token_rate, address_rate;
  std::counting_semaphore<> streams, uploads;
  std::stop_source stop;
  std::string address;
  std::unique_ptr<httplib::Server> server;
};

Status ApiServer::State::Listen() {
  const bool is_secure = !options.tls_certificate.empty();
  if (is_secure != !options.tls_key.empty()) {
    return Fail(Code::kInvalidArgument,
                "TLS needs both a certificate and its key");
  }
  if (is_secure) {
    server = std::make_unique<httplib::SSLServer>([this](SSL_CTX& context) {
      return SSL_CTX_set_min_proto_version(&context, TLS1_2_VERSION) == 1 &&
             SSL_CTX_use_certificate_chain_file(
                 &context, options.tls_certificate.c_str()) == 1 &&
             SSL_CTX_use_PrivateKey_file(&context, options.tls_key.c_str(),
                                         SSL_FILETYPE_PEM) == 1 &&
             SSL_CTX_check_private_key(&context) == 1;
    });
  } else {
    server = std::make_unique<httplib::Server>();
  }
  if (!server->is_valid()) {
    return Fail(Code::kInvalidArgument,
                fmt::format("{} and {} are no certificate and its key, in PEM "
                            "format and readable",
                            options.tls_certificate, options.tls_key));
  }
  server->new_task_queue = [streams = options.max_streams] {
    return new BoundedPool(kThreads + streams, kMaxQueued);
  };
  server->set_keep_alive_max_count(1);
  server->set_read_timeout(kReadTimeout);
  server->set_write_timeout(kWriteTimeout);
  SetHandlers();
  REEL_ASSIGN(address, http::Bind(*server, is_secure ? "https" : "http",
                                  options.host, options.port));
  return {};
}

void ApiServer::State::SetHandlers() {
  // One way for all, found by Dispatch. Of a long path the library's regular
  // expressions would use up the stack.
  server->set_pre_routing_handler([this](const httplib::Request& request,
                                         httplib::Response& response) {
    if (request.path.size() <= kMaxPathBytes)
      return httplib::Server::HandlerResponse::Unhandled;
    Send(ErrorAnswer(414, "uri-too-long", "the path is too long"), response);
    return httplib::Server::HandlerResponse::Handled;
  });
  const auto without_body = [this](const httplib::Request& request,
                                   httplib::Response& response) {
    Handle(request, response, nullptr);
  };
  const auto with_body = [this](const httplib::Request& request,
                                httplib::Response& response,
                                const httplib::ContentReader& reader) {
    Handle(request, response, &reader);
  };
  server->Get(".*", without_body);
  server->Options(".*", without_body);
  server->Post(".*", with_body);
  server->Put(".*", with_body);
  server->Patch(".*", with_body);
  server->Delete(".*", with_body);
  // What the library refuses by itself: a request that is none.
  server->set_error_handler(
      [this](const httplib::Request&, httplib::Response& response) {
        if (!response.body.empty()) return;
        const int status = response.status;
        Send(ErrorAnswer(status, "bad-request", "this is no HTTP request"),
             response);
      });
  server->set_exception_handler([this](const httplib::Request&,
                                       httplib::Response& response,
                                       std::exception_ptr) {
    spdlog::error("api: an exception has left a handler");
    Send(ErrorAnswer({Code::kInternal, ""}), response);
  });
}

// Of the response, an object of the library's, all is set here.
void ApiServer::State::Send(Answer answer, httplib::Response& response) {
  response.status = answer.status;
  for (const auto& [name, value] : answer.headers)
    response.set_header(name, value);
  response.set_header("Cache-Control", "no-store");
  response.set_header("X-Content-Type-Options", "nosniff");
  if (!answer.stream) {
    if (answer.status != 204)
      response.set_content(std::move(answer.body), answer.content_type);
    return;
  }
  Place place = TryTake(streams);
  if (!place) {
    Send(Busy("too many streams of events; ask again later"), response);
    return;
  }
  response.set_chunked_content_provider(
      answer.content_type,
      [place = std::move(place), stream = std::move(answer.stream)](
          size_t, httplib::DataSink& sink) {
        bool is_open = true;
        stream([&](std::string_view piece) {
          is_open = sink.write(piece.data(), piece.size());
          return is_open;
        });
        if (is_open) sink.done();
        return is_open;
      });
}

void ApiServer::State::Handle(const httplib::Request& given,
                              httplib::Response& response,
                              const httplib::ContentReader* reader) {
  BodyReader body(given, reader);
  ApiRequest request = ReadRequest(given);
  request.read_body = [&body](int64_t max_bytes) {
    return body.Read(max_bytes);
  };
  request.stop = stop.get_token();
  Answer answer = Dispatch(given, request);
  body.Drain();
  spdlog::debug("api: {} {} {} {}", given.method, given.path, answer.status,
                request.caller ? request.caller->name : "-");
  Send(std::move(answer), response);
}

// The route of a request, with its ids; null if `refusal` says why there is
// none.
Result<const Route*> ApiServer::State::FindRoute(const httplib::Request& given,
                                                 ApiRequest& request,
                                                 Answer& refusal) const {
  const std::string method = given.method == "HEAD" ? "GET" : given.method;
  std::string others;
  for (const Route& route : routes) {
    auto ids = MatchPath(route.path, given.path);
    if (!ids) continue;
    if (route.method == method) {
      request.ids = *std::move(ids);
      return &route;
    }
    others += fmt::format("{}{}", others.empty() ? "" : ", ", route.method);
  }
  if (others.empty())
    return Fail(Code::kNotFound, "there is nothing here; see /v1/openapi.yaml");
  refusal = ErrorAnswer(405, "method-not-allowed", "here you can " + others);
  refusal.headers["Allow"] = others;
  return nullptr;
}

std::optional<Answer> ApiServer::State::RefuseToken(const Route& route,
                                                    ApiRequest& request) {
  const std::string secret = BearerOf(request);
  if (secret.empty()) return Unauthenticated();
  auto found = backend.tokens->Find(secret);
  if (!found) return ErrorAnswer(found.error());
  if (!*found) return Unauthenticated();
  request.caller = **std::move(found);
  const auto wait = token_rate.Take(request.caller->id);
  if (wait > 0ms) return TooMany(wait, "too many requests with this token");
  const auto needed = [&] {
    switch (route.access) {
      case Access::kOpen:
      case Access::kMetrics:
      case Access::kViewer:
        return platform::Role::kViewer;
      case Access::kOperator:
        return platform::Role::kOperator;
      case Access::kAdmin:
        return platform::Role::kAdmin;
    }
    return platform::Role::kAdmin;
  }();
  if (request.caller->role >= needed) return std::nullopt;
  return ErrorAnswer(403, "forbidden",
                     fmt::format("this needs a token with the role {}",
                                 platform::Name(needed)));
}

std::optional<Answer> ApiServer::State::RefuseCaller(const Route& route,
                                                     ApiRequest& request) {
  switch (route.access) {
    case Access::kOpen:
      return std::nullopt;
    case Access::kMetrics:
      if (backend.metrics_token.empty() ||
          IsSame(backend.metrics_token, BearerOf(request)))
        return std::nullopt;
      return Unauthenticated();
    case Access::kViewer:
    case Access::kOperator:
    case Access::kAdmin:
      return RefuseToken(route, request);
  }
  return Unauthenticated();
}

Answer ApiServer::State::Dispatch(const httplib::Request& given,
                                  ApiRequest& request) {
  const auto wait = address_rate.Take(given.remote_addr);
  if (wait > 0ms) return TooMany(wait, "too many requests from this address");
  if (given.headers.size() > kMaxHeaders)
    return ErrorAnswer(431, "too-many-headers", "too many header fields");
  if (const Status status = CheckRequest(given); !status)
    return ErrorAnswer(status.error());
  Answer refusal;
  const auto route = FindRoute(given, request, refusal);
  if (!route) return ErrorAnswer(route.error());
  if (*route == nullptr) return refusal;
  if (auto refused = RefuseCaller(**route, request)) return *std::move(refused);
  Place place;
  if ((*route)->load == Load::kUpload) {
    place = TryTake(uploads);
    if (!place) return Busy("too many uploads at a time; send it again later");
  }
  auto answer = (*route)->handle(backend, request);
  if (answer) return *std::move(answer);
  if (HttpStatus(answer.error().code) >= 500) {
    spdlog::error("api: {} {}: {}", given.method, given.path,
                  answer.error().message);
  }
  return ErrorAnswer(answer.error());
}

ApiServer::ApiServer(std::unique_ptr<State> state) : state_(std::move(state)) {}
ApiServer::ApiServer(ApiServer&&) noexcept = default;
ApiServer::~ApiServer() = default;

Result<ApiServer> ApiServer::Open(const ApiOptions& options,
                                  const ApiBackend& backend) {
  auto state = std::make_unique<State>(options, backend);
  REEL_TRY(state->Listen());
  return ApiServer(std::move(state));
}

const std::string& ApiServer::address() const { return state_->address; }

Status ApiServer::Run(std::stop_token stop) {
  std::stop_callback end_streams(stop, [this] { state_->stop.request_stop(); });
  return http::ServeUntil(std::move(stop), *state_->server, state_->address);
}

}  // namespace reel::service::api
