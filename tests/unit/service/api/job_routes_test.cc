#include <gtest/gtest.h>

#include "model/recipe.h"
#include "testing/api_service.h"

namespace reel::service::api {
namespace {

using base::Json;
using platform::JobEvent;

class JobRoutesTest : public testing::ApiService {};

TEST_F(JobRoutesTest, ASubmittedJobIsShown) {
  const Response made =
      Post("/v1/jobs", {{"source", "s3://masters/a%20film.mov"},
                        {"title", "A Film"},
                        {"recipe", "fixed"},
                        {"priority", "now"},
                        {"deadline", "2026-12-24T18:00:00+01:00"},
                        {"webhook", "https://masters.example.org/hook"}});
  ASSERT_EQ(made.status, 201) << made.text;
  const std::string id = made.json.at("id");
  EXPECT_EQ(made.headers.find("Location")->second, "/v1/jobs/" + id);
  const Json job = Get("/v1/jobs/" + id).json;
  EXPECT_EQ(job, made.json);
  EXPECT_EQ(job.at("title"), "A Film");
  EXPECT_EQ(job.at("recipe"), "fixed");
  EXPECT_EQ(job.at("priority"), "now");
  EXPECT_EQ(job.at("deadline"), "2026-12-24T17:00:00.000Z");
  EXPECT_EQ(job.at("has_webhook"), true);
  EXPECT_EQ(job.at("state"), "queued");
  EXPECT_EQ(job.at("submitted_by"), "admin");
  EXPECT_EQ(job.at("tasks").at("done"), 0);
  EXPECT_EQ(job.at("progress"), 0);
  const auto kept = board_->Find(id).value();
  EXPECT_NE(kept->spec.recipe.find("mode"), std::string::npos);
  EXPECT_EQ(kept->spec.trace.size(), 32U);
}

TEST_F(JobRoutesTest, TheSourceNamesTheTitle) {
  const std::string id = Submit({{"source", "s3://masters/2026/film.v2.mov"}});
  EXPECT_EQ(Get("/v1/jobs/" + id).json.at("title"), "film.v2");
}

TEST_F(JobRoutesTest, ASignedSourceIsNotShownWhole) {
  const std::string id = Submit(
      {{"source", "https://masters.example.org/a.mov?X-Amz-Signature=5ec3e7"}});
  const Response job = Get("/v1/jobs/" + id);
  EXPECT_EQ(job.json.at("source"), "https://masters.example.org/a.mov");
  EXPECT_EQ(job.text.find("5ec3e7"), std::string::npos);
  EXPECT_NE(board_->Find(id).value()->spec.source.find("5ec3e7"),
            std::string::npos);
}

TEST_F(JobRoutesTest, TheTraceOfTheClientGoesOn) {
  const std::string trace = "4bf92f3577b34da6a3ce929d0e0e4736";
  const Response made =
      Post("/v1/jobs", {{"source", "s3://masters/film.mov"}},
           {{"traceparent", "00-" + trace + "-00f067aa0ba902b7-01"}});
  EXPECT_EQ(made.json.at("trace"), trace);
}

TEST_F(JobRoutesTest, ARecipeMayBeSent) {
  const std::string toml =
      "# mine\n" + std::string(*model::BuiltInRecipeText("fixed"));
  const std::string id = Submit({{"recipe_toml", toml}, {"recipe", "mine"}});
  const auto job = board_->Find(id).value();
  ASSERT_TRUE(job);
  EXPECT_EQ(job->spec.recipe, toml);
  EXPECT_EQ(job->spec.recipe_name, "mine");
}

TEST_F(JobRoutesTest, WhatIsWrongIsSaid) {
  const Json good = {{"source", "s3://masters/film.mov"}};
  const struct {
    Json change;
    const char* said;
  } cases[] = {
      {{{"source", nullptr}}, "source"},
      {{{"source", 5}}, "source"},
      {{{"source", "/etc/passwd"}}, "upload"},
      {{{"source", "https://intranet.example.org/"}}, "private"},
      {{{"source", "https://nowhere.example.org/"}}, "not found"},
      {{{"source", "s3://masters/a\nb"}}, "control"},
      {{{"upload", "u1"}}, "either"},
      {{{"title", std::string(201, 'x')}}, "title"},
      {{{"recipe", "/etc/passwd"}}, "recipe"},
      {{{"recipe_toml", "mode = \"wrong\""}}, "video is missing"},
      {{{"recipe_toml", "a = ["}}, "recipe"},
      {{{"priority", "soon"}}, "priority"},
      {{{"deadline", "tomorrow"}}, "deadline"},
      {{{"webhook", "https://intranet.example.org/"}}, "webhook"},
      {{{"webhook", "s3://masters/hook"}}, "webhook"},
      {{{"titel", "x"}}, "titel"},
  };
  for (const auto& [change, said] : cases) {
    Json body = good;
    body.update(change);
    const Response response = Post("/v1/jobs", body);
    EXPECT_EQ(response.status, 400) << body;
    EXPECT_EQ(CodeOf(response), "invalid-argument") << body;
    EXPECT_NE(response.text.find(said), std::string::npos) << response.text;
  }
  EXPECT_EQ(Get("/v1/jobs").json.at("jobs").size(), 0U);
}

TEST_F(JobRoutesTest, ABodyThatIsNoObjectIsRefused) {
  for (const char* body : {"", "[]", "null", "{", "\"text\"", "{\"a\":1}}",
                           "{\"source\":\"\xff\"}"}) {
    const Response response = Send("POST", "/v1/jobs", body);
    EXPECT_EQ(response.status, 400) << body;
  }
}

TEST_F(JobRoutesTest, TheSameKeyIsTheSameJob) {
  const httplib::Headers key = {{"Idempotency-Key", "order 7"}};
  const Json body = {{"source", "s3://masters/film.mov"}};
  const Response first = Post("/v1/jobs", body, key);
  const Response again = Post("/v1/jobs", body, key);
  EXPECT_EQ(first.status, 201);
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(again.json.at("id"), first.json.at("id"));
  const Response other =
      Post("/v1/jobs", {{"source", "s3://masters/other.mov"}}, key);
  EXPECT_EQ(other.status, 409);
  EXPECT_EQ(CodeOf(other), "conflict");
  EXPECT_EQ(Post("/v1/jobs", body, {{"Idempotency-Key", std::string(201, 'x')}})
                .status,
            400);
}

TEST_F(JobRoutesTest, ListsPageByPageTheNewestFirst) {
  std::vector<std::string> ids;
  for (int n = 0; n < 5; ++n)
    ids.push_back(Submit({{"title", "film " + std::to_string(n)}}));
  std::vector<std::string> seen;
  std::string before;
  for (int page = 0; page < 4 && page * 2 < 6; ++page) {
    const Json answer = Get("/v1/jobs?limit=2&before=" + before).json;
    for (const Json& job : answer.at("jobs")) seen.push_back(job.at("id"));
    if (answer.at("next").is_null()) break;
    before = answer.at("next");
  }
  std::ranges::sort(ids, std::greater<>());
  EXPECT_EQ(seen, ids);
}

TEST_F(JobRoutesTest, ListsWhatIsAskedFor) {
  const std::string now = Submit({{"priority", "now"}, {"title", "Alpha"}});
  const std::string bulk = Submit({{"priority", "bulk"}, {"title", "Beta"}});
  ASSERT_EQ(Send("POST", "/v1/jobs/" + bulk + "/cancel").status, 200);
  const auto ids = [&](const std::string& query) {
    std::string text;
    const Response answer = Get("/v1/jobs?" + query);
    EXPECT_EQ(answer.status, 200) << answer.text;
    for (const Json& job : answer.json.at("jobs"))
      text += job.at("id") == now ? "n" : "b";
    return text;
  };
  EXPECT_EQ(ids("priority=now"), "n");
  EXPECT_EQ(ids("state=cancelled"), "b");
  EXPECT_EQ(ids("title=alph"), "n");
  EXPECT_EQ(ids("title=a"), "bn");
}

TEST_F(JobRoutesTest, AWrongFilterIsRefused) {
  for (const char* query :
       {"state=odd", "priority=soon", "limit=0", "limit=501", "limit=x",
        "limit=1x", "stat=done", "title=%00", "title=%ff"})
    EXPECT_EQ(Get(std::string("/v1/jobs?") + query).status, 400) << query;
}

TEST_F(JobRoutesTest, AnUnknownJobIsNotFound) {
  for (const char* path :
       {"/v1/jobs/j1", "/v1/jobs/j1/tasks", "/v1/jobs/j1/tasks/t/attempts",
        "/v1/jobs/j1/report", "/v1/jobs/j1/artifacts", "/v1/jobs/j1/events"}) {
    const Response response = Get(path);
    EXPECT_EQ(response.status, 404) << path;
    EXPECT_EQ(CodeOf(response), "not-found") << path;
  }
  EXPECT_EQ(Send("POST", "/v1/jobs/j1/cancel").status, 404);
  EXPECT_EQ(Send("POST", "/v1/jobs/j1/retry").status, 404);
}

TEST_F(JobRoutesTest, AJobIsCancelledOnce) {
  const std::string id = Submit();
  const Response cancelled = Send("POST", "/v1/jobs/" + id + "/cancel");
  EXPECT_EQ(cancelled.status, 200);
  EXPECT_EQ(cancelled.json.at("state"), "cancelled");
  EXPECT_EQ(Send("POST", "/v1/jobs/" + id + "/cancel").status, 409);
}

TEST_F(JobRoutesTest, OnlyWhatFailedIsTriedAgain) {
  const std::string id = Submit();
  EXPECT_EQ(Send("POST", "/v1/jobs/" + id + "/retry").status, 409);
  End(id, JobEvent::kFail, "", base::Error{base::Code::kIo, "disk is gone"});
  const Json failed = Get("/v1/jobs/" + id).json;
  EXPECT_EQ(failed.at("state"), "failed");
  EXPECT_EQ(failed.at("error").at("code"), "io");
  EXPECT_EQ(failed.at("error").at("message"), "disk is gone");
  const Response again = Send("POST", "/v1/jobs/" + id + "/retry");
  EXPECT_EQ(again.status, 200) << again.text;
  EXPECT_EQ(again.json.at("error"), nullptr);
}

constexpr char kResult[] = R"({
  "report": {"title": "film"},
  "files": {"master.m3u8": {"digest": "d1", "size_bytes": 10},
            "video/a.mp4": {"digest": "d2", "size_bytes": 990}},
  "page": "https://titles.example.org/film/"})";

