#include "intake/parquet_records.h"

#include <gtest/gtest.h>

#include "base/limits.h"
#include "intake/made_parquet.h"
#include "support/caught.h"

namespace sluice {
namespace {

using Cells = std::vector<std::string>;

MadeChunk chunk_of(ParquetType type, int values, std::string body) {
  MadePage page;
  page.values = values;
  page.body = std::move(body);
  MadeChunk chunk;
  chunk.type = type;
  chunk.values = values;
  chunk.pages = made_page(page);
  return chunk;
}

MadeFile numbers_and_texts() {
  MadeFile file;
  file.schema = {made_leaf("n", ParquetType::kInt32), made_leaf("t", ParquetType::kByteArray)};
  file.groups = {
      {2,
       {chunk_of(ParquetType::kInt32, 2, plain<int32_t>({1, 2})),
        chunk_of(ParquetType::kByteArray, 2, plain_texts({"a", "\xff"}))}},
      {0, {chunk_of(ParquetType::kInt32, 0, ""), chunk_of(ParquetType::kByteArray, 0, "")}},
      {1,
       {chunk_of(ParquetType::kInt32, 1, plain<int32_t>({3})),
        chunk_of(ParquetType::kByteArray, 1, plain_texts({"c"}))}}};
  return file;
}

TEST(ParquetRecords, RowGroupsOneAfterTheOther) {
  const std::string file = made_file(numbers_and_texts());
  EXPECT_EQ(read_cells(file), (Cells{"1", "'a'", "2", "x'ff'", "3", "'c'"}));
}

TEST(ParquetRecords, ColumnsInTheOrderOfTheDataSource) {
  const std::string file = made_file(numbers_and_texts());
  EXPECT_EQ(
      read_cells(file, "`t` String, `gone` Nullable(Int8), `again` Int64 `json:$.n`, `n` Int64"),
      (Cells{"'a'", "NULL", "1", "1", "x'ff'", "NULL", "2", "2", "'c'", "NULL", "3", "3"}));
}

TEST(ParquetRecords, OnlyWhatIsWantedIsRead) {
  MadeFile file = numbers_and_texts();
  file.groups[0].chunks[1].pages = "no page at all";
  EXPECT_EQ(read_cells(made_file(file), "n Int32"), (Cells{"1", "2", "3"}));
  EXPECT_ERROR(read_cells(made_file(file)), kInvalid);
}

TEST(ParquetRecords, NoneOfTheColumnsIsInvalid) {
  const Error error = caught([] { read_cells(made_file(numbers_and_texts()), "x Int32"); });
  EXPECT_EQ(error.code(), ErrorCode::kInvalid);
  EXPECT_EQ(error.hint(), "It has these: n, t.");
}

TEST(ParquetRecords, BatchesHaveLimits) {
  const int rows = 2500;
  std::vector<int32_t> numbers(rows, 7);
  const auto bytes = range_in_memory(
      made_file(one_plain_page(made_leaf("n", ParquetType::kInt32), rows, plain(numbers))));
  const auto records = make_parquet_records(bytes, parquet_columns(*bytes));
  Batch batch;
  std::vector<RejectedRow> rejected(1);
  std::vector<size_t> sizes;
  while (records->next(batch, rejected)) {
    EXPECT_TRUE(rejected.empty());
    EXPECT_EQ(records->line_of(2), 1000 * sizes.size() + 3);
    EXPECT_EQ(batch.place(0), "row " + std::to_string(1000 * sizes.size() + 1) + " of the file");
    sizes.push_back(batch.rows());
  }
  EXPECT_EQ(sizes, (std::vector<size_t>{1000, 1000, 500}));
  EXPECT_EQ(batch.rows(), 0U);
  EXPECT_FALSE(records->next(batch, rejected));

  const auto large = range_in_memory(made_file(
      one_plain_page(made_leaf("t", ParquetType::kByteArray), 10,
                     plain_texts(std::vector<std::string>(10, std::string(600000, 'x'))))));
  const auto texts = make_parquet_records(large, parquet_columns(*large));
  ASSERT_TRUE(texts->next(batch, rejected));
  EXPECT_EQ(batch.rows(), 2U);
}

TEST(ParquetRecords, ARowAsItCame) {
  const auto bytes = range_in_memory(made_file(numbers_and_texts()));
  const auto records = make_parquet_records(bytes, parse_schema("n Int32, t String, gone String"));
  Batch batch;
  std::vector<RejectedRow> rejected;
  ASSERT_TRUE(records->next(batch, rejected));
  EXPECT_EQ(records->text_of(0), R"({"n":1,"t":"a","gone":null})");
  EXPECT_EQ(records->text_of(1), R"({"n":2,"t":"ff","gone":null})");
  const std::string umlauts = std::string("x") + [] {
    std::string text;
    for (size_t i = 0; i < limits::kQuarantinedBytes; ++i) text += "\u00fc";
    return text;
  }();
  const auto large = range_in_memory(made_file(
      one_plain_page(made_leaf("t", ParquetType::kByteArray), 1, plain_texts({umlauts}))));
  const auto texts = make_parquet_records(large, parquet_columns(*large));
  ASSERT_TRUE(texts->next(batch, rejected));
  EXPECT_EQ(texts->text_of(0).size(), limits::kQuarantinedBytes - 1) << "cut between characters";
}

TEST(ParquetRecords, RowsThatTheColumnsDoNotHave) {
  MadeFile file = one_plain_page(made_leaf("n", ParquetType::kInt32), 2, plain<int32_t>({1, 2}));
  file.groups[0].rows = 3;
  EXPECT_ERROR(read_cells(made_file(file)), kInvalid);
  file.groups[0].rows = int64_t{1} << 60;
  EXPECT_ERROR(read_cells(made_file(file)), kInvalid);
  file.groups[0].rows = 1;
  const Error error = caught([&] { read_cells(made_file(file)); });
  EXPECT_NE(error.message().find("more values than row group 1 has rows"), std::string::npos);
  file.groups[0].rows = 0;
  EXPECT_ERROR(read_cells(made_file(file)), kInvalid);
}

TEST(ParquetRecords, AHundredMillionNullsOutOfFewBytesAreTooLarge) {
  MadePage page;
  page.values = 1 << 26;
  page.body = with_length(std::string("\x80\x80\x80\x40\x00", 5));  // A run of 2^26 zeros.
  const std::string pages = made_page(page) + made_page(page);
  const MadeFile file =
      one_column(made_leaf("n", ParquetType::kInt32, kMadeOptional), 1 << 27, pages);
  const auto bytes = range_in_memory(made_file(file));
  const auto records = make_parquet_records(bytes, parquet_columns(*bytes));
  Batch batch;
  std::vector<RejectedRow> rejected;
  uint64_t rows = 0;
  const Error error = caught([&] {
    while (records->next(batch, rejected)) rows += batch.rows();
  });
  EXPECT_EQ(error.code(), ErrorCode::kTooLarge);
  EXPECT_EQ(rows, limits::kUnpackedAlways / limits::kBatchRows * limits::kBatchRows);
}

TEST(ParquetRecords, AValueOverTheLimitIsTooLarge) {
  const std::string body = plain_texts({std::string(limits::kValueBytes + 1, 'x')});
  EXPECT_ERROR(
      read_cells(made_file(one_plain_page(made_leaf("t", ParquetType::kByteArray), 1, body))),
      kTooLarge);
}

}  // namespace
}  // namespace sluice
