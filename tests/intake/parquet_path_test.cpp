#include "intake/parquet_path.h"

#include <gtest/gtest.h>

#include "support/caught.h"

namespace sluice {
namespace {

ParquetNode node(std::string name, ParquetShape shape, std::vector<ParquetNode> children = {}) {
  ParquetNode made;
  made.name = std::move(name);
  made.shape = shape;
  made.children = std::move(children);
  return made;
}

/// root {a {b, c}, items [ {sku, n} ], d.e}
ParquetNode root() {
  ParquetNode sku = node("sku", ParquetShape::kLeaf);
  sku.first_leaf = 2;
  sku.leaves = 1;
  ParquetNode element =
      node("element", ParquetShape::kGroup, {sku, node("n", ParquetShape::kLeaf)});
  element.first_leaf = 2;
  element.leaves = 2;
  ParquetNode items = node("items", ParquetShape::kList, {element});
  items.first_leaf = 2;
  items.leaves = 2;
  items.element_repetition = 1;
  return node("", ParquetShape::kGroup,
              {node("a", ParquetShape::kGroup,
                    {node("b", ParquetShape::kLeaf), node("c", ParquetShape::kLeaf)}),
               items, node("d.e", ParquetShape::kLeaf)});
}

std::optional<ParquetNode> find(const std::string& name, const std::string& path = {}) {
  DataColumn column;
  column.name = name;
  column.json_path = path;
  return find_field(root(), column);
}

TEST(ParquetPath, ByNameOrByPath) {
  EXPECT_EQ(find("a")->children.size(), 2U);
  EXPECT_EQ(find("x", "$.a.c")->name, "c");
  EXPECT_EQ(find("d.e")->name, "d.e") << "a name is no path";
  EXPECT_EQ(find("x", "$.['d.e']")->name, "d.e");
  EXPECT_EQ(find("x", "$")->children.size(), 3U) << "the row itself";
}

TEST(ParquetPath, ElementsOfLists) {
  EXPECT_EQ(find("x", "$.items[:]")->leaves, 2U);
  const auto skus = find("x", "$.items[:].sku");
  EXPECT_EQ(skus->shape, ParquetShape::kList);
  EXPECT_EQ(skus->children[0].name, "sku");
  EXPECT_EQ(skus->leaves, 1U);
  EXPECT_EQ(skus->first_leaf, 2U);
  EXPECT_EQ(skus->element_repetition, 1U);
}

TEST(ParquetPath, WhatIsNotThere) {
  EXPECT_FALSE(find("b").has_value());
  EXPECT_FALSE(find("x", "$.a.x").has_value());
  EXPECT_FALSE(find("x", "$.a.b.c").has_value());
  EXPECT_FALSE(find("x", "$.a[:]").has_value());
  EXPECT_FALSE(find("x", "$.items.sku").has_value());
  EXPECT_FALSE(find("x", "$.items[:].gone").has_value());
  EXPECT_ERROR(find("x", "a.b"), kInvalid);
}

}  // namespace
}  // namespace sluice
