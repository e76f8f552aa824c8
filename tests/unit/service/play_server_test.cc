#include "service/play_server.h"

#include <gtest/gtest.h>
#include <httplib.h>

#include <filesystem>
#include <fstream>
#include <optional>
#include <thread>

#include "testing/temp_dir.h"

namespace reel::service {
namespace {

namespace fs = std::filesystem;

// A title of three files, served for the length of a test.
class PlayServerTest : public ::testing::Test {
 protected:
  PlayServerTest() {
    for (const char* folder : {"/title/video", "/title/.reel", "/console"})
      fs::create_directories(dir_.path() + folder);
    Write("title/master.m3u8", "#EXTM3U\n");
    Write("title/video/a.mp4", "0123456789");
    Write("title/.reel/state", "secret");
    Write("console/player.html", "<!doctype html>");
    Write("console/shaka-player.js", "//");
  }
  void Write(const std::string& name, const std::string& text) {
    std::ofstream(dir_.path() + "/" + name) << text;
  }
  PlayOptions Options() const {
    return {.title_directory = dir_.path() + "/title",
            .console_directory = dir_.path() + "/console"};
  }
  httplib::Client Start() {
    auto server = PlayServer::Open(Options());
    EXPECT_TRUE(server.has_value()) << server.error().message;
    server_.emplace(*std::move(server));
    thread_ = std::jthread(
        [this](std::stop_token stop) { EXPECT_TRUE(server_->Serve(stop)); });
    return httplib::Client(
        server_->address().substr(0, server_->address().size() - 1));
  }

  testing::TempDir dir_;
  std::optional<PlayServer> server_;
  std::jthread thread_;  // stops and joins first
};

TEST_F(PlayServerTest, ServesThePageAndTheTitle) {
  auto client = Start();
  const auto page = client.Get("/");
  ASSERT_TRUE(page);
  EXPECT_EQ(page->body, "<!doctype html>");
  EXPECT_EQ(page->get_header_value("Content-Type"), "text/html; charset=utf-8");
  const auto script = client.Get("/console/shaka-player.js");
  ASSERT_TRUE(script);
  EXPECT_EQ(script->body, "//");
  const auto media = client.Get("/video/a.mp4");
  ASSERT_TRUE(media);
  EXPECT_EQ(media->status, 200);
  EXPECT_EQ(media->body, "0123456789");
  EXPECT_EQ(media->get_header_value("Content-Type"), "video/mp4");
  EXPECT_EQ(media->get_header_value("Access-Control-Allow-Origin"), "*");
}

TEST_F(PlayServerTest, ServesByteRanges) {
  auto client = Start();
  const auto part = client.Get("/video/a.mp4", {{"Range", "bytes=2-4"}});
  ASSERT_TRUE(part);
  EXPECT_EQ(part->status, 206);
  EXPECT_EQ(part->body, "234");
  EXPECT_EQ(part->get_header_value("Content-Range"), "bytes 2-4/10");
  const auto suffix = client.Get("/video/a.mp4", {{"Range", "bytes=-2"}});
  ASSERT_TRUE(suffix);
  EXPECT_EQ(suffix->status, 206);
  EXPECT_EQ(suffix->body, "89");
}

TEST_F(PlayServerTest, CutsARangeToTheFile) {
  auto client = Start();
  const auto part = client.Get("/video/a.mp4", {{"Range", "bytes=8-5000"}});
  ASSERT_TRUE(part);
  EXPECT_EQ(part->status, 206);
  EXPECT_EQ(part->body, "89");
  EXPECT_EQ(part->get_header_value("Content-Length"), "2");
}

TEST_F(PlayServerTest, RefusesARangeBehindTheEnd) {
  auto client = Start();
  const auto none = client.Get("/video/a.mp4", {{"Range", "bytes=10-"}});
  ASSERT_TRUE(none);
  EXPECT_EQ(none->status, 416);
  EXPECT_EQ(none->get_header_value("Content-Range"), "bytes */10");
}

TEST_F(PlayServerTest, HeadTellsTheSizeAlone) {
  auto client = Start();
  const auto head = client.Head("/video/a.mp4");
  ASSERT_TRUE(head);
  EXPECT_EQ(head->status, 200);
  EXPECT_EQ(head->get_header_value("Content-Length"), "10");
  EXPECT_EQ(head->get_header_value("Accept-Ranges"), "bytes");
  EXPECT_EQ(head->body, "");
}

TEST_F(PlayServerTest, AllowsPlayersOnOtherPagesToAskForRanges) {
  auto client = Start();
  const auto options = client.Options("/video/a.mp4");
  ASSERT_TRUE(options);
  EXPECT_EQ(options->status, 204);
  EXPECT_EQ(options->get_header_value("Access-Control-Allow-Headers"), "Range");
}

TEST_F(PlayServerTest, HidesStateAndWhatIsNotThere) {
  auto client = Start();
  for (const char* path :
       {"/.reel/state", "/%2e%2e/console/player.html", "/nothing", "/video",
        "/console/../title/.reel/state", "/console/%2e%2e/title/master.m3u8"}) {
    const auto response = client.Get(path);
    ASSERT_TRUE(response) << path;
    EXPECT_EQ(response->status, 404) << path;
    EXPECT_NE(response->body.find("\"not-found\""), std::string::npos) << path;
  }
}

TEST_F(PlayServerTest, ADirectoryWithoutATitleIsNotFound) {
  fs::remove(dir_.path() + "/title/master.m3u8");
  const auto server = PlayServer::Open(Options());
  ASSERT_FALSE(server.has_value());
  EXPECT_EQ(server.error().code, base::Code::kNotFound);
  EXPECT_NE(server.error().message.find("reel encode"), std::string::npos);
}

TEST_F(PlayServerTest, ATakenPortIsSaid) {
  Start();
  PlayOptions options = Options();
  const std::string address = server_->address();
  options.port = std::stoi(address.substr(address.rfind(':') + 1));
  const auto second = PlayServer::Open(options);
  ASSERT_FALSE(second.has_value());
  EXPECT_NE(second.error().message.find("--port"), std::string::npos);
}

}  // namespace
}  // namespace reel::service
