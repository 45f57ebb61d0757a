#include "engine/scan_split.h"

#include <gtest/gtest.h>

#include <set>
#include <thread>

#include "base/error.h"
#include "support/fake_clock.h"
#include "support/sqlite_file.h"
#include "support/temp_folder.h"

namespace sluice {
namespace {

constexpr std::chrono::seconds kTime{30};

/// `shop.orders`, 50,000 rows with gaps between their rowids, and tables that can't be split.
class ScanSplitTest : public testing::Test {
 protected:
  ScanSplitTest() {
    SqliteFile file(folder_ / "shop.db",
                    "CREATE TABLE orders (id INTEGER PRIMARY KEY, region TEXT, amount REAL);"
                    "CREATE TABLE keyed (id INTEGER PRIMARY KEY, v TEXT) WITHOUT ROWID;"
                    "CREATE TABLE shadow (rowid TEXT, v TEXT);"
                    "CREATE INDEX orders_by_region ON orders (region);"
                    "CREATE VIEW big AS SELECT * FROM orders WHERE amount > 5;"
                    "CREATE TABLE wide (id INTEGER PRIMARY KEY, v TEXT);");
    const std::string numbers =
        "WITH RECURSIVE r(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM r WHERE n < 50000) ";
    file.run(numbers + "INSERT INTO orders SELECT n * 3 - 40000, 'r' || (n % 7), n / 4.0 FROM r");
    file.run(numbers + "INSERT INTO keyed SELECT n, 'v' FROM r");
    file.run(numbers + "INSERT INTO shadow SELECT 'x' || n, 'v' FROM r");
    file.run(
        "INSERT INTO wide VALUES (-9223372036854775808, 'low'), (0, 'zero'), "
        "(9223372036854775806, 'high')");
    engine_ = make_sqlite_engine(options_, clock_);
  }
  std::unique_ptr<SplitScan> split(const Query& query, size_t lanes = 2) {
    SplitWish wish;
    wish.lanes = lanes;
    wish.rows_per_part = 5000;
    return split_scan(options_, clock_, query, kTime, {}, wish);
  }
  static void append(RowReader& reader, std::vector<std::string>& rows) {
    Batch batch;
    while (reader.next(batch)) {
      for (size_t row = 0; row < batch.rows(); ++row) {
        std::string text;
        for (size_t i = 0; i < batch.columns(); ++i) {
          const Cell& cell = batch.at(i, row);
          text += std::to_string(static_cast<int>(cell.type)) + ":";
          if (cell.type == ValueType::kInteger) text += std::to_string(cell.integer);
          if (cell.type == ValueType::kReal) text += std::to_string(cell.real);
          if (cell.type == ValueType::kText) text += batch.text(cell);
          text += "|";
        }
        rows.push_back(std::move(text));
      }
    }
  }
  std::vector<std::string> plain(const Query& query) {
    std::vector<std::string> rows;
    append(*engine_->open(query, kTime, {}), rows);
    return rows;
  }
  /// Each lane on a thread of its own, parts dealt out in turn.
  static std::vector<std::string> in_parts(SplitScan& scan) {
    std::vector<std::vector<std::string>> parts(scan.parts());
    {
      std::vector<std::jthread> threads;
      for (size_t lane = 0; lane < 2; ++lane) {
        threads.emplace_back([&, lane] {
          for (size_t part = lane; part < parts.size(); part += 2) {
            append(*scan.read(lane, part), parts[part]);
          }
        });
      }
    }
    std::vector<std::string> rows;
    for (const auto& part : parts) rows.insert(rows.end(), part.begin(), part.end());
    return rows;
  }