TEST_F(JobRoutesTest, AFinishedTitleHasReportAndFiles) {
  const std::string id = Submit();
  EXPECT_EQ(Get("/v1/jobs/" + id + "/report").status, 409);
  EXPECT_EQ(Get("/v1/jobs/" + id + "/artifacts").status, 409);
  End(id, JobEvent::kFinish, kResult);
  const Json job = Get("/v1/jobs/" + id).json;
  EXPECT_EQ(job.at("state"), "done");
  EXPECT_EQ(job.at("progress"), 1);
  EXPECT_EQ(job.at("result"),
            (Json{{"files", 2},
                  {"size_bytes", 1000},
                  {"page", "https://titles.example.org/film/"}}));
  EXPECT_EQ(Get("/v1/jobs/" + id + "/report").json, (Json{{"title", "film"}}));
  const Json files = Get("/v1/jobs/" + id + "/artifacts").json.at("files");
  ASSERT_EQ(files.size(), 2U);
  EXPECT_EQ(files[1], (Json{{"path", "video/a.mp4"},
                            {"digest", "d2"},
                            {"size_bytes", 990},
                            {"url", "https://store.example.org/d2?signed"}}));
}

TEST_F(JobRoutesTest, ARejectedSourceHasAReport) {
  const std::string id = Submit();
  End(id, JobEvent::kFail, R"({"report": {"verdict": "reject"}})",
      base::Error{base::Code::kRejected, "no video"});
  EXPECT_EQ(Get("/v1/jobs/" + id + "/report").json.at("verdict"), "reject");
  EXPECT_EQ(Get("/v1/jobs/" + id + "/artifacts").status, 409);
}

