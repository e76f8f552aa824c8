#include "workflow/task_io.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <optional>

#include "base/byte_source.h"
#include "base/digest.h"
#include "base/file.h"
#include "platform/directory_store.h"
#include "testing/temp_dir.h"

namespace reel::workflow {
namespace {

using base::AsBytes;
using base::Code;

class TaskIoTest : public ::testing::Test {
 protected:
  testing::TempDir dir_;
  std::unique_ptr<platform::ObjectStore> store_ =
      platform::DirectoryStore::Open(dir_.path() + "/objects",
                                     dir_.path() + "/tmp")
          .value();
  const std::string scratch_ = dir_.path() + "/tmp/worker";
};

TEST_F(TaskIoTest, OutputsAreStoredAtTheEndAndScratchIsGone) {
  {
    Outputs outputs(*store_, scratch_);
    ASSERT_TRUE(base::WriteFileAtomically(*outputs.NewFile("video/240p.mp4"),
                                          AsBytes("frames")));
    ASSERT_TRUE(outputs.PutJson("facts", {{"frames", 3}}));
    ASSERT_TRUE(outputs.NewTemporary("pass.log"));
    EXPECT_TRUE(store_->List("", 10)->empty());
    const auto artifacts = outputs.Commit();
    ASSERT_TRUE(artifacts);
    EXPECT_EQ(artifacts->at("video/240p.mp4").digest, base::Sha256("frames"));
    EXPECT_EQ(artifacts->at("facts").digest, base::Sha256(R"({"frames":3})"));
  }
  EXPECT_FALSE(std::filesystem::exists(scratch_));
}

TEST_F(TaskIoTest, OutputThatWasPromisedMustBeWritten) {
  Outputs outputs(*store_, scratch_);
  ASSERT_TRUE(outputs.NewFile("video"));
  EXPECT_FALSE(outputs.Commit());
}

TEST_F(TaskIoTest, NamesOfOutputsStayInTheScratchDirectory) {
  Outputs outputs(*store_, scratch_);
  for (const char* name :
       {"", "/etc/passwd", "../up", "a/../../b", "a b", "d/"}) {
    EXPECT_EQ(outputs.NewFile(name).error().code, Code::kInvalidArgument)
        << name;
  }
  ASSERT_TRUE(outputs.NewFile("twice"));
  EXPECT_FALSE(outputs.NewFile("twice"));
}

TEST_F(TaskIoTest, InputsAreFoundByNameAndByPrefix) {
  const auto object = store_->PutBytes(AsBytes(R"({"frames":3})"));
  const std::map<std::string, Input> named = {
      {"chunk/1", *object}, {"chunk/0", *object}, {"other", *object}};
  const Inputs inputs(*store_, named);
  EXPECT_EQ(inputs.NamesWithPrefix("chunk/"),
            (std::vector<std::string>{"chunk/0", "chunk/1"}));
  EXPECT_EQ(inputs.Json("other")->at("frames"), 3);
  EXPECT_EQ(inputs.Bytes("other")->size(), 12u);
  EXPECT_EQ(inputs.Path("nothing").error().code, Code::kInvalidArgument);
}

TEST_F(TaskIoTest, ACompositionGoesByItsSchemeWhileAllItsPartsAreUnchanged) {
  const std::string file = dir_.path() + "/title.composition";
  const std::string part = dir_.path() + "/video.mxf";
  ASSERT_TRUE(base::WriteFileAtomically(file, AsBytes("{}")));
  ASSERT_TRUE(base::WriteFileAtomically(part, AsBytes("frames")));
  Input source("digest", *DescribeExternal(file));
  source.parts = {*DescribeExternal(part)};
  const std::map<std::string, Input> named = {
      {"source", base::Json(source).get<Input>()}};
  const Inputs inputs(*store_, named);
  EXPECT_EQ(inputs.Path("source").value_or(""), "composition:" + file);
  ASSERT_TRUE(base::WriteFileAtomically(part, AsBytes("other frames")));
  EXPECT_EQ(inputs.Path("source").error().code, Code::kNotFound);
}

TEST_F(TaskIoTest, AllLostInputsAreToldWhenOneWasMet) {
  const auto a = store_->PutBytes(AsBytes("a"));
  const auto b = store_->PutBytes(AsBytes("b"));
  const auto c = store_->PutBytes(AsBytes("c"));
  const std::map<std::string, Input> named = {{"a", *a}, {"b", *b}, {"c", *c}};
  const Inputs inputs(*store_, named);
  ASSERT_TRUE(store_->Delete(a->digest));
  ASSERT_TRUE(store_->Delete(b->digest));
  EXPECT_TRUE(inputs.Lost().empty()) << "the task may not need them";
  EXPECT_FALSE(inputs.Bytes("b"));
  EXPECT_EQ(inputs.Lost().size(), 2u);
}

TEST_F(TaskIoTest, ExternalFileIsReadWhereItIsWhileUnchanged) {
  const std::string path = dir_.path() + "/master.mov";
  ASSERT_TRUE(base::WriteFileAtomically(path, AsBytes("frames")));
  const auto file = DescribeExternal(path);
  ASSERT_TRUE(file);
  EXPECT_EQ(file->size_bytes, 6);
  const std::map<std::string, Input> named = {{"source", {"digest", *file}}};
  const Inputs inputs(*store_, named);
  EXPECT_EQ(inputs.Path("source"), path);
  std::filesystem::resize_file(path, 5);
  EXPECT_EQ(inputs.Path("source").error().code, Code::kNotFound);
  std::filesystem::remove(path);
  EXPECT_EQ(inputs.Path("source").error().code, Code::kNotFound);
  EXPECT_TRUE(inputs.Lost().empty()) << "no task can make it again";
}

// What a server has, or why it does not tell.
class FakeServer {
 public:
  FakeServer() {
    base::SetRemoteOpener([this](const std::string&) { return Open(); });
  }
  ~FakeServer() { base::SetRemoteOpener({}); }

