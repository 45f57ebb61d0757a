#include <gtest/gtest.h>

#include "base/limits.h"
#include "intake/made_parquet.h"
#include "intake/parquet_records.h"
#include "support/caught.h"

namespace sluice {
namespace {

std::vector<DataColumn> columns_of(std::vector<MadeElement> elements, int children) {
  MadeFile file;
  file.schema = std::move(elements);
  file.children = children;
  return parquet_columns(*range_in_memory(made_file(file)));
}

MadeElement annotated(MadeElement element, int converted) {
  element.converted = converted;
  return element;
}

TEST(ParquetColumns, TypesOfLeaves) {
  MadeElement uuid = made_leaf("u", ParquetType::kFixedLenByteArray);
  uuid.width = 16;
  uuid.logical = 14;
  MadeElement decimal = annotated(made_leaf("d", ParquetType::kInt64, kMadeOptional), 5);
  decimal.precision = 12;
  decimal.scale = 3;
  const auto columns = columns_of(
      {made_leaf("i", ParquetType::kInt32), uuid, decimal,
       annotated(made_leaf("b", ParquetType::kInt32), 11),
       annotated(made_leaf("j", ParquetType::kByteArray), 19), made_leaf("t", ParquetType::kInt96)},
      6);
  ASSERT_EQ(columns.size(), 6U);
  EXPECT_EQ(columns[0].type, "Int32");
  EXPECT_EQ(columns[1].type, "UUID");
  EXPECT_EQ(columns[2].type, "Nullable(Decimal(12, 3))");
  EXPECT_EQ(columns[2].kind, DataKind::kDecimal);
  EXPECT_TRUE(columns[2].nullable);
  EXPECT_EQ(columns[3].type, "UInt8");
  EXPECT_EQ(columns[4].type, "JSON");
  EXPECT_EQ(columns[5].type, "DateTime64(6)");
}

TEST(ParquetColumns, TypesOfWhatHasFields) {
  const auto columns = columns_of(
      {annotated(made_group("l", 1, kMadeOptional), 3), made_group("list", 1, kMadeRepeated),
       made_leaf("element", ParquetType::kInt64), annotated(made_group("m", 1), 1),
       made_group("kv", 2, kMadeRepeated), annotated(made_leaf("k", ParquetType::kByteArray), 0),
       made_leaf("v", ParquetType::kDouble, kMadeOptional), made_group("g", 1, kMadeOptional),
       made_leaf("x", ParquetType::kInt32)},
      3);
  ASSERT_EQ(columns.size(), 3U);
  EXPECT_EQ(columns[0].type, "Nullable(Array(Int64))");
  EXPECT_EQ(columns[1].type, "Map(String, Nullable(Float64))");
  EXPECT_EQ(columns[2].type, "Nullable(JSON)");
}

TEST(ParquetColumns, NamesThatAreNotAllowedKeepTheirPath) {
  const auto leaf = [](const char* name) { return made_leaf(name, ParquetType::kInt32); };
  const auto columns =
      columns_of({leaf("a b"), leaf("A_B"), leaf("2x"), leaf("rowid"), leaf(""), leaf("ok")}, 6);
  EXPECT_EQ(columns[0].name, "a_b");
  EXPECT_EQ(columns[0].json_path, "$.['a b']");
  EXPECT_EQ(columns[1].name, "A_B_2");
  EXPECT_EQ(columns[1].json_path, "$.A_B");
  EXPECT_EQ(columns[2].name, "_2x");
  EXPECT_EQ(columns[3].name, "rowid_");
  EXPECT_EQ(columns[4].name, "_");
  EXPECT_EQ(columns[5].json_path, "");
  EXPECT_EQ(parse_schema(schema_text(columns)).size(), 6U);
}

TEST(ParquetColumns, NoneAndTooMany) {
  EXPECT_ERROR(columns_of({made_leaf("a`b", ParquetType::kInt32)}, 1), kInvalid);
  EXPECT_ERROR(columns_of({}, 0), kInvalid);
  const std::vector<MadeElement> wide(limits::kColumns + 1, made_leaf("x", ParquetType::kInt32));
  EXPECT_ERROR(columns_of(wide, static_cast<int>(wide.size())), kTooLarge);
}

}  // namespace
}  // namespace sluice
