#include "engine/secret_function.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/engine_world.h"
#include "support/caught.h"

namespace sluice {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kValue = "very-hidden";

class SecretFunctionTest : public testing::Test {
 protected:
  SecretFunctionTest() {
    SqliteEngineOptions options{"", {{"shop", shop_.path()}}};
    options.secrets = [](const std::string& name) -> std::optional<Secret> {
      if (name != "key") return std::nullopt;
      return Secret(kValue);
    };
    engine_ = make_sqlite_engine(options, clock_);
  }
  static Query with(const SecretNames& names, const std::string& sql,
                    std::vector<NamedQuery> views = {}) {
    Query query{std::move(views), sql};
    query.secrets = names;
    return query;
  }
  std::vector<std::string> rows(const SecretNames& names, const std::string& sql,
                                std::vector<NamedQuery> views = {}) {
    return rest_of(*engine_->open(with(names, sql, std::move(views)), kLongRun, {}));
  }
  Error failure(const SecretNames& names, const std::string& sql) {
    return caught([&] { rows(names, sql); });
  }

  FakeClock clock_;
  TestFolder folder_;
  SqliteFile shop_{folder_ / "shop.db",
                   "CREATE TABLE users (id INTEGER PRIMARY KEY, key TEXT);"
                   "CREATE VIEW spy AS SELECT tb_secret('key') AS k;"
                   "INSERT INTO users VALUES (1, 'very-hidden'), (2, 'x')"};
  std::unique_ptr<Engine> engine_;
};

TEST_F(SecretFunctionTest, GivesWhatTheQueryMayHave) {
  const SecretNames key = {{"key", true}};
  EXPECT_THAT(rows(key, "SELECT id FROM shop.users WHERE key = tb_secret('key')"),
              ElementsAre("1"));
  EXPECT_THAT(rows({{"key", false}, {"none", false}},
                   "SELECT tb_secret('none', 'x') = 'x', tb_secret('key', 'x') = 'x'"),
              ElementsAre("1,0"));
  EXPECT_THAT(rows(key, "SELECT id + 1 FROM v",
                   {{"v", "SELECT id FROM shop.users WHERE key = tb_secret('key')"}}),
              ElementsAre("2"))
      << "views of ours are not SQLite's idea of a schema";
}

TEST_F(SecretFunctionTest, NothingElse) {
  const Error plain = failure({}, "SELECT tb_secret('key')");
  EXPECT_EQ(plain.code(), ErrorCode::kForbidden);
  EXPECT_THAT(plain.what(), HasSubstr("{{tb_secret('name')}}"));
  EXPECT_THAT(failure({}, "SELECT \"TB_Secret\"('key', '')").what(), HasSubstr("tb_secret"));
  const Error missing = failure({{"none", true}}, "SELECT tb_secret('none')");
  EXPECT_EQ(missing.code(), ErrorCode::kInvalid);
  EXPECT_THAT(missing.what(), HasSubstr("the secret 'none', which is not there"));
  EXPECT_EQ(caught([&] {
              engine_->describe(with({{"none", true}}, "SELECT 1"));
            }).code(),
            ErrorCode::kInvalid)
      << "before anything is written";
  EXPECT_THAT(failure({{"none", false}}, "SELECT tb_secret('key')").what(),
              HasSubstr("The query failed"))
      << "another secret than the template named";
  EXPECT_THAT(failure({{"key", true}}, "SELECT k FROM shop.spy").what(),
              HasSubstr("unsafe use of tb_secret"))
      << "a view of an attached file";
}

TEST_F(SecretFunctionTest, NoErrorShowsTheValue) {
  // SQLite would quote the path that it can't read, as it does here.
  EXPECT_THAT(failure({}, std::string("SELECT json_extract('{}', '") + kValue + "')").what(),
              HasSubstr("hidden"));
  for (const char* sql : {"SELECT json_extract('{}', tb_secret('key'))",
                          "SELECT json_extract('{}', tb_secret('key')) FROM shop.users",
                          "SELECT * FROM json_each('{}', tb_secret('key'))"}) {
    const Error error = failure({{"key", true}}, sql);
    EXPECT_THAT(error.what(), HasSubstr("The query failed: SQL logic error")) << sql;
    EXPECT_THAT(error.what(), Not(HasSubstr("hidden"))) << sql;
  }
}

TEST_F(SecretFunctionTest, ASessionThatIsUsedAgainHasForgottenThem) {
  const auto ask = [&](const SecretNames& names, const std::string& sql) {
    return rest_of(
        *engine_->ask(with(names, sql), {std::chrono::seconds(60), 1 << 20, 8 << 20}, {}));
  };
  EXPECT_THAT(ask({{"key", true}}, "SELECT length(tb_secret('key'))"), ElementsAre("11"));
  EXPECT_EQ(caught([&] { ask({}, "SELECT tb_secret('key')"); }).code(), ErrorCode::kForbidden);
  EXPECT_THAT(ask({}, "SELECT 1"), ElementsAre("1"));
  EXPECT_THAT(ask({{"key", true}}, "SELECT length(tb_secret('key'))"), ElementsAre("11"));
}

TEST_F(SecretFunctionTest, AStatementWithSecretsIsReadByOneConnection) {
  EXPECT_EQ(
      engine_->open_split(with({{"key", true}}, "SELECT id, tb_secret('key') FROM shop.users"),
                          kLongRun, {}, {}),
      nullptr);
}

}  // namespace
}  // namespace sluice
