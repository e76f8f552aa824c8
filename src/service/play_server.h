// The web server of `reel play`: a finished title and the page that plays it.
//   /          the page
//   /console/  the page's own files
//   elsewhere  the title's directory, with byte ranges, without hidden files
#pragma once

#include <memory>
#include <stop_token>
#include <string>

#include "base/result.h"

namespace httplib {
class Server;
}

namespace reel::service {

struct PlayOptions {
  std::string title_directory;
  std::string console_directory;  // player.html and what it loads
  std::string host = "127.0.0.1";
  int port = 0;  // 0: any free one
};

class PlayServer {
 public:
  // Binds the port. Errors: kNotFound if a directory holds no title or no page,
  // kInvalidArgument if the address cannot be bound.
  static base::Result<PlayServer> Open(const PlayOptions& options);
  PlayServer(PlayServer&&) noexcept;
  ~PlayServer();

  std::string address() const { return address_; }  // "http://127.0.0.1:8080/"
  // Serves until a stop is requested. Errors: kIo if the socket fails.
  base::Status Serve(std::stop_token stop);

 private:
  PlayServer(std::unique_ptr<httplib::Server> server, std::string address);
  std::unique_ptr<httplib::Server> server_;
  std::string address_;
};

}  // namespace reel::service