TEST_F(JobRoutesTest, WithoutAReportItsInspectionIsTold) {
  const std::string id = Submit();
  End(id, JobEvent::kFail, R"({"inspection": {"verdict": "reject"}})",
      base::Error{base::Code::kRejected, "no video"});
  EXPECT_EQ(Get("/v1/jobs/" + id + "/report").json.at("verdict"), "reject");
}

TEST_F(JobRoutesTest, AnEstimateIsGivenBeforeAJobIsSubmitted) {
  const Response estimate =
      Post("/v1/estimate", {{"source", "s3://masters/film.mov"}});
  EXPECT_EQ(estimate.status, 200) << estimate.text;
  EXPECT_EQ(
      estimate.json,
      (Json{{"cpu_hours", 2.0}, {"size_bytes", 1'000'000}, {"seconds", 60.0}}));
  EXPECT_EQ(Post("/v1/estimate", {{"source", "nowhere"}}).status, 400);
  EXPECT_EQ(Post("/v1/estimate", {{"priority", "now"}}).status, 400);
}

TEST_F(JobRoutesTest, AServiceMayGiveNoEstimates) {
  backend_.estimate = nullptr;
  EXPECT_EQ(Post("/v1/estimate", {{"source", "s3://masters/film.mov"}}).status,
            422);
}

TEST_F(JobRoutesTest, AJobWithoutTasksHasAnEmptyTree) {
  const std::string id = Submit();
  EXPECT_EQ(Get("/v1/jobs/" + id + "/tasks").json,
            (Json{{"services", Json::array()}, {"next", nullptr}}));
  EXPECT_EQ(Get("/v1/jobs/" + id + "/tasks?state=odd").status, 400);
  EXPECT_EQ(Get("/v1/jobs/" + id + "/tasks?limit=1001").status, 400);
}

}  // namespace
}  // namespace reel::service::api
