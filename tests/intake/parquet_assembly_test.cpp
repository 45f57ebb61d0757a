#include "intake/parquet_assembly.h"

#include <gtest/gtest.h>

#include "intake/made_parquet.h"
#include "support/caught.h"

namespace sluice {
namespace {

/// One page of an INT32 leaf: its levels and values.
struct Leaf {
  std::vector<uint32_t> repetition;
  std::vector<uint32_t> definition;
  std::vector<int32_t> values;
};

std::string page_of(const Leaf& leaf) {
  MadePage page;
  page.values = static_cast<int>(leaf.definition.size());
  if (!leaf.repetition.empty()) page.body = with_length(packed_run(leaf.repetition, 2));
  page.body += with_length(packed_run(leaf.definition, 3)) + plain(leaf.values);
  return made_page(page);
}

/// `rows` rows of a column whose leaves have levels of two and three bits.
std::vector<std::string> assembled(const std::vector<MadeElement>& schema,
                                   const std::vector<Leaf>& leaves, int64_t rows) {
  MadeFile file;
  file.schema = schema;
  file.children = 1;
  MadeGroup group{rows, {}};
  for (const Leaf& leaf : leaves) {
    MadeChunk chunk;
    chunk.values = static_cast<int64_t>(leaf.definition.size());
    chunk.pages = page_of(leaf);
    group.chunks.push_back(chunk);
  }
  file.groups = {group};
  return read_cells(made_file(file));
}

MadeElement list_type(MadeElement element) {
  element.converted = 3;
  return element;
}

/// optional l: list of optional lists of optional integers; levels 2 and 5.
const std::vector<MadeElement> kListOfLists = {
    list_type(made_group("l", 1, kMadeOptional)), made_group("list", 1, kMadeRepeated),
    list_type(made_group("element", 1, kMadeOptional)), made_group("list", 1, kMadeRepeated),
    made_leaf("element", ParquetType::kInt32, kMadeOptional)};

/// optional l: list of required {optional a, optional c {optional dd {d}}}; levels 1 and 4.
const std::vector<MadeElement> kListOfGroups = {list_type(made_group("l", 1, kMadeOptional)),
                                                made_group("list", 1, kMadeRepeated),
                                                made_group("element", 2),
                                                made_leaf("a", ParquetType::kInt32, kMadeOptional),
                                                made_group("c", 1, kMadeOptional),
                                                made_group("dd", 1, kMadeOptional),
                                                made_leaf("d", ParquetType::kInt32)};

TEST(ParquetAssembly, ListsOfLists) {
  // [[1, null], null, []], [], null, [[2]]
  EXPECT_EQ(assembled(kListOfLists, {{{0, 2, 1, 1, 0, 0, 0}, {5, 4, 2, 3, 1, 0, 5}, {1, 2}}}, 4),
            (std::vector<std::string>{"'[[1,null],null,[]]'", "'[]'", "NULL", "'[[2]]'"}));
}

std::vector<std::string> groups(const Leaf& a, const Leaf& d, int64_t rows) {
  // Levels of one list: one bit; of definitions up to 3 two, up to 4 three bits.
  MadeFile file;
  file.schema = kListOfGroups;
  file.children = 1;
  const auto chunk_of = [](const Leaf& leaf, unsigned width) {
    MadePage page;
    page.values = static_cast<int>(leaf.definition.size());
    page.body = with_length(packed_run(leaf.repetition, 1)) +
                with_length(packed_run(leaf.definition, width)) + plain(leaf.values);
    MadeChunk chunk;
    chunk.values = page.values;
    chunk.pages = made_page(page);
    return chunk;
  };
  file.groups = {{rows, {chunk_of(a, 2), chunk_of(d, 3)}}};
  return read_cells(made_file(file));
}

TEST(ParquetAssembly, GroupsInLists) {
  EXPECT_EQ(groups({{0, 1, 1, 0}, {3, 2, 3, 0}, {1, 3}}, {{0, 1, 1, 0}, {4, 2, 3, 0}, {7}}, 2),
            (std::vector<std::string>{
                R"('[{"a":1,"c":{"dd":{"d":7}}},{"a":null,"c":null},{"a":3,"c":{"dd":null}}]')",
                "NULL"}));
}

TEST(ParquetAssembly, LeavesThatDisagreeAreInvalid) {
  const Leaf a{{0, 1, 0}, {3, 3, 3}, {1, 2, 3}};
  EXPECT_ERROR(groups(a, {{0, 0}, {2, 2}, {}}, 2), kInvalid) << "fewer elements";
  EXPECT_ERROR(groups(a, {{0, 0, 1}, {2, 2, 2}, {}}, 2), kInvalid) << "elsewhere";
  EXPECT_ERROR(groups(a, {{0, 1, 0}, {2, 2, 0}, {}}, 2), kInvalid) << "NULL for one of them";
  EXPECT_ERROR(groups(a, {{0, 1, 0}, {2, 1, 2}, {}}, 2), kInvalid) << "empty for one of them";
  EXPECT_ERROR(groups(a, {{0, 1}, {2, 2}, {}}, 2), kInvalid) << "it ends sooner";
  EXPECT_ERROR(groups({{1, 0}, {3, 3}, {1, 2}}, {{1, 0}, {2, 2}, {}}, 1), kInvalid)
      << "the first goes on with a row before it";
  EXPECT_ERROR(groups(a, {{0, 1, 0}, {2, 2, 2}, {}}, 1), kInvalid) << "more rows";
  EXPECT_ERROR(groups(a, {{0, 1, 0}, {2, 2, 2}, {}}, 3), kInvalid) << "fewer rows";
}

TEST(ParquetAssembly, MapsAreObjects) {
  MadeElement map = made_group("m", 1, kMadeOptional);
  map.converted = 1;
  const std::vector<MadeElement> schema = {map, made_group("key_value", 2, kMadeRepeated),
                                           made_leaf("key", ParquetType::kInt32),
                                           made_leaf("value", ParquetType::kInt32, kMadeOptional)};
  MadeFile file;
  file.schema = schema;
  file.children = 1;
  const auto chunk_of = [](const std::vector<uint32_t>& definition, std::vector<int32_t> values) {
    MadePage page;
    page.values = 4;
    page.body = with_length(packed_run({0, 1, 0, 0}, 1)) + with_length(packed_run(definition, 2)) +
                plain(values);
    MadeChunk chunk;
    chunk.values = 4;
    chunk.pages = made_page(page);
    return chunk;
  };
  file.groups = {{3, {chunk_of({2, 2, 1, 0}, {5, 6}), chunk_of({3, 2, 1, 0}, {50})}}};
  EXPECT_EQ(read_cells(made_file(file)),
            (std::vector<std::string>{R"('{"5":50,"6":null}')", "'{}'", "NULL"}));
}

TEST(ParquetAssembly, ABillionNullsInOneRowAreTooLarge) {
  // Two runs say it: 50 million elements, each NULL.
  constexpr uint32_t kElements = 50'000'000;
  const auto run = [](uint32_t count, uint8_t value) {
    std::string bytes;
    for (uint32_t head = count << 1; head > 0; head >>= 7) {
      bytes += static_cast<char>((head & 0x7f) | (head > 0x7f ? 0x80 : 0));
    }
    return bytes + static_cast<char>(value);
  };
  MadePage page;
  page.values = static_cast<int>(kElements);
  page.body = with_length(run(1, 0) + run(kElements - 1, 2)) + with_length(run(kElements, 4));
  MadeChunk chunk;
  chunk.values = kElements;
  chunk.pages = made_page(page);
  MadeFile file;
  file.schema = kListOfLists;
  file.children = 1;
  file.groups = {{1, {chunk}}};
  EXPECT_ERROR(read_cells(made_file(file)), kTooLarge);
}

}  // namespace
}  // namespace sluice
