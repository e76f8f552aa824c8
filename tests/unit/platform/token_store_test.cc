#include "platform/token_store.h"

#include <gtest/gtest.h>

#include "platform/sql_session.h"
#include "testing/temp_dir.h"
#include "testing/test_postgres.h"

namespace reel::platform {
namespace {

using base::Code;

// Tokens on either database.
class TokenStoreTest : public ::testing::TestWithParam<SqlDialect> {
 protected:
  void SetUp() override {
    if (GetParam() == SqlDialect::kPostgres &&
        !testing::TestDatabase(dir_.path()))
      GTEST_SKIP() << testing::kNoPostgres;
  }
  std::unique_ptr<SqlSession> Session() {
    return GetParam() == SqlDialect::kSqlite
               ? SqlSession::OpenSqlite(dir_.path() + "/state.db").value()
               : SqlSession::OpenPostgres(*testing::TestDatabase(dir_.path()))
                     .value();
  }
  TokenStore Open() {
    return TokenStore(Session(), [this] { return now_ms_; });
  }

  testing::TempDir dir_;
  int64_t now_ms_ = 1'000'000;
};

TEST_P(TokenStoreTest, ASecretFindsItsToken) {
  TokenStore store = Open();
  const auto viewer = store.Add("dashboard", Role::kViewer).value();
  const auto admin = store.Add("ann", Role::kAdmin).value();
  const auto found = store.Find(admin.secret).value();
  ASSERT_TRUE(found);
  EXPECT_EQ(found->id, admin.token.id);
  EXPECT_EQ(found->name, "ann");
  EXPECT_EQ(found->role, Role::kAdmin);
  EXPECT_EQ(store.Find(viewer.secret).value()->role, Role::kViewer);
}

TEST_P(TokenStoreTest, SecretsAreLongAndDiffer) {
  TokenStore store = Open();
  const auto one = store.Add("a", Role::kViewer).value();
  const auto other = store.Add("a", Role::kViewer).value();
  EXPECT_EQ(one.secret.size(), 5 + 64U);
  EXPECT_TRUE(one.secret.starts_with("reel_"));
  EXPECT_NE(one.secret, other.secret);
  EXPECT_NE(one.token.id, other.token.id);
}

TEST_P(TokenStoreTest, OtherSecretsFindNothing) {
  TokenStore store = Open();
  const auto added = store.Add("a", Role::kViewer).value();
  for (const std::string& secret :
       {std::string(), std::string("reel_"), added.token.id, added.secret + "0",
        added.secret.substr(5)})
    EXPECT_EQ(store.Find(secret).value(), std::nullopt) << secret;
}

TEST_P(TokenStoreTest, TheDatabaseHoldsNoSecret) {
  const auto added = Open().Add("a", Role::kViewer).value();
  int found = 0;
  const std::string secret = "%" + added.secret.substr(5) + "%";
  ASSERT_TRUE(Session()->Read([&](soci::session& sql) {
    sql << "select count(*) from tokens where id like :a or digest like :b"
           " or name like :c",
        soci::use(secret), soci::use(secret), soci::use(secret),
        soci::into(found);
  }));
  EXPECT_EQ(found, 0);
}

TEST_P(TokenStoreTest, ARevokedTokenLetsNobodyIn) {
  TokenStore store = Open();
  const auto added = store.Add("a", Role::kViewer).value();
  const auto kept = store.Add("b", Role::kViewer).value();
  ASSERT_TRUE(store.Revoke(added.token.id));
  EXPECT_EQ(store.Find(added.secret).value(), std::nullopt);
  EXPECT_TRUE(store.Find(kept.secret).value().has_value());
  EXPECT_EQ(store.Revoke(added.token.id).error().code, Code::kNotFound);
}

TEST_P(TokenStoreTest, UseIsNotedToTheMinute) {
  TokenStore store = Open();
  const auto added = store.Add("a", Role::kViewer).value();
  EXPECT_EQ(store.List().value().front().used_ms, 0);
  now_ms_ += 5'000;
  ASSERT_TRUE(store.Find(added.secret));
  EXPECT_EQ(store.List().value().front().used_ms, 1'005'000);
  now_ms_ += 59'999;
  ASSERT_TRUE(store.Find(added.secret));
  EXPECT_EQ(store.List().value().front().used_ms, 1'005'000);
  now_ms_ += 1;
  ASSERT_TRUE(store.Find(added.secret));
  EXPECT_EQ(store.List().value().front().used_ms, 1'065'000);
}

TEST_P(TokenStoreTest, ListsTheOldestFirst) {
  TokenStore store = Open();
  for (const char* name : {"a", "b", "c"}) {
    ASSERT_TRUE(store.Add(name, Role::kOperator));
    now_ms_ += 1;
  }
  std::string names;
  const std::vector<Token> tokens = store.List().value();
  for (const Token& token : tokens) names += token.name;
  EXPECT_EQ(names, "abc");
}

TEST_P(TokenStoreTest, ANameIsNeeded) {
  TokenStore store = Open();
  EXPECT_EQ(store.Add("", Role::kViewer).error().code, Code::kInvalidArgument);
  EXPECT_EQ(store.Add(std::string(101, 'x'), Role::kViewer).error().code,
            Code::kInvalidArgument);
}

INSTANTIATE_TEST_SUITE_P(Databases, TokenStoreTest,
                         ::testing::Values(SqlDialect::kSqlite,
                                           SqlDialect::kPostgres),
                         [](const auto& test) {
                           return test.param == SqlDialect::kSqlite
                                      ? "Sqlite"
                                      : "Postgres";
                         });

TEST(RoleTest, NamesAreTheirInverse) {
  for (const Role role : {Role::kViewer, Role::kOperator, Role::kAdmin})
    EXPECT_EQ(RoleFromName(Name(role)), role);
  EXPECT_EQ(RoleFromName("root"), std::nullopt);
}

}  // namespace
}  // namespace reel::platform
