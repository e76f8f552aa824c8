#include "platform/sql_session.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "base/file.h"
#include "testing/temp_dir.h"

namespace reel::platform {
namespace {

using base::Code;
using soci::into;
using soci::use;

class SqlSessionTest : public ::testing::Test {
 protected:
  std::unique_ptr<SqlSession> Open() {
    return SqlSession::OpenSqlite(path_).value();
  }
  testing::TempDir dir_;
  // SOCI's connection strings have no way to say this.
  const std::string path_ = dir_.path() + "/state \"of\" it=all %20.db";
};

TEST_F(SqlSessionTest, ReadThenWriteWaitsForItsTurn) {
  constexpr int kThreads = 4, kRounds = 50;
  Open();
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < kThreads; ++i) {
      threads.emplace_back([&] {
        const auto session = Open();
        for (int round = 0; round < kRounds; ++round) {
          EXPECT_TRUE(session->Write([](soci::session& sql) {
            int value = 0;
            sql << "select value from counter", into(value);
            ++value;
            sql << "update counter set value = :v", use(value);
          }));
        }
      });
    }
  }
  EXPECT_EQ(Open()->Read([](soci::session& sql) {
    int value = 0;
    sql << "select value from counter", into(value);
    return value;
  }),
            kThreads * kRounds);
  EXPECT_TRUE(base::File::OpenForReading(path_)) << "under its very name";
}

TEST_F(SqlSessionTest, FailedBodyChangesNothing) {
  const auto session = Open();
  const auto status = session->Write([](soci::session& sql) {
    sql << "update counter set value = 7";
    throw SqlAbort{{Code::kConflict, "no"}};
  });
  EXPECT_EQ(status.error().code, Code::kConflict);
  EXPECT_EQ(session->Read([](soci::session& sql) {
    int value = -1;
    sql << "select value from counter", into(value);
    return value;
  }),
            0);
}

TEST_F(SqlSessionTest, ExceptionsBecomeCodes) {
  const auto session = Open();
  const auto run = [&](const std::string& statement) {
    return session->Write([&](soci::session& sql) { sql << statement; })
        .error()
        .code;
  };
  EXPECT_EQ(run("insert into counter values(null)"), Code::kConflict);
  EXPECT_EQ(run("select nonsense"), Code::kInternal);
}

TEST_F(SqlSessionTest, FullDiskIsResourceExhausted) {
  const auto session = Open();
  const auto status = session->Write([](soci::session& sql) {
    int pages = 0;
    sql << "pragma max_page_count = 1", into(pages);
    sql << "insert into jobs values('j', hex(randomblob(1000000)), 0, '', '')";
  });
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, Code::kResourceExhausted);
}

TEST_F(SqlSessionTest, WhatIsNotADatabaseIsSaid) {
  ASSERT_TRUE(
      base::WriteFileAtomically(path_, base::AsBytes(std::string(5000, 'x'))));
  const auto session = SqlSession::OpenSqlite(path_);
  ASSERT_FALSE(session);
  EXPECT_EQ(session.error().code, Code::kCorruptInput);
  EXPECT_NE(session.error().message.find(path_), std::string::npos);
}

TEST_F(SqlSessionTest, StateOfANewerProgramIsLeftAlone) {
  ASSERT_TRUE(Open()->Write(
      [](soci::session& sql) { sql << "pragma user_version = 99"; }));
  EXPECT_EQ(SqlSession::OpenSqlite(path_).error().code, Code::kUnsupported);
}

}  // namespace
}  // namespace reel::platform
