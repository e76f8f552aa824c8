#include "service/play_server.h"

#include <fmt/format.h>
#include <httplib.h>

#include <algorithm>
#include <vector>

#include "base/byte_source.h"
#include "base/json.h"
#include "service/byte_range.h"
#include "service/http/listener.h"
#include "service/served_file.h"

namespace reel::service {
namespace {

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
httplib::ContentProvider Provide(std::unique_ptr<base::ByteSource> file,
                                 ByteRange range) {
  // std::function must be copyable.
  std::shared_ptr<const base::ByteSource> shared = std::move(file);
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

// The file below a directory, or below a URL, that a decoded URL path names.
base::Result<std::string> Find(const std::string& root,
                               const std::string& url_path) {
  if (!base::IsRemote(root)) return FindServedFile(root, url_path);
  if (IsHiddenPath(url_path))
    return base::Fail(base::Code::kNotFound, url_path + ": no such file");
  return root + "/" + url_path.substr(url_path.find_first_not_of('/'));
}

base::Status SendFile(const std::string& path, const httplib::Request& request,
                      httplib::Response& response) {
  REEL_ASSIGN(auto file, base::OpenByteSource(path));
  REEL_ASSIGN(const int64_t size, file->Size());
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
  const auto path = Find(root, url_path);
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
  const auto master = Find(options.title_directory, "master.m3u8");
  const auto found = master ? base::OpenByteSource(*master).map([](auto&&) {})
                            : base::Status(tl::unexpected(master.error()));
  if (!found && found.error().code != base::Code::kNotFound) return found;
  if (!found) {
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
  SetRoutes(*server, options);
  REEL_ASSIGN(const std::string address,
              http::Bind(*server, "http", options.host, options.port));
  return PlayServer(std::move(server), address + "/");
}

base::Status PlayServer::Serve(std::stop_token stop) {
  return http::ServeUntil(std::move(stop), *server_, address_);
}

}  // namespace reel::service
