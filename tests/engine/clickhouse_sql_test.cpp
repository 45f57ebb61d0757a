#include "engine/clickhouse_sql.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/limits.h"
#include "support/caught.h"

namespace sluice {
namespace {

TEST(ClickhouseSqlTest, ViewsStandInFrontAsCommonTables) {
  EXPECT_EQ(compose_clickhouse({{}, "SELECT 1 ; -- end"}), "SELECT 1");
  const std::vector<NamedQuery> views = {{"a`b", "SELECT 1 AS x;"}, {"c", "SELECT x FROM `a`"}};
  EXPECT_EQ(
      compose_clickhouse({views, "SELECT * FROM c"}),
      "WITH `a\\`b` AS (\nSELECT 1 AS x\n),\n`c` AS (\nSELECT x FROM `a`\n)\nSELECT * FROM c");
  EXPECT_EQ(compose_clickhouse({{{"v", "SELECT 1"}}, "with recursive r AS (SELECT 1) SELECT 2"}),
            "WITH RECURSIVE `v` AS (\nSELECT 1\n),\n r AS (SELECT 1) SELECT 2");
}

TEST(ClickhouseSqlTest, WhatIsNoQueryIsRefused) {
  EXPECT_EQ(caught([] {
              compose_clickhouse({{}, "CREATE TABLE t (a Int8)"});
            }).code(),
            ErrorCode::kForbidden);
  EXPECT_EQ(caught([] { compose_clickhouse({{}, "-- nothing"}); }).code(), ErrorCode::kInvalid);
  EXPECT_EQ(caught([] {
              compose_clickhouse({{}, std::string("SELECT '\0'", 10)});
            }).code(),
            ErrorCode::kInvalid);
  const std::string large = "SELECT '" + std::string(limits::kSqlBytes, 'x') + "'";
  EXPECT_EQ(caught([&] { compose_clickhouse({{}, large}); }).code(), ErrorCode::kTooLarge);
}

}  // namespace
}  // namespace sluice
