#include "intake/parquet_schema.h"

#include <gtest/gtest.h>

#include "intake/made_parquet.h"
#include "support/caught.h"

namespace sluice {
namespace {

constexpr int kMapType = 1;
constexpr int kListType = 3;

ParquetNode read(const std::vector<MadeElement>& elements) {
  const std::string bytes = made_schema(elements);
  ThriftDecoder in(bytes);
  ThriftField field;
  EXPECT_TRUE(in.next(field));
  return read_parquet_schema(in, field);
}

MadeElement annotated(MadeElement element, int converted) {
  element.converted = converted;
  return element;
}

TEST(ParquetSchema, FlatColumns) {
  const ParquetNode root = read({made_group("schema", 2), made_leaf("a", ParquetType::kInt64),
                                 made_leaf("b", ParquetType::kByteArray, kMadeOptional)});
  ASSERT_EQ(root.children.size(), 2U);
  EXPECT_EQ(root.leaves, 2U);
  EXPECT_EQ(root.children[0].definition, 0U);
  EXPECT_FALSE(root.children[0].optional);
  EXPECT_EQ(root.children[1].definition, 1U);
  EXPECT_TRUE(root.children[1].optional);
  EXPECT_EQ(root.children[1].first_leaf, 1U);
  EXPECT_EQ(root.children[1].shape, ParquetShape::kLeaf);
}

TEST(ParquetSchema, ListsOfTodayHaveThreeLevels) {
  const ParquetNode root =
      read({made_group("schema", 1), annotated(made_group("l", 1, kMadeOptional), kListType),
            made_group("list", 1, kMadeRepeated),
            made_leaf("element", ParquetType::kInt32, kMadeOptional)});
  const ParquetNode& list = root.children[0];
  EXPECT_EQ(list.shape, ParquetShape::kList);
  EXPECT_EQ(list.definition, 1U);
  EXPECT_EQ(list.element_definition, 2U);
  EXPECT_EQ(list.element_repetition, 1U);
  EXPECT_EQ(list.children[0].name, "element");
  EXPECT_EQ(list.children[0].definition, 3U);
  EXPECT_EQ(list.children[0].repetition, 1U);
}

TEST(ParquetSchema, OlderListsByTheRulesOfTheFormat) {
  const auto list_of = [](std::vector<MadeElement> inner) {
    std::vector<MadeElement> all = {made_group("schema", 1),
                                    annotated(made_group("l", 1), kListType)};
    all.insert(all.end(), inner.begin(), inner.end());
    return read(all).children[0];
  };
  const MadeElement leaf = made_leaf("x", ParquetType::kInt32);
  // The repeated field is the element.
  EXPECT_EQ(list_of({made_leaf("e", ParquetType::kInt32, kMadeRepeated)}).children[0].shape,
            ParquetShape::kLeaf);
  EXPECT_EQ(list_of({made_group("e", 2, kMadeRepeated), leaf, leaf}).children[0].children.size(),
            2U);
  EXPECT_EQ(list_of({made_group("array", 1, kMadeRepeated), leaf}).children[0].shape,
            ParquetShape::kGroup);
  EXPECT_EQ(list_of({made_group("l_tuple", 1, kMadeRepeated), leaf}).children[0].shape,
            ParquetShape::kGroup);
  // What it holds is the element.
  EXPECT_EQ(list_of({made_group("e", 1, kMadeRepeated), leaf}).children[0].name, "x");
}

TEST(ParquetSchema, MapsGroupsAndRepeatedFields) {
  const ParquetNode root =
      read({made_group("schema", 3), annotated(made_group("m", 1, kMadeOptional), kMapType),
            made_group("key_value", 2, kMadeRepeated), made_leaf("key", ParquetType::kByteArray),
            made_leaf("value", ParquetType::kInt32, kMadeOptional),
            made_group("g", 1, kMadeOptional), made_leaf("x", ParquetType::kInt32, kMadeOptional),
            made_leaf("r", ParquetType::kInt32, kMadeRepeated)});
  EXPECT_EQ(root.children[0].shape, ParquetShape::kMap);
  EXPECT_EQ(root.children[0].leaves, 2U);
  EXPECT_EQ(root.children[0].children[1].definition, 3U);
  EXPECT_EQ(root.children[1].shape, ParquetShape::kGroup);
  EXPECT_EQ(root.children[1].children[0].definition, 2U);
  const ParquetNode& repeated = root.children[2];
  EXPECT_EQ(repeated.shape, ParquetShape::kList);
  EXPECT_EQ(repeated.definition, 0U) << "always there";
  EXPECT_EQ(repeated.element_definition, 1U);
  EXPECT_EQ(repeated.children[0].definition, 1U);
  EXPECT_EQ(repeated.first_leaf, 3U);
}

TEST(ParquetSchema, WhatIsNoSchemaIsInvalid) {
  const MadeElement leaf = made_leaf("a", ParquetType::kInt32);
  EXPECT_ERROR(read({}), kInvalid);
  EXPECT_ERROR(read({made_group("schema", 2), leaf}), kInvalid) << "one too few";
  EXPECT_ERROR(read({made_group("schema", 1), leaf, leaf}), kInvalid) << "one too many";
  EXPECT_ERROR(read({made_group("schema", 1), made_group("g", 0)}), kInvalid);
  EXPECT_ERROR(read({made_group("schema", 1), made_group("g", -5)}), kInvalid);
  EXPECT_ERROR(read({made_group("schema", 1), made_group("g", 2147483647), leaf}), kInvalid);
  EXPECT_ERROR(read({made_group("schema", 1), made_leaf("x", ParquetType(8))}), kInvalid);
  EXPECT_ERROR(read({made_group("schema", 1), made_leaf("x", ParquetType::kFixedLenByteArray)}),
               kInvalid);
  EXPECT_ERROR(read({made_group("schema", 1), made_leaf("\xff", ParquetType::kInt32)}), kInvalid);
}

TEST(ParquetSchema, DepthAndWidthHaveLimits) {
  std::vector<MadeElement> deep(10000, made_group("g", 1));
  deep.push_back(made_leaf("x", ParquetType::kInt32));
  EXPECT_ERROR(read(deep), kTooLarge);
  std::vector<MadeElement> wide(20000, made_leaf("x", ParquetType::kInt32));
  wide.insert(wide.begin(), made_group("schema", 20000));
  EXPECT_ERROR(read(wide), kTooLarge);
}

TEST(ParquetSchema, AVariantIsNamed) {
  MadeElement variant = made_group("v", 2);
  variant.logical = 16;
  const MadeElement leaf = made_leaf("metadata", ParquetType::kByteArray);
  const Error error = caught([&] { read({made_group("schema", 1), variant, leaf, leaf}); });
  EXPECT_EQ(error.code(), ErrorCode::kInvalid);
  EXPECT_NE(error.message().find("'v' of the Parquet file is a VARIANT"), std::string::npos);
}

TEST(ParquetSchema, LongNamesAreCutBetweenCharacters) {
  EXPECT_EQ(shown_name("a b"), "a b");
  EXPECT_EQ(shown_name(std::string(300, 'x')), std::string(128, 'x'));
  const std::string cut = shown_name(std::string(127, 'x') + "\u00fc\u00fc");
  EXPECT_EQ(cut, std::string(127, 'x'));
}

}  // namespace
}  // namespace sluice
