#include "workflow/tasks/hash_source.h"

#include <gtest/gtest.h>

#include "base/byte_source.h"
#include "base/digest.h"
#include "platform/directory_store.h"
#include "testing/temp_dir.h"

namespace reel::workflow::tasks {
namespace {

using base::Code;

constexpr char kUrl[] = "https://host/film.mov";

// A server's file.
struct Film {
  std::string bytes = std::string(9'000'000, 'f');
  std::string version = "1";
  bool changes_when_read = false;
};

class FilmSource : public base::ByteSource {
 public:
  explicit FilmSource(Film& film) : film_(&film), version_(film.version) {}
  base::Result<int64_t> Size() const override {
    return std::ssize(film_->bytes);
  }
  base::Result<size_t> ReadAt(int64_t offset,
                              std::span<uint8_t> into) const override {
    if (film_->changes_when_read) film_->version = "2";
    return film_->bytes.copy(reinterpret_cast<char*>(into.data()), into.size(),
                             static_cast<size_t>(offset));
  }
  std::string version() const override { return version_; }

 private:
  Film* film_;
  std::string version_;
};

class HashSourceTest : public ::testing::Test {
 protected:
  HashSourceTest() {
    base::SetRemoteOpener(
        [this](const std::string&)
            -> base::Result<std::unique_ptr<base::ByteSource>> {
          return std::make_unique<FilmSource>(film_);
        });
  }
  ~HashSourceTest() override { base::SetRemoteOpener({}); }

  base::Result<HashedSource> Run(const HashSourceParams& params,
                                 std::stop_token stop = {}) {
    REEL_ASSIGN(const auto store,
                platform::DirectoryStore::Open(dir_.path() + "/objects",
                                               dir_.path() + "/tmp"));
    const std::map<std::string, Input> none;
    Outputs outputs(*store, dir_.path() + "/scratch");
    Context context(std::move(stop));
    REEL_TRY(kHashSource.run(params, Inputs(*store, none), outputs, context));
    EXPECT_EQ(context.fraction(), 1);
    REEL_ASSIGN(const auto artifacts, outputs.Commit());
    REEL_ASSIGN(const auto text,
                store->Get(artifacts.at("source.json").digest, 1 << 20));
    return base::ParseJsonAs<HashedSource>(
        std::string(text.begin(), text.end()));
  }

  reel::testing::TempDir dir_;
  Film film_;
};

TEST_F(HashSourceTest, TakesTheDigestOfEveryByte) {
  const auto hashed = Run({kUrl, 9'000'000, "1"});
  ASSERT_TRUE(hashed) << hashed.error().message;
  EXPECT_EQ(hashed->digest, base::Sha256(film_.bytes));
  EXPECT_EQ(hashed->size, 9'000'000);
  EXPECT_EQ(hashed->version, "1");
}

TEST_F(HashSourceTest, AnotherSourceThanWasDescribedIsNone) {
  EXPECT_EQ(Run({kUrl, 9'000'000, "0"}).error().code, Code::kNotFound);
  EXPECT_EQ(Run({kUrl, 8'999'999, "1"}).error().code, Code::kNotFound);
}

TEST_F(HashSourceTest, AChangeMeanwhileIsTold) {
  film_.changes_when_read = true;
  EXPECT_EQ(Run({kUrl, 9'000'000, "1"}).error().code, Code::kNotFound);
}

TEST_F(HashSourceTest, EndsSoonWhenItIsStopped) {
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(Run({kUrl, 9'000'000, "1"}, stop.get_token()).error().code,
            Code::kCancelled);
}

}  // namespace
}  // namespace reel::workflow::tasks
