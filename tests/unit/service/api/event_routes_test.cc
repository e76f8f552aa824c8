#include <gtest/gtest.h>

#include <sstream>

#include "testing/api_service.h"

namespace reel::service::api {
namespace {

using platform::JobEvent;

class EventRoutesTest : public testing::ApiService {
 protected:
  // "submitted started done" of a stream.
  static std::string KindsOf(const std::string& text) {
    std::istringstream lines(text);
    std::string kinds;
    for (std::string line; std::getline(lines, line);) {
      if (line.starts_with("event: ") && line != "event: progress")
        kinds += (kinds.empty() ? "" : " ") + line.substr(7);
    }
    return kinds;
  }
  static std::string LastIdOf(const std::string& text) {
    const size_t at = text.rfind("id: ");
    return text.substr(at + 4, text.find('\n', at) - at - 4);
  }
  std::string PathOf(const std::string& id) {
    return "/v1/jobs/" + id + "/events";
  }
};

TEST_F(EventRoutesTest, AnEndedJobIsToldAndTheStreamEnds) {
  const std::string id = Submit();
  End(id, JobEvent::kFinish);
  const Response told = Get(PathOf(id));
  EXPECT_EQ(told.status, 200);
  EXPECT_EQ(told.headers.find("Content-Type")->second, "text/event-stream");
  EXPECT_TRUE(KindsOf(told.text).starts_with("submitted")) << told.text;
  EXPECT_TRUE(KindsOf(told.text).ends_with("done")) << told.text;
}

TEST_F(EventRoutesTest, AStreamGoesOnAfterTheLastEvent) {
  const std::string id = Submit();
  const auto led = Lead(id);
  ASSERT_TRUE(board_->AddEvent(led, "stage", R"({"stage": "encode"})"));
  ASSERT_TRUE(board_->Cancel(id));
  const Response all = Get(PathOf(id));
  const std::string first = all.text.substr(
      all.text.find("id: ") + 4,
      all.text.find('\n', all.text.find("id: ")) - all.text.find("id: ") - 4);
  const Response rest = Get(PathOf(id), {{"Last-Event-ID", first}});
  EXPECT_EQ("submitted " + KindsOf(rest.text), KindsOf(all.text));
  EXPECT_NE(rest.text.find(R"("data":{"stage":"encode"})"), std::string::npos);
  const Response same = Get(PathOf(id) + "?after=" + first);
  EXPECT_EQ(KindsOf(same.text), KindsOf(rest.text));
}

TEST_F(EventRoutesTest, ProgressIsToldWhenItChanges) {
  const std::string id = Submit();
  End(id, JobEvent::kFinish);
  const Response told = Get(PathOf(id));
  const size_t at = told.text.find("event: progress\n");
  ASSERT_NE(at, std::string::npos);
  EXPECT_EQ(told.text.find("event: progress\n", at + 1), std::string::npos);
  EXPECT_NE(told.text.find(R"("state":"done")", at), std::string::npos);
}

TEST_F(EventRoutesTest, WhenAllIsToldABrowserNeedNotAskAgain) {
  const std::string id = Submit();
  ASSERT_TRUE(board_->Cancel(id));
  const Response told = Get(PathOf(id));
  EXPECT_EQ(Get(PathOf(id), {{"Last-Event-ID", LastIdOf(told.text)}}).status,
            204);
}

TEST_F(EventRoutesTest, EventsAreToldAsTheyCome) {
  const std::string id = Submit();
  httplib::Client client(server_->address());
  std::string heard;
  client.Get(PathOf(id),
             {{"Authorization", "Bearer " + SecretOf(platform::Role::kViewer)}},
             [&](const char* data, size_t size) {
               heard.append(data, size);
               if (KindsOf(heard) == "submitted") {
                 EXPECT_TRUE(board_->Cancel(id));
               }
               return true;
             });
  EXPECT_EQ(KindsOf(heard), "submitted cancelled");
}

TEST_F(EventRoutesTest, StreamsAreBoundedAndEndWithTheServer) {
  options_.max_streams = 1;
  const std::string id = Submit();
  const httplib::Headers admin = {
      {"Authorization", "Bearer " + SecretOf(platform::Role::kAdmin)}};
  httplib::Client client(server_->address());
  bool refused = false;
  const auto result = client.Get("/v1/events", admin, [&](const char*, size_t) {
    if (refused) return true;
    const Response second = Get("/v1/events");
    EXPECT_EQ(second.status, 503);
    EXPECT_TRUE(second.headers.contains("Retry-After"));
    EXPECT_EQ(Get("/v1/jobs").status, 200);
    refused = true;
    thread_.request_stop();
    return true;
  });
  EXPECT_TRUE(refused);
}

TEST_F(EventRoutesTest, AWrongPlaceToGoOnIsRefused) {
  const std::string id = Submit();
  for (const char* last : {"x", "-1", "1x", "99999999999999999999"})
    EXPECT_EQ(Get(PathOf(id), {{"Last-Event-ID", last}}).status, 400) << last;
  EXPECT_EQ(Get(PathOf(id) + "?after=x").status, 400);
  EXPECT_EQ(Get("/v1/events?afte=1").status, 400);
}

}  // namespace
}  // namespace reel::service::api
