#include "engine/sqlite_error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/sqlite_file.h"

namespace sluice {
namespace {

using testing::HasSubstr;
using testing::Not;

Error error_of(const std::string& sql) {
  SqliteFile database(":memory:");
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v2(database.handle(), sql.c_str(), -1, &statement, nullptr);
  sqlite3_finalize(statement);
  return sqlite_error(database.handle(), code, "The SQL is invalid", sql);
}

TEST(SqliteError, SaysLineAndColumn) {
  EXPECT_THAT(error_of("SELEC 1").message(), HasSubstr("(line 1, column 1)"));
  EXPECT_THAT(error_of("SELECT 1 FROMM x y z").message(), HasSubstr("(line 1, column 16)"));
  EXPECT_THAT(error_of("SELECT\n  1,\n  nope").message(), HasSubstr("(line 3, column 3)"));
  EXPECT_THAT(error_of("SELECT 1\nFROM a b c").message(), HasSubstr("(line 2, column 10)"));
}

TEST(SqliteError, SaysWhatWasDoneAndWhatSqliteSaid) {
  const Error error = error_of("SELECT * FROM nope");
  EXPECT_EQ(error.code(), ErrorCode::kInvalid);
  EXPECT_THAT(error.message(), HasSubstr("The SQL is invalid: no such table: nope"));
}

TEST(SqliteError, CodesSayWhatToDo) {
  SqliteFile database(":memory:");
  auto code = [&](int sqlite) { return sqlite_error(database.handle(), sqlite, "x", "").code(); };
  EXPECT_EQ(code(SQLITE_BUSY_SNAPSHOT), ErrorCode::kBusy);
  EXPECT_EQ(code(SQLITE_LOCKED), ErrorCode::kBusy);
  EXPECT_EQ(code(SQLITE_FULL), ErrorCode::kStorage);
  EXPECT_EQ(code(SQLITE_IOERR_READ), ErrorCode::kStorage);
  EXPECT_EQ(code(SQLITE_CANTOPEN), ErrorCode::kStorage);
  EXPECT_EQ(code(SQLITE_CORRUPT_INDEX), ErrorCode::kCorrupt);
  EXPECT_EQ(code(SQLITE_NOTADB), ErrorCode::kCorrupt);
  EXPECT_EQ(code(SQLITE_TOOBIG), ErrorCode::kTooLarge);
  EXPECT_EQ(code(SQLITE_NOMEM), ErrorCode::kTooLarge);
  EXPECT_EQ(code(SQLITE_ERROR), ErrorCode::kInvalid);
}

TEST(SqliteError, WhatClickHouseWritesOtherwise) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"SELECT coalesc(1, 2)", "Did you mean coalesce()?"},
      {"SELECT toDat(1)", "Did you mean toDate()?"},
      {"SELECT cityHash64('x')", "hex(MD5(text))"},
      {"SELECT 1 + INTERVAL 1 DAY", "SQLite has no INTERVAL"},
      {"SELECT 'x'::Date", "no casts with ::"},
      {"SELECT isNull(1)", "Write x IS NULL."},
      {"SELECT left('abc', 2)", "leftUTF8(text, 2)"},
      {"SELECT abs(day)", "'day'"},
      {"SELECT json([1,2])", "json_array(...)"}};
  for (const auto& [sql, hint] : cases) EXPECT_THAT(error_of(sql).hint(), HasSubstr(hint)) << sql;
  EXPECT_EQ(error_of("SELECT nope").hint(), "");
  EXPECT_EQ(error_of("SELECT FROM").hint(), "");
}

TEST(SqliteError, NoPlaceWhereSqliteKnowsNone) {
  SqliteFile database(":memory:");
  EXPECT_THAT(sqlite_error(database.handle(), SQLITE_ERROR, "x", "SELECT 1").message(),
              Not(HasSubstr("line")));
}

}  // namespace
}  // namespace sluice
