#include "platform/remote_source.h"

#include <gtest/gtest.h>

#include <atomic>
#include <random>
#include <thread>
#include <utility>
#include <vector>

#include "testing/temp_dir.h"

namespace reel::platform {
namespace {

using base::Code;
using Bytes = std::vector<uint8_t>;

constexpr int64_t kBlock = 100;

// A server's side of an object, that notes what is asked.
struct Server {
  explicit Server(size_t size) : bytes(size) {
    std::mt19937 random(20240229);
    for (uint8_t& byte : bytes) byte = static_cast<uint8_t>(random());
  }
  Bytes bytes;
  std::string version = "\"1\"";
  std::atomic<int> requests = 0;
  std::atomic<int64_t> sent = 0;
};

class FakeObject : public RemoteObject {
 public:
  explicit FakeObject(Server& server) : server_(&server) {}
  base::Result<RemoteFacts> Describe() override {
    return RemoteFacts{std::ssize(server_->bytes), server_->version};
  }
  base::Status Fetch(const RemoteFacts& facts, int64_t offset,
                     int64_t size_bytes, const ByteSink& sink) override {
    ++server_->requests;
    server_->sent += size_bytes;
    if (facts.version != server_->version)
      return tl::unexpected(base::SourceChanged("film"));
    EXPECT_LE(offset + size_bytes, facts.size_bytes);
    // In pieces that fit no block.
    for (int64_t at = 0; at < size_bytes; at += 37) {
      REEL_TRY(sink(std::span(server_->bytes)
                        .subspan(static_cast<size_t>(offset + at),
                                 static_cast<size_t>(
                                     std::min<int64_t>(37, size_bytes - at)))));
    }
    return {};
  }

 private:
  Server* server_;
};

class RemoteSourceTest : public ::testing::Test {
 protected:
  std::unique_ptr<RemoteSource> Open() {
    return RemoteSource::Open(std::make_unique<FakeObject>(server_), "film",
                              *cache_)
        .value();
  }
  static Bytes Read(const RemoteSource& source, int64_t offset, size_t size) {
    Bytes bytes(size);
    const auto got = source.ReadAt(offset, bytes);
    EXPECT_TRUE(got) << got.error().message;
    bytes.resize(got.value_or(0));
    return bytes;
  }
  Bytes Want(int64_t offset, int64_t size) const {
    return {server_.bytes.begin() + offset,
            server_.bytes.begin() + offset + size};
  }
  void UseCacheOf(int64_t blocks) {
    cache_ = BlockCache::Open(dir_.path(), blocks * kBlock, kBlock).value();
  }

  testing::TempDir dir_;
  Server server_{10'050};  // its last block is short
  std::unique_ptr<BlockCache> cache_ =
      BlockCache::Open(dir_.path(), 64 * kBlock, kBlock).value();
};

TEST_F(RemoteSourceTest, GivesTheBytesWhereverTheyAreAskedFor) {
  const auto source = Open();
  EXPECT_EQ(source->Size(), 10'050);
  EXPECT_EQ(source->version(), "\"1\"");
  std::mt19937 random(7);
  for (int i = 0; i < 2000; ++i) {
    const auto offset = static_cast<int64_t>(random() % 10'050);
    const auto size = static_cast<int64_t>(random() % 700);
    ASSERT_EQ(Read(*source, offset, static_cast<size_t>(size)),
              Want(offset, std::min(size, 10'050 - offset)))
        << offset << " " << size;
  }
}

TEST_F(RemoteSourceTest, ThereIsNothingAfterItsEnd) {
  const auto source = Open();
  EXPECT_EQ(Read(*source, 10'049, 10).size(), 1u);
  EXPECT_EQ(Read(*source, 10'050, 10).size(), 0u);
  EXPECT_EQ(Read(*source, 1'000'000, 10).size(), 0u);
}

TEST_F(RemoteSourceTest, AnEmptyObjectIsASource) {
  server_.bytes.clear();
  const auto source = Open();
  EXPECT_EQ(source->Size(), 0);
  EXPECT_EQ(Read(*source, 0, 10).size(), 0u);
  EXPECT_EQ(server_.requests, 0);
}

// 101 blocks, in requests of 1, 2, 4, 8, 16, 16, 16, 16, 16 and 6.
TEST_F(RemoteSourceTest, ALongReadTakesFewRequestsAndEachByteOnce) {
  const auto source = Open();
  for (int64_t at = 0; at < 10'050; at += 30) Read(*source, at, 30);
  EXPECT_EQ(server_.requests, 10);
  EXPECT_EQ(server_.sent, 10'050);
}

TEST_F(RemoteSourceTest, AReadOfAFewBytesFetchesOneBlock) {
  const auto source = Open();
  EXPECT_EQ(Read(*source, 5'010, 20), Want(5'010, 20));
  EXPECT_EQ(server_.sent, kBlock);
}

TEST_F(RemoteSourceTest, WhatIsThereIsNotFetchedAgain) {
  const auto source = Open();
  Read(*source, 200, 600);
  const int64_t sent = server_.sent;
  Read(*source, 250, 100);
  const auto other = Open();
  Read(*other, 300, 100);
  EXPECT_EQ(server_.sent, sent) << "nor by another reader";
  // Ahead only as far as to what is there.
  Read(*other, 0, 200);
  EXPECT_EQ(server_.sent, sent + 2 * kBlock);
}

TEST_F(RemoteSourceTest, AnotherVersionSharesNothing) {
  Read(*Open(), 0, 100);
  server_.version = "\"2\"";
  server_.bytes[5] ^= 1;
  EXPECT_EQ(Read(*Open(), 0, 100), Want(0, 100));
}

TEST_F(RemoteSourceTest, WhatHasNoVersionSharesNothing) {
  server_.version = "";
  Read(*Open(), 0, 100);
  server_.bytes[5] ^= 1;
  EXPECT_EQ(Read(*Open(), 0, 100), Want(0, 100));
}

TEST_F(RemoteSourceTest, AChangeMidwayIsTold) {
  const auto source = Open();
  Read(*source, 0, 100);
  server_.version = "\"2\"";
  Bytes into(100);
  EXPECT_EQ(source->ReadAt(5'000, into).error().code, Code::kNotFound);
}

TEST_F(RemoteSourceTest, AnyCacheIsLargeEnough) {
  for (const int64_t blocks : {1, 2, 3, 5}) {
    UseCacheOf(blocks);
    const auto source = Open();
    EXPECT_EQ(Read(*source, 0, 10'050), server_.bytes) << blocks;
  }
}

TEST_F(RemoteSourceTest, SeveralThreadsMayReadOneSource) {
  UseCacheOf(8);
  const auto source = Open();
  std::vector<std::thread> readers;
  for (unsigned n = 0; n < 4; ++n) {
    readers.emplace_back([&, n] {
      std::mt19937 random(n);
      for (int i = 0; i < 300; ++i) {
        const auto offset = static_cast<int64_t>(random() % 9'000);
        EXPECT_EQ(Read(*source, offset, 300), Want(offset, 300));
      }
    });
  }
  for (std::thread& reader : readers) reader.join();
}

}  // namespace
}  // namespace reel::platform
