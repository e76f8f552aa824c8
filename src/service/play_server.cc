#include "service/play_server.h"

#include <fmt/format.h>
#include <httplib.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

#include "base/file.h"
#include "base/json.h"
#include "service/byte_range.h"
#include "service/served_file.h"

namespace reel::service {
namespace {

using namespace std::chrono_literals;

constexpr int kThreads = 32;  // a browser keeps 6 connections a tab
constexpr int64_t kPieceBytes = 256 << 10;

// Nothing but this server is asked for anything; media arrives through blobs.
constexpr const char* kContentSecurityPolicy =
    "default-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; media-src 'self' blob:; worker-src 'self' "
    "blob:; connect-src 'self' data: blob:; frame-ancestors 'none'";

void SetError(httplib::Response& response, int status, base::Code code,
              const std::string& message) {
  const base::Json body = {
      {"error", {{"code", base::CodeName(code)}, {"message", message}}}};
  response.status = status;
  response.set_content(base::DumpJson(body), "application/json");
}

// Sends `range` of `file` piece by piece.
httplib::ContentProvider Provide(base::File file, ByteRange range) {
  // std::function must be copyable.
  auto shared = std::make_shared<const base::File>(std::move(file));
  return
      [shared, range](size_t offset, size_t length, httplib::DataSink& sink) {
        std::vector<uint8_t> piece(
            std::min(static_cast<int64_t>(length), kPieceBytes));
        const auto read =
            shared->ReadAt(range.first + static_cast<int64_t>(offset), piece);
        if (!read || *read == 0) return false;  // it shrank: end the connection
        return sink.write(reinterpret_cast<const char*>(piece.data()), *read);
      };
}

base::Status SendFile(const std::string& path, const httplib::Request& request,
                      httplib::Response& response) {
  REEL_ASSIGN(base::File file, base::File::OpenForReading(path));
  REEL_ASSIGN(const int64_t size, file.Size());
  const RangeAnswer answer =
      AnswerRange(request.get_header_value("Range"), size);
  // The library applies ranges on its own, and in some versions beyond the end
  // of the file: it must see none. The request is an object of the library's,
  // not const itself.
  const_cast<httplib::Request&>(request).ranges.clear();
  response.status = answer.status;
  response.set_header("Accept-Ranges", "bytes");
  if (!answer.content_range.empty())
    response.set_header("Content-Range", answer.content_range);
  if (answer.range.bytes() > 0) {
    response.set_content_provider(static_cast<size_t>(answer.range.bytes()),
                                  MimeType(path),
                                  Provide(std::move(file), answer.range));
  } else {
    response.set_content("", MimeType(path));
  }
  return {};
}

void Serve(const std::string& root, const std::string& url_path,
           const httplib::Request& request, httplib::Response& response) {
  const auto path = FindServedFile(root, url_path);
  const base::Status sent = path ? SendFile(*path, request, response)
                                 : base::Status(tl::unexpected(path.error()));
  if (sent) return;
  const bool missing = sent.error().code == base::Code::kNotFound;
  SetError(response, missing ? 404 : 500, sent.error().code,
           sent.error().message);
}

void SetRoutes(httplib::Server& server, const PlayOptions& options) {
  server.set_default_headers({
      {"Access-Control-Allow-Origin", "*"},  // players on other pages
      {"Access-Control-Allow-Headers", "Range"},
      {"Access-Control-Expose-Headers", "Content-Length, Content-Range"},
      {"Cache-Control", "no-cache"},  // a title may be encoded again
      {"X-Content-Type-Options", "nosniff"},
  });
  server.Get(
      "/", [console = options.console_directory](
               const httplib::Request& request, httplib::Response& response) {
        response.set_header("Content-Security-Policy", kContentSecurityPolicy);
        Serve(console, "/player.html", request, response);
      });
  server.Get("/console/(.+)",
             [console = options.console_directory](
                 const httplib::Request& request, httplib::Response& response) {
               Serve(console, request.matches[1].str(), request, response);
             });
  server.Get("/(.+)",
             [title = options.title_directory](const httplib::Request& request,
                                               httplib::Response& response) {
               Serve(title, request.path, request, response);
             });
  server.Options(".*",
                 [](const httplib::Request&, httplib::Response& response) {
                   response.status = 204;
                 });
}

base::Status CheckDirectories(const PlayOptions& options) {
  if (!FindServedFile(options.title_directory, "master.m3u8")) {
    return base::Fail(base::Code::kNotFound,
                      options.title_directory +
                          ": no finished title there (no master.m3u8); make "
                          "one with `reel encode`");
  }
  for (const char* file : {"player.html", "shaka-player.js"}) {
    if (!FindServedFile(options.console_directory, file)) {
      return base::Fail(
          base::Code::kNotFound,
          fmt::format("{}: the player page lacks {}; `./run build` puts it "
                      "there",
                      options.console_directory, file));
    }
  }
  return {};
}

// The library's default, SO_REUSEPORT, would let a second server share the
// port unnoticed.
void ReuseAddressOnly(socket_t socket) {
  const int yes = 1;
  ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
}

}  // namespace

PlayServer::PlayServer(std::unique_ptr<httplib::Server> server,
                       std::string address)
    : server_(std::move(server)), address_(std::move(address)) {}
PlayServer::PlayServer(PlayServer&&) noexcept = default;
PlayServer::~PlayServer() = default;

base::Result<PlayServer> PlayServer::Open(const PlayOptions& options) {
  REEL_TRY(CheckDirectories(options));
  auto server = std::make_unique<httplib::Server>();
  server->new_task_queue = [] { return new httplib::ThreadPool(kThreads); };
  server->set_socket_options(ReuseAddressOnly);
  server->set_tcp_nodelay(true);
  SetRoutes(*server, options);
  int port = options.port;
  if (port == 0) {
    port = server->bind_to_any_port(options.host);
  } else if (!server->bind_to_port(options.host, port)) {
    port = -1;
  }
  if (port < 0) {
    return base::Fail(
        base::Code::kInvalidArgument,
        fmt::format("cannot listen on {} port {}: taken, or not an address of "
                    "this machine; choose others with --host and --port",
                    options.host, options.port));
  }
  const bool is_ipv6 = options.host.find(':') != std::string::npos;
  const std::string host = is_ipv6 ? "[" + options.host + "]" : options.host;
  return PlayServer(std::move(server),
                    fmt::format("http://{}:{}/", host, port));
}

base::Status PlayServer::Serve(std::stop_token stop) {
  if (stop.stop_requested()) return {};
  std::atomic<bool> ended = false;
  // The library forgets a stop that comes before its loop has started.
  std::stop_callback on_stop(stop, [&] {
    while (!server_->is_running() && !ended) std::this_thread::sleep_for(1ms);
    server_->stop();
  });
  const bool served = server_->listen_after_bind();
  ended = true;
  if (served || stop.stop_requested()) return {};
  return base::Fail(base::Code::kIo,
                    address_ + ": the listening socket failed");
}

}  // namespace reel::service
