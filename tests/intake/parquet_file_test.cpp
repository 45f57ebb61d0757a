#include "intake/parquet_file.h"

#include <gtest/gtest.h>

#include "intake/made_parquet.h"
#include "support/caught.h"

namespace sluice {
namespace {

MadeFile two_groups() {
  MadeFile file = one_plain_page(made_leaf("a", ParquetType::kInt32), 2, plain<int32_t>({1, 2}));
  file.groups.push_back(file.groups[0]);
  return file;
}

Error refused(const std::string& file) {
  return caught([&] { ParquetFile(*range_in_memory(file)).chunks(0); });
}
Error refused(const MadeFile& file) { return refused(made_file(file)); }

TEST(ParquetFile, SaysWhereThePagesAre) {
  const MadeFile made = two_groups();
  const ParquetFile file(*range_in_memory(made_file(made)));
  ASSERT_EQ(file.groups(), 2U);
  EXPECT_EQ(file.rows(1), 2);
  EXPECT_EQ(file.root().children[0].name, "a");
  const auto first = file.chunks(0);
  const auto second = file.chunks(1);
  ASSERT_EQ(first.size(), 1U);
  EXPECT_EQ(first[0].begin, 4U);
  EXPECT_EQ(first[0].size, made.groups[0].chunks[0].pages.size());
  EXPECT_EQ(first[0].values, 2);
  EXPECT_EQ(second[0].begin, 4U + first[0].size);
}

TEST(ParquetFile, WhatIsNoParquetFile) {
  EXPECT_NE(refused("").message().find("no Parquet file: it has 0 bytes"), std::string::npos);
  EXPECT_NE(refused("{\"a\": 1}\n{\"a\": 2}\n").message().find("does not end with PAR1"),
            std::string::npos);
  const std::string whole = made_file(two_groups());
  EXPECT_EQ(refused(whole.substr(0, whole.size() - 1)).code(), ErrorCode::kInvalid);
  EXPECT_NE(refused("X" + whole.substr(1)).message().find("does not begin"), std::string::npos);
  std::string longer = whole;
  longer[longer.size() - 5] = '\x7f';
  EXPECT_NE(refused(longer).message().find("longer than the file"), std::string::npos);
  EXPECT_EQ(refused(made_file_of("")).code(), ErrorCode::kInvalid);
  EXPECT_EQ(refused(made_file_of(std::string(1, '\0'))).code(), ErrorCode::kInvalid);
  EXPECT_EQ(refused(made_file_of(std::string(10000, '\x1c'))).code(), ErrorCode::kInvalid);
  EXPECT_EQ(refused(made_file_of(std::string(33 << 20, '\0'))).code(), ErrorCode::kTooLarge);
}

TEST(ParquetFile, EncryptionIsNamed) {
  MadeFile file = two_groups();
  file.encrypted = true;
  EXPECT_NE(refused(file).message().find("encrypted"), std::string::npos);
  file = two_groups();
  file.groups[0].chunks[0].encrypted = true;
  EXPECT_NE(refused(file).message().find("encrypted"), std::string::npos);
  std::string footer = made_file(two_groups());
  footer.back() = 'E';
  EXPECT_NE(refused(footer).message().find("encrypted"), std::string::npos);
}

TEST(ParquetFile, NumbersOfRowsThatLie) {
  MadeFile file = two_groups();
  for (const int64_t rows : {int64_t{5}, int64_t{0}, int64_t{-1}, int64_t{1} << 62}) {
    file.rows = rows;
    EXPECT_EQ(refused(file).code(), ErrorCode::kInvalid) << rows;
  }
  file.rows = 2;
  file.groups[0].rows = -2;
  EXPECT_EQ(refused(file).code(), ErrorCode::kInvalid);
  file.rows = {};
  file.groups[0].rows = file.groups[1].rows = std::numeric_limits<int64_t>::max();
  file.rows = -2;  // Their sum, wrapped around.
  EXPECT_EQ(refused(file).code(), ErrorCode::kInvalid);
}

TEST(ParquetFile, PagesOutsideOfTheFile) {
  const auto with = [](int64_t offset, int64_t size) {
    MadeFile file = two_groups();
    file.groups[0].chunks[0].offset = offset;
    file.groups[0].chunks[0].size = size;
    return refused(file);
  };
  for (const auto& [offset, size] : std::initializer_list<std::pair<int64_t, int64_t>>{
           {-1, 10},
           {4, -1},
           {4, 1 << 20},
           {1 << 20, 4},
           {std::numeric_limits<int64_t>::max(), std::numeric_limits<int64_t>::max()}}) {
    EXPECT_NE(with(offset, size).message().find("outside of the file"), std::string::npos);
  }
}

TEST(ParquetFile, ChunksThatAreNotThoseOfTheSchema) {
  MadeFile file = two_groups();
  file.groups[0].chunks.push_back(file.groups[0].chunks[0]);
  EXPECT_EQ(refused(file).code(), ErrorCode::kInvalid);
  file.groups[0].chunks.clear();
  EXPECT_EQ(refused(file).code(), ErrorCode::kInvalid);
  file = two_groups();
  file.groups[0].chunks[0].type = ParquetType::kInt64;
  EXPECT_NE(refused(file).message().find("differ in the type of column 'a'"), std::string::npos);
  file = two_groups();
  file.groups[0].chunks[0].elsewhere = true;
  EXPECT_NE(refused(file).message().find("points at another file"), std::string::npos);
  file = two_groups();
  file.groups[0].chunks[0].codec = 3;
  EXPECT_NE(refused(file).message().find("LZO"), std::string::npos);
  file = two_groups();
  file.groups[0].chunks[0].values = -1;
  EXPECT_EQ(refused(file).code(), ErrorCode::kInvalid);
}

}  // namespace
}  // namespace sluice
