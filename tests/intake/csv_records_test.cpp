#include "intake/csv_records.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/limits.h"
#include "support/caught.h"
#include "support/intake_rows.h"

namespace sluice {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const std::string kSchema = "id Int32, name String, note Nullable(String), n Int8 DEFAULT 7";

ReadRows read(std::string text, CsvDialect dialect = {}, const std::string& schema = kSchema) {
  return read_all(
      *make_csv_records(range_in_memory(std::move(text)), dialect, parse_schema(schema)));
}

TEST(CsvRecords, WithoutAHeaderFieldsAreColumnsInTheirOrder) {
  const ReadRows read_rows = read("1,a,b,2\n\n2,,,\n3,\"\",\"\",\"\"\n4,\\N,\\N,\"\\N\"\n");
  EXPECT_THAT(
      read_rows.rows,
      ElementsAre(RowTexts{"'1'", "'a'", "'b'", "'2'"}, RowTexts{"'2'", "''", "NULL", "NULL"},
                  RowTexts{"'3'", "''", "''", "''"}, RowTexts{"'4'", "NULL", "NULL", "'\\N'"}));
  EXPECT_TRUE(read_rows.rejected.empty());
}

TEST(CsvRecords, HeadersAreFoundByTheirNames) {
  EXPECT_THAT(read("name,id,note,n\nx,1,y,2\n").rows,
              ElementsAre(RowTexts{"'1'", "'x'", "'y'", "'2'"}));
  EXPECT_THAT(read("\xef\xbb\xbf\"ID\", Name \n1,x\n").rows,
              ElementsAre(RowTexts{"'1'", "'x'", "NULL", "NULL"}));
  EXPECT_THAT(read("more,id,name,note,n\n0,1,x,y,2\n").rows,
              ElementsAre(RowTexts{"'1'", "'x'", "'y'", "'2'"}));
  EXPECT_THAT(read("id,title,n\n1,x,2\n").rows,
              ElementsAre(RowTexts{"'1'", "NULL", "NULL", "'2'"}));
  EXPECT_EQ(read("id,what,is,this\n").rows.size(), 1U) << "no header: fields without a column";
}

TEST(CsvRecords, HeadersThatAreSaidToBe) {
  CsvDialect yes{',', CsvDialect::Header::kYes};
  EXPECT_THAT(read("what,id\n0,1\n", yes).rows,
              ElementsAre(RowTexts{"'1'", "NULL", "NULL", "NULL"}));
  const Error none = caught([&] { read("a,b\n0,1\n", yes); });
  EXPECT_EQ(none.code(), ErrorCode::kInvalid);
  EXPECT_THAT(none.hint(), HasSubstr("id, name, note, n"));
  EXPECT_THAT(caught([&] { read("id,name,id\n1,2,3\n", yes); }).message(), HasSubstr("'id' twice"));
  CsvDialect no{',', CsvDialect::Header::kNo};
  EXPECT_EQ(read("id,name,note,n\n", no).rows.size(), 1U);
}

TEST(CsvRecords, RowsOfAnotherLengthAreRejectedWithTheirLine) {
  const ReadRows rows = read("1,a,b,2\n1,a\n\"x\ny\",a,b,2\n1,a,b,2,3\n\"a\"b,1,2,3\n5,a,b,2");
  EXPECT_EQ(rows.rows.size(), 3U);
  EXPECT_THAT(rows.faults(),
              ElementsAre("2: The row has 2 fields in place of 4.",
                          "5: The row has 5 fields in place of 4.",
                          "6: The row has something behind the quote that ends field 1."));
  EXPECT_EQ(rows.rejected[0].text, "1,a");
  EXPECT_EQ(rows.rejected[2].text, "\"a\"b,1,2,3");
}

TEST(CsvRecords, AnOpenQuoteIsNamedWithItsLine) {
  const Error error = caught([] { read("\n1,\"a\nb\",c,2\n2,\"x,y,2\n3,a,b,2\n"); });
  EXPECT_EQ(error.code(), ErrorCode::kInvalid);
  EXPECT_THAT(error.message(), HasSubstr("opened in line 4"));
}

TEST(CsvRecords, RowsBeforeAnOpenQuoteComeFirst) {
  const auto source =
      make_csv_records(range_in_memory("1,a,b,2\n2,\"x\n"), {}, parse_schema(kSchema));
  Batch batch;
  std::vector<RejectedRow> rejected;
  ASSERT_TRUE(source->next(batch, rejected));
  EXPECT_EQ(batch.rows(), 1U);
  EXPECT_ERROR(source->next(batch, rejected), kInvalid);
}

TEST(CsvRecords, LinesOfRowsOfABatch) {
  const auto source = make_csv_records(range_in_memory("id,name\n1,\"a\nb\"\n\n2,c\r\n"), {},
                                       parse_schema(kSchema));
  Batch batch;
  std::vector<RejectedRow> rejected;
  ASSERT_TRUE(source->next(batch, rejected));
  ASSERT_EQ(batch.rows(), 2U);
  EXPECT_EQ(source->line_of(0), 2U);
  EXPECT_EQ(source->text_of(0), "1,\"a\nb\"");
  EXPECT_EQ(source->line_of(1), 5U);
  EXPECT_EQ(source->text_of(1), "2,c");
}

TEST(CsvRecords, RowsAreBounded) {
  std::string text = "1,\"" + std::string(limits::kRowBytes, 'x');
  EXPECT_THAT(caught([&] { read("1,a,b,2\n" + text); }).message(), HasSubstr("begins in line 2"));
  text = "1,\"" + std::string(limits::kRowBytes - 20, 'x') + "\",b,2\n";
  EXPECT_EQ(read(text).rows.size(), 1U);
}

TEST(CsvRecords, DelimitersThatCantBe) {
  for (const char delimiter : {'"', '\n', '\r', '\0'})
    EXPECT_ERROR(read("a", {delimiter}), kInvalid);
  EXPECT_EQ(read("1|a|b|2", {'|'}).rows.size(), 1U);
}

TEST(CsvRecords, NamesOfColumns) {
  EXPECT_EQ(csv_column_name(" Full Name "), "Full_Name");
  EXPECT_EQ(csv_column_name("a--b"), "a_b");
  EXPECT_EQ(csv_column_name("2nd"), "_2nd");
  EXPECT_EQ(csv_column_name(""), "_");
  EXPECT_LE(csv_column_name(std::string(1000, 'x')).size(), limits::kNameBytes);
  EXPECT_THAT(read("Full Name,id\nx,1\n", {}, "id Int8, Full_Name String").rows,
              ElementsAre(RowTexts{"'1'", "'x'"}));
}

}  // namespace
}  // namespace sluice
