#include "platform/sql_session.h"

#include <gtest/gtest.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/file.h"
#include "testing/temp_dir.h"
#include "testing/test_postgres.h"

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
    sql << "insert into jobs(id, title, state, error_code, error)"
           " values('j', hex(randomblob(1000000)), 0, '', '')";
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

TEST_F(SqlSessionTest, BringsAnOlderStateUpToDate) {
  {
    soci::session sql(soci::sqlite3, "db=" + dir_.path() + "/old.db");
    for (const std::string_view statement :
         MigrationsOf(SqlDialect::kSqlite).front())
      sql << statement;
    sql << "insert into queue values('t', 0, 0, 1, 0, 0, 1)";
    sql << "pragma user_version = 1";
  }
  const auto session = SqlSession::OpenSqlite(dir_.path() + "/old.db");
  ASSERT_TRUE(session) << session.error().message;
  std::string service = "?";
  ASSERT_TRUE((*session)->Read([&](soci::session& sql) {
    sql << "select service from queue where task_id = 't'", into(service);
  }));
  EXPECT_EQ(service, "");
}

class PostgresSessionTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto url = testing::TestDatabase(dir_.path());
    if (!url) GTEST_SKIP() << testing::kNoPostgres;
    url_ = *url;
    ASSERT_TRUE(Open()->Write([](soci::session& sql) {
      sql << "create table counter(value bigint not null)";
      sql << "insert into counter values(0)";
    }));
  }
  std::unique_ptr<SqlSession> Open() {
    return SqlSession::OpenPostgres(url_).value();
  }
  // As when its server stops or a cable breaks.
  void Disconnect(SqlSession& session) {
    int pid = 0;
    ASSERT_TRUE(session.Read([&](soci::session& sql) {
      sql << "select pg_backend_pid()", into(pid);
    }));
    Terminate(pid);
  }
  void Terminate(int pid) {
    ASSERT_TRUE(Open()->Read([&](soci::session& sql) {
      sql << "select pg_terminate_backend(:pid)", use(pid);
    }));
  }
  static void Increase(soci::session& sql) {
    int value = 0;
    sql << "select value from counter", into(value);
    ++value;
    sql << "update counter set value = :v", use(value);
  }
  int Value() {
    return *Open()->Read([](soci::session& sql) {
      int value = -1;
      sql << "select value from counter", into(value);
      return value;
    });
  }

  testing::TempDir dir_;
  std::string url_;
};

TEST_F(PostgresSessionTest, OfTwoThatMeetOneIsRunAgain) {
  constexpr int kThreads = 4, kRounds = 25;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < kThreads; ++i) {
      threads.emplace_back([&] {
        const auto session = Open();
        for (int round = 0; round < kRounds; ++round) {
          const auto status = session->Write(Increase);
          EXPECT_TRUE(status) << status.error().message;
        }
      });
    }
  }
  EXPECT_EQ(Value(), kThreads * kRounds);
}

TEST_F(PostgresSessionTest, ALostConnectionIsMadeAnew) {
  const auto session = Open();
  Disconnect(*session);
  const auto status = session->Write(Increase);
  EXPECT_TRUE(status) << status.error().message;
  EXPECT_EQ(Value(), 1);
}

// Whether it was committed nobody knows, so it is not run again.
TEST_F(PostgresSessionTest, OneThatIsLostOnTheWayIsReported) {
  const auto session = Open();
  const auto status = session->Write([&](soci::session& sql) {
    int pid = 0;
    sql << "select pg_backend_pid()", into(pid);
    Terminate(pid);
    Increase(sql);
  });
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, Code::kUnavailable);
  EXPECT_EQ(Value(), 0);
  EXPECT_TRUE(session->Write(Increase)) << "and the next one goes on";
  EXPECT_EQ(Value(), 1);
}

TEST_F(PostgresSessionTest, ExceptionsBecomeCodes) {
  const auto session = Open();
  const auto run = [&](const std::string& statement) {
    return session->Write([&](soci::session& sql) { sql << statement; })
        .error()
        .code;
  };
  EXPECT_EQ(run("insert into counter values(null)"), Code::kConflict);
  EXPECT_EQ(run("select nonsense"), Code::kInternal);
}

TEST_F(PostgresSessionTest, SaysWhatIsWrongWithTheAddress) {
  EXPECT_EQ(SqlSession::OpenPostgres(url_ + "_not").error().code,
            Code::kInvalidArgument);
  EXPECT_EQ(
      SqlSession::OpenPostgres("postgresql://reel@127.0.0.1:1/x").error().code,
      Code::kUnavailable);
  for (const char* wrong : {"postgresql://host:port/x", "nonsense",
                            "postgresql://reel:a%20b@127.0.0.1/x"}) {
    EXPECT_EQ(SqlSession::OpenPostgres(wrong).error().code,
              Code::kInvalidArgument)
        << wrong;
  }
}

TEST_F(PostgresSessionTest, ManyMayOpenItAtFirst) {
  const std::string url = *testing::TestDatabase(dir_.path() + "/other");
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      const auto session = SqlSession::OpenPostgres(url);
      EXPECT_TRUE(session) << session.error().message;
    });
  }
}

TEST_F(PostgresSessionTest, StateOfANewerProgramIsLeftAlone) {
  ASSERT_TRUE(Open()->Write([](soci::session& sql) {
    sql << "insert into schema_version values(99)";
  }));
  EXPECT_EQ(SqlSession::OpenPostgres(url_).error().code, Code::kUnsupported);
}

}  // namespace
}  // namespace reel::platform