  std::optional<base::Error> error;
  std::string version = "1";

 private:
  class Source : public base::ByteSource {
   public:
    explicit Source(std::string version) : version_(std::move(version)) {}
    base::Result<int64_t> Size() const override { return 6; }
    base::Result<size_t> ReadAt(int64_t, std::span<uint8_t>) const override {
      return 0;
    }
    std::string version() const override { return version_; }

   private:
    std::string version_;
  };
  base::Result<std::unique_ptr<base::ByteSource>> Open() {
    if (error) return tl::unexpected(*error);
    return std::make_unique<Source>(version);
  }
};

TEST_F(TaskIoTest, ARemoteSourceIsReadWhereItIsWhileUnchanged) {
  FakeServer server;
  const std::string url = "https://host/film.mov?signature";
  const auto file = DescribeExternal(url);
  ASSERT_TRUE(file);
  EXPECT_EQ(*file, (ExternalFile{url, 6, 0, "1"}));
  const std::map<std::string, Input> named = {{"source", {"digest", *file}}};
  const Inputs inputs(*store_, named);
  EXPECT_EQ(inputs.Path("source"), url);
  server.version = "2";
  const auto changed = inputs.Path("source");
  ASSERT_FALSE(changed);
  EXPECT_EQ(changed.error().code, Code::kNotFound);
  EXPECT_EQ(changed.error().message.find("signature"), std::string::npos);
}

TEST_F(TaskIoTest, AServerThatDoesNotAnswerHasNotChangedItsFile) {
  FakeServer server;
  const ExternalFile file = DescribeExternal("s3://bucket/film").value();
  server.error = base::Error{Code::kUnavailable, "no answer"};
  EXPECT_EQ(CheckUnchanged(file).error().code, Code::kUnavailable);
  server.error = base::Error{Code::kInvalidArgument, "expired"};
  EXPECT_EQ(CheckUnchanged(file).error().message, "expired");
}

TEST_F(TaskIoTest, ALocalFileIsWrittenAsBeforeThereWereVersions) {
  const ExternalFile local{"/film.mov", 6, 7};
  const base::Json json = local;
  EXPECT_EQ(base::DumpJson(json),
            R"({"modified_ns":7,"path":"/film.mov","size_bytes":6})");
  EXPECT_EQ(json.get<ExternalFile>(), local);
  const ExternalFile remote{"s3://bucket/film", 6, 0, "1"};
  EXPECT_EQ(base::Json(remote).get<ExternalFile>(), remote);
}

TEST_F(TaskIoTest, ExternalFileMustBeAFile) {
  EXPECT_EQ(DescribeExternal(dir_.path()).error().code, Code::kInvalidArgument);
  EXPECT_EQ(DescribeExternal(dir_.path() + "/none").error().code,
            Code::kNotFound);
}

}  // namespace
}  // namespace reel::workflow
