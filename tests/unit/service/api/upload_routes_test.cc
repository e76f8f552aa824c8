#include <gtest/gtest.h>

#include "base/digest.h"
#include "testing/api_service.h"

namespace reel::service::api {
namespace {

using base::Json;

class UploadRoutesTest : public testing::ApiService {
 protected:
  std::string Begin(int64_t size_bytes) {
    const Response begun = Post(
        "/v1/uploads", {{"name", "a film.mov"}, {"size_bytes", size_bytes}});
    EXPECT_EQ(begun.status, 201) << begun.text;
    return begun.headers.find("Location")->second;
  }
  Response PutPart(const std::string& upload, int number,
                   const std::string& bytes) {
    return Send("PUT", upload + "/parts/" + std::to_string(number), bytes,
                {{"Reel-Sha256", base::Sha256(bytes)}});
  }
};

TEST_F(UploadRoutesTest, PartsBecomeASource) {
  const std::string upload = Begin(1500);
  EXPECT_EQ(PutPart(upload, 2, std::string(500, 'b')).status, 200);
  Json shown = Get(upload).json;
  EXPECT_EQ(shown.at("part_bytes"), 1000);
  EXPECT_EQ(shown.at("part_count"), 2);
  ASSERT_EQ(shown.at("parts").size(), 1U);
  EXPECT_EQ(shown.at("parts")[0].at("number"), 2);
  EXPECT_EQ(shown.at("source"), nullptr);
  EXPECT_EQ(Send("POST", upload + "/complete").status, 409);
  EXPECT_EQ(PutPart(upload, 1, std::string(1000, 'a')).status, 200);
  const Response complete = Send("POST", upload + "/complete");
  EXPECT_EQ(complete.status, 200);
  const std::string id = complete.json.at("id");
  EXPECT_EQ(complete.json.at("source"), "s3://memory/" + id + "/a film.mov");
  EXPECT_EQ(uploads_.BytesOf(id),
            std::string(1000, 'a') + std::string(500, 'b'));
  const Response job = Post("/v1/jobs", {{"upload", id}});
  EXPECT_EQ(job.status, 201) << job.text;
  EXPECT_EQ(job.json.at("title"), "a film");
}

TEST_F(UploadRoutesTest, AnIncompleteUploadIsNoSource) {
  const std::string id = Begin(1500).substr(std::string("/v1/uploads/").size());
  EXPECT_EQ(Post("/v1/jobs", {{"upload", id}}).status, 409);
  EXPECT_EQ(Post("/v1/jobs", {{"upload", "u99"}}).status, 404);
}

TEST_F(UploadRoutesTest, ADamagedPartIsRefused) {
  const std::string upload = Begin(1500);
  EXPECT_EQ(Send("PUT", upload + "/parts/1", std::string(1000, 'a'),
                 {{"Reel-Sha256", base::Sha256(std::string(1000, 'b'))}})
                .status,
            400);
  EXPECT_EQ(Send("PUT", upload + "/parts/1", std::string(1000, 'a')).status,
            400);
  EXPECT_EQ(Get(upload).json.at("parts").size(), 0U);
}

TEST_F(UploadRoutesTest, PartsOfAnotherSizeOrNumberAreRefused) {
  const std::string upload = Begin(1500);
  EXPECT_EQ(PutPart(upload, 1, std::string(999, 'a')).status, 400);
  EXPECT_EQ(PutPart(upload, 1, std::string(1001, 'a')).status, 400);
  EXPECT_EQ(PutPart(upload, 0, std::string(1000, 'a')).status, 400);
  EXPECT_EQ(PutPart(upload, 3, std::string(500, 'a')).status, 400);
  EXPECT_EQ(Send("PUT", upload + "/parts/one", "a").status, 404);
}

TEST_F(UploadRoutesTest, AnAbandonedUploadIsForgotten) {
  const std::string upload = Begin(1500);
  EXPECT_EQ(Send("DELETE", upload).status, 204);
  EXPECT_EQ(Get(upload).status, 404);
  EXPECT_EQ(Send("DELETE", upload).status, 404);
  EXPECT_EQ(PutPart(upload, 1, std::string(1000, 'a')).status, 404);
}

TEST_F(UploadRoutesTest, WhatIsWrongIsSaid) {
  for (const Json& body :
       {Json{{"name", "a"}}, Json{{"size_bytes", 5}},
        Json{{"name", "a"}, {"size_bytes", 0}},
        Json{{"name", "a"}, {"size_bytes", -5}},
        Json{{"name", "a"}, {"size_bytes", 1.5}},
        Json{{"name", "a"}, {"size_bytes", "5"}},
        Json{{"name", "a"}, {"size_bytes", UINT64_MAX}},
        Json{{"name", std::string(256, 'a')}, {"size_bytes", 5}}})
    EXPECT_EQ(Post("/v1/uploads", body).status, 400) << body;
}

TEST_F(UploadRoutesTest, AServiceWithoutAStoreTakesNone) {
  backend_.uploads = nullptr;
  EXPECT_EQ(Post("/v1/uploads", {{"name", "a"}, {"size_bytes", 5}}).status,
            404);
  EXPECT_EQ(Post("/v1/jobs", {{"upload", "u1"}}).status, 400);
}

}  // namespace
}  // namespace reel::service::api
