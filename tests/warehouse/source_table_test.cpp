#include "warehouse/source_table.h"

#include <gtest/gtest.h>

#include "base/limits.h"
#include "support/caught.h"

namespace sluice {
namespace {

DataColumn column(const std::string& name, const std::string& type) {
  return parse_schema(name + " " + type).front();
}

struct Memory {
  std::string value(const std::string& sql) { return database.execAndGet(sql).getString(); }
  SQLite::Database database{":memory:", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE};
};

TEST(SourceTable, ColumnsAsTheyAreDeclared) {
  EXPECT_EQ(column_sql(column("a", "Int32")), "\"a\" INTEGER NOT NULL");
  EXPECT_EQ(column_sql(column("a", "Nullable(String)")), "\"a\" TEXT");
  EXPECT_EQ(column_sql(column("price", "Decimal(10, 2)")), "\"price\" DECIMAL(10,2) NOT NULL");
}

TEST(SourceTable, LongDecimalsKeepEveryDigit) {
  Memory memory;
  memory.database.exec(create_table_sql("t", {column("price", "Decimal(30, 4)")}));
  memory.database.exec("INSERT INTO t VALUES ('12345678901234567890.1230')");
  EXPECT_EQ(memory.value("SELECT price FROM t"), "12345678901234567890.1230");
  EXPECT_EQ(memory.value("SELECT typeof(price) FROM t"), "text");
}

TEST(SourceTable, EveryKindOfValueGoesInAndCounts) {
  Memory memory;
  const std::vector<DataColumn> columns = {
      column("i", "Nullable(Int64)"), column("r", "Nullable(Float64)"),
      column("t", "Nullable(String)"), column("u", "Nullable(String)")};
  memory.database.exec(create_table_sql("t", columns));
  Batch batch;
  batch.reset(4);
  batch.add_integer(0, -5);
  batch.add_real(1, 0.5);
  batch.add_text(2, "äh");
  batch.add_null(3);
  batch.end_row();
  batch.add_null(0);
  batch.add_null(1);
  batch.add_text(2, "");
  batch.add_text(3, std::string_view("a\0b", 3));
  batch.end_row();
  const SourceCounts counts =
      RowInserter(memory.database, "t", columns, columns.size()).insert(batch);
  EXPECT_EQ(counts.rows, 2U);
  EXPECT_EQ(counts.bytes, 8U + 8 + 3 + 3);
  EXPECT_EQ(memory.value("SELECT sum(" + row_bytes_sql(columns) + ") FROM t"),
            std::to_string(counts.bytes));
  EXPECT_EQ(memory.value("SELECT i || r || t || ifnull(u, '-') FROM t LIMIT 1"), "-50.5äh-");
  EXPECT_EQ(memory.value("SELECT hex(u) FROM t WHERE i IS NULL"), "610062");
}

TEST(SourceTable, AsManyColumnsAsThereCanBe) {
  Memory memory;
  std::vector<DataColumn> columns;
  Batch batch;
  batch.reset(limits::kColumns);
  for (size_t i = 0; i < limits::kColumns; ++i) {
    columns.push_back(column("c" + std::to_string(i), "Int8"));
    batch.add_integer(i, 1);
  }
  batch.end_row();
  memory.database.exec(create_table_sql("t", columns));
  RowInserter(memory.database, "t", columns, columns.size()).insert(batch);
  EXPECT_EQ(memory.value("SELECT sum(" + row_bytes_sql(columns) + ") FROM t"),
            std::to_string(8 * limits::kColumns));
}

TEST(SourceTable, FewerColumnsThanTheTableHas) {
  Memory memory;
  const std::vector<DataColumn> columns = {column("a", "Int64"), column("b", "Nullable(Int64)")};
  memory.database.exec(create_table_sql("t", columns));
  Batch batch;
  batch.reset(1);
  batch.add_integer(0, 3);
  batch.end_row();
  RowInserter(memory.database, "t", columns, 1).insert(batch);
  EXPECT_EQ(memory.value("SELECT a || ifnull(b, 'null') FROM t"), "3null");
}

TEST(SourceTable, FailedRowLeavesTheInserterOfUse) {
  Memory memory;
  const std::vector<DataColumn> columns = {column("a", "Int64")};
  memory.database.exec(create_table_sql("t", columns));
  RowInserter inserter(memory.database, "t", columns, 1);
  Batch batch;
  batch.reset(1);
  batch.add_null(0);
  batch.end_row();
  EXPECT_THROW(inserter.insert(batch), SQLite::Exception);
  batch.clear();
  batch.add_integer(0, 1);
  batch.end_row();
  EXPECT_EQ(inserter.insert(batch).rows, 1U);
  EXPECT_EQ(memory.value("SELECT count(*) FROM t"), "1");
}

TEST(SourceTable, QuarantineSaysWhatWhereAndWhy) {
  Memory memory;
  memory.database.exec(create_quarantine_sql("q"));
  QuarantineInserter inserter(memory.database, "q");
  const RejectedRow row{7, "{\"a\":\"x\"}", {"a", "b"}, {"No number.", "Missing."}};
  EXPECT_EQ(inserter.insert({row}, {"import-1", "2026-11-23 08:30:00"}).quarantined, 1U);
  EXPECT_EQ(inserter.insert({row, row}, {"", "2026-11-23 08:30:00"}).quarantined, 2U);
  EXPECT_EQ(memory.value("SELECT c__error_column || c__error FROM q"),
            "[\"a\",\"b\"][\"No number.\",\"Missing.\"]");
  EXPECT_EQ(memory.value("SELECT c__import_id || insertion_date || c__line || c__row FROM q"),
            "import-12026-11-23 08:30:007{\"a\":\"x\"}");
  EXPECT_EQ(memory.value("SELECT count(*) FROM q WHERE c__import_id IS NULL"), "2");
}

TEST(SourceTable, CountsAddUp) {
  SourceCounts counts{1, 2, 3};
  counts += {10, 20, 30};
  EXPECT_EQ(counts.rows, 11U);
  EXPECT_EQ(counts.bytes, 22U);
  EXPECT_EQ(counts.quarantined, 33U);
  EXPECT_EQ(quarantine_name("a"), "a_quarantine");
}

}  // namespace
}  // namespace sluice
