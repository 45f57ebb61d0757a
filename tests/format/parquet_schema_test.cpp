#include "format/parquet_schema.h"

#include <gtest/gtest.h>

#include "format/parquet_reader.h"
#include "support/caught.h"
#include "support/nested_bytes.h"

namespace sluice {
namespace {

const ColumnType kText{ColumnKind::kText};
const ColumnType kInteger{ColumnKind::kInteger};

std::vector<FileColumn> columns() {
  return {{"flat", kInteger, 2},
          {"list", list_of(list_of(kText)), 0},
          {"map", map_of(kText, struct_of({{"a", kInteger}, {"b", {ColumnKind::kUnsigned}}})), 1}};
}

struct Wanted {
  std::string name;
  uint8_t definition;
  uint8_t repetition;
};

TEST(ParquetSchema, LeavesHaveTheirLevels) {
  const std::vector<ParquetLeaf> leaves = parquet_leaves(columns());
  const std::vector<Wanted> wanted = {{"flat", 1, 0},
                                      {"list.list.element.list.element", 5, 2},
                                      {"map.key_value.key", 2, 1},
                                      {"map.key_value.value.a", 4, 1},
                                      {"map.key_value.value.b", 4, 1}};
  ASSERT_EQ(leaves.size(), wanted.size());
  for (size_t i = 0; i < wanted.size(); ++i) {
    EXPECT_EQ(leaves[i].column.name, wanted[i].name);
    EXPECT_EQ(leaves[i].levels.definition, wanted[i].definition);
    EXPECT_EQ(leaves[i].levels.repetition, wanted[i].repetition);
  }
  EXPECT_EQ(leaves[0].column.source, 2U);
  EXPECT_EQ(leaves[2].path, (std::vector<std::string>{"map", "key_value", "key"}));
  EXPECT_EQ(count_parquet_leaves(columns()[2].type), 3U);
}

TEST(ParquetSchema, ElementsAreThoseOfTheFormat) {
  std::string bytes;
  ThriftWriter writer(bytes);
  writer.begin_struct();
  write_parquet_schema(writer, columns());
  writer.end_struct();
  std::string_view left = bytes;
  const Thrift written = ThriftReader(left).structure();
  const std::vector<Thrift>& elements = written[2].list;
  // Name, repetition (required, optional, repeated) and children, or -1 for a leaf.
  const std::vector<std::tuple<std::string, int64_t, int64_t>> wanted = {
      {"flat", 1, -1}, {"list", 1, 1},     {"list", 2, 1}, {"element", 1, 1},
      {"list", 2, 1},  {"element", 1, -1}, {"map", 1, 1},  {"key_value", 2, 2},
      {"key", 0, -1},  {"value", 1, 2},    {"a", 1, -1},   {"b", 1, -1}};
  ASSERT_EQ(elements.size(), wanted.size() + 1);
  EXPECT_EQ(elements[0][5].number, 3);
  for (size_t i = 0; i < wanted.size(); ++i) {
    const Thrift& element = elements[i + 1];
    const auto& [name, repetition, children] = wanted[i];
    EXPECT_EQ(element[4].bytes, name);
    EXPECT_EQ(element[3].number, repetition);
    EXPECT_EQ(element.has(5) ? element[5].number : -1, children);
    EXPECT_EQ(element.has(1), children < 0);
  }
  EXPECT_EQ(elements[2][6].number, 3);
  EXPECT_TRUE(elements[2][10].has(3));
  EXPECT_FALSE(elements[3].has(10));
  EXPECT_EQ(elements[7][6].number, 1);
  EXPECT_TRUE(elements[7][10].has(2));
  EXPECT_FALSE(elements[10].has(10));
}

TEST(ParquetSchema, TypesWithoutAPlace) {
  EXPECT_ERROR(parquet_leaves({{"c", struct_of({}), 0}}), kInvalid);
  EXPECT_ERROR(parquet_leaves({{"c", list_of(struct_of({})), 0}}), kInvalid);
  ColumnType deep = kText;
  for (int i = 0; i < 127; ++i) deep = list_of(deep);
  EXPECT_EQ(parquet_leaves({{"c", deep, 0}}).front().levels.definition, 255);
  EXPECT_ERROR(parquet_leaves({{"c", list_of(deep), 0}}), kInvalid);
}

}  // namespace
}  // namespace sluice