  TestFolder folder_;
  FakeClock clock_;
  SqliteEngineOptions options_{folder_ / "warehouse.db", {{"shop", folder_ / "shop.db"}}};
  std::unique_ptr<Engine> engine_;
};

TEST_F(ScanSplitTest, TheRowsAreThoseOfOneReaderInItsOrder) {
  for (const char* sql :
       {"SELECT * FROM shop.orders", "SELECT id, amount * 2 AS double FROM shop.orders",
        "SELECT o.id, upper(o.region) FROM \"shop\".[orders] AS o WHERE o.amount > 100",
        "SELECT orders.region FROM shop.orders WHERE amount % 3 = 1",
        "SELECT id, CASE WHEN amount > 9 THEN 'x' END FROM orders",
        "SELECT * /* FROM shop.orders */ FROM shop . orders -- FROM shop.orders\n;"}) {
    const Query query{{}, sql};
    const auto scan = split(query);
    ASSERT_TRUE(scan) << sql;
    EXPECT_GT(scan->parts(), 10U);
    EXPECT_EQ(in_parts(*scan), plain(query)) << sql;
  }
}

TEST_F(ScanSplitTest, FunctionsGiveTheSameOnEveryLane) {
  for (const char* sql :
       {"SELECT amount, toDate(id), formatDateTime(id, '%H:%i') FROM shop.orders",
        "SELECT id, JSONExtractInt('{\"a\":' || id || '}', 'a'), extract(region, '[0-9]') AS e "
        "FROM "
        "shop.orders WHERE amount > toInt64('7') AND match(region, '[1-3]')",
        "SELECT if(amount > 99, region, upperUTF8(region)) AS x FROM shop.orders"}) {
    const Query query{{}, sql};
    const auto scan = split(query);
    ASSERT_TRUE(scan) << sql;
    EXPECT_EQ(in_parts(*scan), plain(query)) << sql;
  }
}

TEST_F(ScanSplitTest, NowIsOneMomentForAllLanes) {
  const Query query{
      {},
      "SELECT now() AS n, addDays(now(), 1) FROM shop.orders WHERE +region > now() AND amount > 0"};
  const auto scan = split(query);
  ASSERT_TRUE(scan);
  std::set<std::string> seen;
  for (size_t part = 0; part < scan->parts(); ++part) {
    clock_.advance(std::chrono::milliseconds(500));
    std::vector<std::string> rows;
    append(*scan->read(part % 2, part), rows);
    seen.insert(rows.begin(), rows.end());
  }
  EXPECT_EQ(seen, (std::set<std::string>{"3:2026-11-23 08:30:00|3:2026-11-24 08:30:00|"}));
}

TEST_F(ScanSplitTest, NotWhereEachStatementHasATimeOfItsOwn) {
  EXPECT_FALSE(split({{}, "SELECT id, datetime('now') FROM shop.orders"}));
  EXPECT_FALSE(split({{}, "SELECT id FROM shop.orders WHERE region < date('now', '-1 day')"}));
  EXPECT_FALSE(split({{}, "SELECT countIf(id > 3) FROM shop.orders"}));
  EXPECT_FALSE(split({{}, "SELECT id FROM shop.orders WHERE id > (SELECT min(id) FROM orders)"}));
}

TEST_F(ScanSplitTest, ThroughThePipesThatStandBetween) {
  const Query query{{{"first", "SELECT id, region FROM shop.orders WHERE amount > 7;"},
                     {"second", "SELECT region, id + 1 AS next FROM first"}},
                    "SELECT * FROM second WHERE next % 2 = 0"};
  const auto scan = split(query);
  ASSERT_TRUE(scan);
  EXPECT_EQ(in_parts(*scan), plain(query));
}

TEST_F(ScanSplitTest, WhatIsMoreThanOnePassIsNotSplit) {
  for (const char* sql : {"SELECT * FROM shop.orders ORDER BY amount",
                          "SELECT * FROM shop.orders ORDER BY id DESC",
                          "SELECT * FROM shop.orders LIMIT 10",
                          "SELECT * FROM shop.orders LIMIT 40000 OFFSET 5",
                          "SELECT DISTINCT id FROM shop.orders",
                          "SELECT count(*) FROM shop.orders",
                          "SELECT sum(amount) FROM shop.orders",
                          "SELECT max(id) FROM shop.orders",
                          "SELECT region, count(*) FROM shop.orders GROUP BY region",
                          "SELECT id, row_number() OVER () FROM shop.orders",
                          "SELECT a.id FROM shop.orders a JOIN shop.orders b ON a.id = b.id",
                          "SELECT id, (SELECT max(amount) FROM shop.orders) FROM shop.orders",
                          "SELECT id FROM shop.orders WHERE id IN (SELECT id FROM shop.keyed)",
                          "SELECT id FROM shop.orders UNION ALL SELECT id FROM shop.orders",
                          "SELECT region FROM shop.orders WHERE id % 3 = 1",
                          "SELECT region FROM shop.orders ORDER BY region",
                          "SELECT region FROM shop.orders WHERE region = 'r1'",
                          "SELECT * FROM shop.big",
                          "SELECT * FROM shop.keyed",
                          "SELECT * FROM shop.shadow",
                          "SELECT * FROM json_each('[1]')",
                          "SELECT 1"}) {
    EXPECT_FALSE(split({{}, sql})) << sql;
  }
  EXPECT_FALSE(split({{}, "SELECT * FROM shop.orders"}, 1)) << "one lane has nothing to share";
}

TEST_F(ScanSplitTest, ARowidThatIsNamedIsNotLost) {
  for (const char* name : {"rowid", "_ROWID_", "oid", "\"rowid\"", "orders.rowid"}) {
    const std::string sql =
        "SELECT id, CASE WHEN " + std::string(name) + " > 9 THEN 'x' END AS late FROM shop.orders";
    EXPECT_FALSE(split({{}, sql})) << sql;
    EXPECT_FALSE(split({{{"v", sql}}, "SELECT * FROM v"})) << sql;
  }
}

TEST_F(ScanSplitTest, RowidsMayLieAnywhere) {
  SqliteFile(folder_ / "shop.db")
      .run(
          "INSERT INTO orders VALUES (9223372036854775807, 'last', 1), (-9000000000000000000, "
          "'first', 2)");
  const Query query{{}, "SELECT * FROM shop.orders"};
  const auto scan = split(query);
  ASSERT_TRUE(scan);
  EXPECT_EQ(in_parts(*scan), plain(query));
}

TEST_F(ScanSplitTest, FromTheLowestRowidToTheHighest) {
  const Query query{{}, "SELECT * FROM shop.wide"};
  const auto scan = split(query);
  ASSERT_TRUE(scan);
  EXPECT_EQ(in_parts(*scan), plain(query));
}

TEST_F(ScanSplitTest, AllPartsAreOfOneVersion) {
  const Query query{{}, "SELECT * FROM shop.orders"};
  SqliteFile(folder_ / "shop.db").run("PRAGMA journal_mode=WAL");
  const std::vector<std::string> before = plain(query);
  const auto scan = split(query);
  ASSERT_TRUE(scan);
  SqliteFile(folder_ / "shop.db").run("DELETE FROM orders WHERE id % 2 = 0");
  EXPECT_EQ(in_parts(*scan), before);
  EXPECT_LT(plain(query).size(), before.size());
}

}  // namespace
}  // namespace sluice
