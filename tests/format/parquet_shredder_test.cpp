#include "format/parquet_shredder.h"

#include <gtest/gtest.h>

#include "format/column_checks.h"
#include "format/parquet_schema.h"
#include "support/caught.h"
#include "support/nested_bytes.h"

namespace sluice {
namespace {

/// A nested column, its leaves, and what they were given: levels as `definition repetition`.
class ShredderTest : public testing::Test {
 protected:
  void make(const ColumnType& type) {
    column_ = {"c", type, 0};
    leaves_ = parquet_leaves({column_});
    for (const ParquetLeaf& leaf : leaves_) {
      columns_.push_back(make_parquet_column(leaf.column, leaf.levels));
    }
    batch_.reset(1);
  }
  void row(const NestedBytes& value) {
    batch_.add_bytes(0, ValueType::kNested, value.take());
    batch_.end_row();
  }
  void null() {
    batch_.add_null(0);
    batch_.end_row();
  }
  void shred() { ParquetShredder(column_, columns_).add(batch_); }

  /// Of the only page of a leaf: "definition/repetition definition/repetition ...".
  std::string levels(size_t leaf) {
    const Encoded encoded = encode(*columns_.at(leaf));
    const Page& page = encoded.pages.back();
    const auto entries = static_cast<size_t>(page.values());
    const LevelLimits highest = leaves_.at(leaf).levels;
    std::string_view left = page.body;
    std::vector<uint32_t> repetition(entries);
    if (highest.repetition > 0) repetition = take(left, highest.repetition, entries);
    const std::vector<uint32_t> definition = take(left, highest.definition, entries);
    data_ = left;
    std::string text;
    for (size_t i = 0; i < entries; ++i) {
      text +=
          (i == 0 ? "" : " ") + std::to_string(definition[i]) + "/" + std::to_string(repetition[i]);
    }
    return text;
  }

  std::string data_;  ///< The values of the page.
  Batch batch_;
  FileColumn column_;
  std::vector<ParquetLeaf> leaves_;
  std::vector<std::unique_ptr<ParquetColumn>> columns_;

 private:
  static std::vector<uint32_t> take(std::string_view& page, uint8_t highest, size_t count) {
    uint32_t bytes = 0;
    std::memcpy(&bytes, page.data(), sizeof bytes);
    const auto width = static_cast<unsigned>(std::bit_width(static_cast<unsigned>(highest)));
    const std::vector<uint32_t> levels = decode_rle(page.substr(4, bytes), width, count);
    page.remove_prefix(4 + bytes);
    return levels;
  }
};

const ColumnType kInteger{ColumnKind::kInteger};
const ColumnType kText{ColumnKind::kText};

TEST_F(ShredderTest, NullEmptyAndFullLists) {
  make(list_of(kInteger));
  row(NestedBytes().begin(2).integer(7).integer(8));
  null();
  row(NestedBytes().begin(0));
  row(NestedBytes().begin(2).null().integer(9));
  shred();
  EXPECT_EQ(levels(0), "3/0 3/1 0/0 1/0 2/0 3/1");
  EXPECT_EQ(data_, plain(int64_t{7}) + plain(int64_t{8}) + plain(int64_t{9}));
}

TEST_F(ShredderTest, ListsOfLists) {
  make(list_of(list_of(kInteger)));
  row(NestedBytes().begin(3).begin(2).integer(1).integer(2).begin(0).begin(1).integer(3));
  row(NestedBytes().begin(2).null().begin(1).null());
  shred();
  EXPECT_EQ(levels(0), "5/0 5/2 3/1 5/1 2/0 4/1");
}

TEST_F(ShredderTest, MapsHaveKeysThatAreThere) {
  make(map_of(kText, kInteger));
  row(NestedBytes().begin(2).text("a").integer(1).text("b").null());
  row(NestedBytes().begin(0));
  null();
  shred();
  EXPECT_EQ(levels(0), "2/0 2/1 1/0 0/0");
  EXPECT_EQ(data_, plain_text("a") + plain_text("b"));
  EXPECT_EQ(levels(1), "3/0 2/1 1/0 0/0");
}

TEST_F(ShredderTest, Structs) {
  make(struct_of({{"a", kInteger}, {"b", struct_of({{"c", list_of(kText)}})}}));
  row(NestedBytes().begin(2).integer(1).begin(1).begin(1).text("x"));
  row(NestedBytes().begin(2).null().null());
  row(NestedBytes().begin(2).null().begin(1).null());
  null();
  shred();
  EXPECT_EQ(levels(0), "2/0 1/0 1/0 0/0");
  EXPECT_EQ(levels(1), "5/0 1/0 2/0 0/0");
}

TEST_F(ShredderTest, ChosenRows) {
  make(list_of(kInteger));
  for (int64_t i = 0; i < 4; ++i) row(NestedBytes().begin(1).integer(i));
  ParquetShredder shredder(column_, columns_);
  shredder.add(batch_, std::vector<uint32_t>{3, 1});
  EXPECT_EQ(levels(0), "3/0 3/0");
  EXPECT_EQ(data_, plain(int64_t{3}) + plain(int64_t{1}));
}

TEST_F(ShredderTest, ValuesOfAnotherTypeAreRefused) {
  make(map_of(kText, kInteger));
  row(NestedBytes().begin(1).null().integer(1));
  EXPECT_ERROR(shred(), kInternal);
  batch_.clear();
  row(NestedBytes().begin(1).text("k").text("x"));
  EXPECT_ERROR(shred(), kInternal);
  batch_.clear();
  row(NestedBytes().begin(1).text("k").begin(0));
  EXPECT_ERROR(shred(), kInternal);
  batch_.clear();
  batch_.add_text(0, "x");
  batch_.end_row();
  EXPECT_ERROR(shred(), kInternal);
}

/// Each page of a leaf begins a record, though records are longer than pages and the dictionary
/// ends within one.
TEST_F(ShredderTest, PagesBeginWithRecords) {
  for (const ColumnKind kind : {ColumnKind::kText, ColumnKind::kInteger, ColumnKind::kBoolean}) {
    columns_.clear();
    make(list_of({kind}));
    for (uint32_t row_number = 0; row_number < 40; ++row_number) {
      NestedBytes value;
      value.begin(row_number * 700);
      for (uint32_t i = 0; i < row_number * 700; ++i) {
        const uint32_t number = row_number < 20 ? i % 50 : i * 77 + row_number;
        if (kind == ColumnKind::kText) {
          value.text("the text of a value, so long that it pays, " + std::to_string(number));
        } else {
          value.integer(kind == ColumnKind::kBoolean ? number % 2 : number);
        }
      }
      row(value);
    }
    shred();
    const Encoded encoded = encode(*columns_.front());
    size_t entries = 0;
    for (const Page& page : encoded.pages) {
      if (page.dictionary()) continue;
      uint32_t bytes = 0;
      std::memcpy(&bytes, page.body.data(), sizeof bytes);
      const auto count = static_cast<size_t>(page.values());
      EXPECT_EQ(decode_rle(page.body.substr(4, bytes), 1, count).front(), 0U);
      entries += count;
    }
    EXPECT_GT(encoded.pages.size(), 10U);
    EXPECT_EQ(encoded.chunk.values, 1 + 700 * 39 * 40 / 2);
    EXPECT_EQ(entries, static_cast<size_t>(encoded.chunk.values));
  }
}

}  // namespace
}  // namespace sluice
