#include "engine/tree_page.h"

#include <gtest/gtest.h>

#include <string>

namespace sluice {
namespace {

constexpr uint32_t kUsable = 512;
constexpr size_t kSlack = 16;

void put(std::string& page, size_t at, std::initializer_list<int> values) {
  for (const int value : values) page[at++] = static_cast<char>(value);
}

std::string page_of(int type, int cells) {
  std::string page(kUsable + kSlack, '\0');
  put(page, 0, {type, 0, 0, cells >> 8, cells & 0xff});
  return page;
}

TEST(TreePageTest, CellsOfALeaf) {
  std::string page = page_of(0x0d, 1);
  put(page, 8, {0x01, 0xf0});
  put(page, 0x1f0, {3, 0x81, 0x00, 2, 1, 7});
  const TreePage leaf(page.data(), kUsable, 2);
  EXPECT_TRUE(leaf.is_leaf());
  EXPECT_FALSE(leaf.is_interior());
  ASSERT_EQ(leaf.cells(), 1U);
  const auto cell = leaf.leaf_cell(0);
  ASSERT_TRUE(cell);
  EXPECT_EQ(cell->rowid, 128);
  EXPECT_EQ(cell->payload, 3U);
  EXPECT_EQ(cell->offset, 0x1f3U);
  EXPECT_EQ(cell->local, 3U);
  EXPECT_EQ(cell->overflow, 0U);
}

TEST(TreePageTest, APayloadThatGoesOn) {
  std::string page = page_of(0x0d, 1);
  put(page, 8, {0x01, 0x00});
  put(page, 0x100, {0x84, 0x00, 1});  // 512 bytes: 39 stay, as the format's formula has it.
  put(page, 0x103 + 39, {0, 0, 1, 2});
  const auto cell = TreePage(page.data(), kUsable, 2).leaf_cell(0);
  ASSERT_TRUE(cell);
  EXPECT_EQ(cell->payload, 512U);
  EXPECT_EQ(cell->local, 39U);
  EXPECT_EQ(cell->overflow, 258U);
}

TEST(TreePageTest, ChildrenAndKeys) {
  std::string page = page_of(0x05, 2);
  put(page, 8, {0, 0, 0, 9});
  put(page, 12, {0x01, 0x80, 0x01, 0x90});
  put(page, 0x180, {0, 0, 0, 7, 50});
  put(page, 0x190, {0, 0, 0, 8, 0x81, 0x00});
  const TreePage view(page.data(), kUsable, 2);
  EXPECT_TRUE(view.is_interior());
  EXPECT_EQ(view.child(0), 7U);
  EXPECT_EQ(view.child(1), 8U);
  EXPECT_EQ(view.child(2), 9U) << "the rightmost stands in the header";
  EXPECT_EQ(view.key(0), 50);
  EXPECT_EQ(view.key(1), 128);
}

TEST(TreePageTest, TheFirstPageBeginsWithTheFilesHeader) {
  std::string page(kUsable + kSlack, '\0');
  put(page, 100, {0x0d, 0, 0, 0, 3});
  EXPECT_TRUE(TreePage(page.data(), kUsable, 1).is_leaf());
  EXPECT_FALSE(TreePage(page.data(), kUsable, 2).is_leaf());
}

TEST(TreePageTest, BrokenCells) {
  std::string page = page_of(0x0d, 400);
  put(page, 8, {0x02, 0x00});
  EXPECT_FALSE(TreePage(page.data(), kUsable, 2).leaf_cell(0)) << "begins behind the page";
  put(page, 8, {0x00, 0x04});
  EXPECT_FALSE(TreePage(page.data(), kUsable, 2).leaf_cell(0)) << "begins in the header";
  EXPECT_FALSE(TreePage(page.data(), kUsable, 2).leaf_cell(399))
      << "its pointer is behind the page";
  put(page, 8, {0x01, 0xf8});
  put(page, 0x1f8, {100, 1});
  EXPECT_FALSE(TreePage(page.data(), kUsable, 2).leaf_cell(0)) << "ends behind the page";
  put(page, 0x1f8, {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff});
  EXPECT_FALSE(TreePage(page.data(), kUsable, 2).leaf_cell(0)) << "a size of nearly 2^64";
}

}  // namespace
}  // namespace sluice
