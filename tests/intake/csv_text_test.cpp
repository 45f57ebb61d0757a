#include "intake/csv_text.h"

#include <gtest/gtest.h>

#include <optional>

namespace sluice {
namespace {

using Fields = std::vector<std::string>;

/// All rows; quoted fields in angle brackets.
std::vector<Fields> rows_of(std::string_view text, char delimiter = ',') {
  CsvText csv(delimiter);
  std::vector<Fields> rows;
  while (!text.empty()) {
    if (csv.read(text, true) != CsvText::Outcome::kRow) {
      rows.push_back({"open quote"});
      break;
    }
    Fields fields;
    std::string scratch;
    for (const CsvText::Field& field : csv.fields()) {
      const std::string value(field.value(scratch));
      fields.push_back(field.quoted ? "<" + value + ">" : value);
    }
    if (!csv.fault().empty()) fields.push_back("fault: " + csv.fault());
    rows.push_back(fields);
    text.remove_prefix(csv.size());
  }
  return rows;
}

TEST(CsvText, FieldsAndLines) {
  EXPECT_EQ(rows_of("a,b\n1,2\n"), (std::vector<Fields>{{"a", "b"}, {"1", "2"}}));
  EXPECT_EQ(rows_of("a,b\r\n1,2"), (std::vector<Fields>{{"a", "b"}, {"1", "2"}}));
  EXPECT_EQ(rows_of(",\n"), (std::vector<Fields>{{"", ""}}));
  EXPECT_EQ(rows_of("a;b", ';'), (std::vector<Fields>{{"a", "b"}}));
  EXPECT_EQ(rows_of("a,b", '\t'), (std::vector<Fields>{{"a,b"}}));
  EXPECT_EQ(rows_of("\n\n"), (std::vector<Fields>{{""}, {""}}));
  EXPECT_EQ(rows_of("a\rb,c\r"), (std::vector<Fields>{{"a\rb", "c"}}));
}

TEST(CsvText, Quotes) {
  EXPECT_EQ(rows_of("\"a,b\",\"\",\"x\"\"y\"\n"), (std::vector<Fields>{{"<a,b>", "<>", "<x\"y>"}}));
  EXPECT_EQ(rows_of("\"a\nb\r\nc\",d\r\n1,2\r\n"),
            (std::vector<Fields>{{"<a\nb\r\nc>", "d"}, {"1", "2"}}));
  EXPECT_EQ(rows_of("a\"b,c"), (std::vector<Fields>{{"a\"b", "c"}}));
  EXPECT_EQ(rows_of("\"\"\"\""), (std::vector<Fields>{{"<\">"}}));
  EXPECT_EQ(rows_of("a,\"b"), (std::vector<Fields>{{"open quote"}}));
  EXPECT_EQ(
      rows_of("\"a\"b,c\n1,2"),
      (std::vector<Fields>{{"<a>", "c", "fault: has something behind the quote that ends field 1"},
                           {"1", "2"}}));
}

TEST(CsvText, LinesAndBytes) {
  CsvText csv(',');
  ASSERT_EQ(csv.read("\"a\nb\",\"c\n\"\nrest", false), CsvText::Outcome::kRow);
  EXPECT_EQ(csv.lines(), 3U);
  EXPECT_EQ(csv.size(), 11U);
  ASSERT_EQ(csv.read("x\r\ny", false), CsvText::Outcome::kRow);
  EXPECT_EQ(csv.size(), 3U);
  ASSERT_EQ(csv.read("\"a\n\",\"b\n\n", true), CsvText::Outcome::kOpenQuote);
  EXPECT_EQ(csv.lines(), 2U) << "the line in which the open quote stands";
}

TEST(CsvText, CutOffAnywhere) {
  const std::string row = "\"a\"\"b\",c,\"d\ne\"\r\n";
  CsvText csv(',');
  for (size_t size = 1; size < row.size(); ++size) {
    EXPECT_EQ(csv.read(row.substr(0, size), false), CsvText::Outcome::kCutOff) << size;
  }
  EXPECT_EQ(csv.read(row, false), CsvText::Outcome::kRow);
}

TEST(CsvText, BlankLines) {
  CsvText csv(',');
  csv.read("\r\n", true);
  EXPECT_TRUE(csv.is_blank());
  csv.read("\"\"\n", true);
  EXPECT_FALSE(csv.is_blank());
  csv.read(",\n", true);
  EXPECT_FALSE(csv.is_blank());
}

TEST(CsvText, FieldsAreBounded) {
  CsvText csv(',');
  ASSERT_EQ(csv.read(std::string(1'000'000, ','), true), CsvText::Outcome::kRow);
  EXPECT_LE(csv.fields().size(), kMostCsvFields);
  EXPECT_NE(csv.fault(), "");
}

}  // namespace
}  // namespace sluice
