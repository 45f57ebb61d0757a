#include "intake/row_fitter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/limits.h"
#include "intake/ndjson_records.h"
#include "support/intake_rows.h"

namespace sluice {
namespace {

using testing::ElementsAre;

ReadRows fitted(std::string text, const std::string& schema) {
  const auto columns = parse_schema(schema);
  return read_all(
      *make_fitted_rows(make_ndjson_records(range_in_memory(std::move(text)), columns), columns));
}

TEST(RowFitter, CellsOfTheirKind) {
  EXPECT_THAT(
      fitted(
          R"({"i":"12","r":1,"d":"0.10","b":"true","day":"2026-11-23T10:00:00Z","at":1795422600,"u":"6A1C0F0E3F524D0C9F0E2B1D7C3A5E88","l":[1]})",
          "i Int8, r Float64, d Decimal(9,2), b Bool, day Date, at DateTime64(3), u UUID, l "
          "Array(Int8)")
          .rows,
      ElementsAre(RowTexts{"12", "1.0", "0.1", "1", "'2026-11-23'", "'2026-11-23 08:30:00.000'",
                           "'6a1c0f0e-3f52-4d0c-9f0e-2b1d7c3a5e88'", "'[1]'"}));
}

TEST(RowFitter, AllColumnsAtFaultAreNamed) {
  const ReadRows rows = fitted(
      "{\"a\":1,\"b\":\"x\",\"c\":1}\n{\"a\":300,\"b\":\"y\",\"c\":\"no\"}\n{\"a\":2,\"b\":\"z\","
      "\"c\":2}\n"
      "{\"b\":5}\n",
      "a UInt8, b String, c Int8");
  EXPECT_THAT(rows.rows, ElementsAre(RowTexts{"1", "'x'", "1"}, RowTexts{"2", "'z'", "2"}));
  const std::string missing =
      "The value is missing, and the column is neither Nullable nor has a DEFAULT.";
  EXPECT_THAT(
      rows.faults(),
      ElementsAre("2: a: '300' is not between 0 and 255, as UInt8 has to be.; c: 'no' is no whole "
                  "number.",
                  "4: a: " + missing + "; c: " + missing));
  EXPECT_EQ(rows.rejected[0].text, "{\"a\":300,\"b\":\"y\",\"c\":\"no\"}");
}

TEST(RowFitter, ColumnsAtFaultAreBounded) {
  std::string schema = "c0 Int8";
  for (size_t i = 1; i < 2 * limits::kFaultsPerRow; ++i)
    schema += ", c" + std::to_string(i) + " Int8";
  const ReadRows rows = fitted("{}\n", schema);
  ASSERT_EQ(rows.rejected.size(), 1U);
  EXPECT_EQ(rows.rejected[0].columns.size(), limits::kFaultsPerRow);
  EXPECT_EQ(rows.rejected[0].reasons.size(), limits::kFaultsPerRow);
}

TEST(RowFitter, RejectedRowsAreInTheOrderOfTheirLines) {
  const ReadRows rows = fitted("{\"a\":\"x\"}\nbroken\n{\"a\":\"y\"}\n", "a Int8");
  ASSERT_EQ(rows.rejected.size(), 3U);
  for (size_t i = 0; i < 3; ++i) EXPECT_EQ(rows.rejected[i].line, i + 1);
  EXPECT_TRUE(rows.rejected[1].columns.empty());
  EXPECT_THAT(rows.rejected[2].columns, ElementsAre("a"));
}

TEST(RowFitter, MissingValues) {
  const ReadRows rows = fitted(
      "{\"k\":1}\n{\"n\":null,\"d\":null,\"t\":null,\"s\":null,\"k\":2}\n{\"n\":5,\"d\":6,\"t\":0,"
      "\"s\":\"\",\"k\":3}\n",
      "n Nullable(Int8), d Int8 DEFAULT 7, t DateTime DEFAULT now(), s String DEFAULT 'none', k "
      "Int8");
  EXPECT_THAT(rows.rows, ElementsAre(RowTexts{"NULL", "7", "NULL", "'none'", "1"},
                                     RowTexts{"NULL", "7", "NULL", "'none'", "2"},
                                     RowTexts{"5", "6", "'1970-01-01 00:00:00'", "''", "3"}));
}

TEST(RowFitter, EverythingOfABatchMayBeRejected) {
  const ReadRows rows = fitted("{\"a\":\"x\"}\n{\"a\":\"\xff\"}\n", "a Int8");
  EXPECT_TRUE(rows.rows.empty());
  EXPECT_EQ(rows.rejected.size(), 2U);
  EXPECT_EQ(rows.rejected[1].text, "{\"a\":\"\xef\xbf\xbd\"}");
}

/// Bytes, reals and texts with space around them, as other sources have them.
class FewCells final : public RecordSource {
 public:
  bool next(Batch& batch, std::vector<RejectedRow>&) override {
    batch.reset(3);
    if (done_) return false;
    done_ = true;
    batch.add_blob(0, "bytes");
    batch.add_real(1, 3.0);
    batch.add_text(2, "  2026-11-23  ");
    batch.end_row();
    batch.add_blob(0, "\xff\xfe");
    batch.add_real(1, 3.5);
    batch.add_integer(2, 20000);
    batch.end_row();
    return true;
  }
  uint64_t line_of(size_t row) const override { return row + 1; }
  std::string text_of(size_t) const override { return "a row"; }

 private:
  bool done_ = false;
};

TEST(RowFitter, CellsOfOtherSources) {
  const auto columns = parse_schema("a String, b Int8, c Date");
  const ReadRows rows = read_all(*make_fitted_rows(std::make_unique<FewCells>(), columns));
  EXPECT_THAT(rows.rows, ElementsAre(RowTexts{"'bytes'", "3", "'2026-11-23'"}));
  EXPECT_THAT(rows.faults(),
              ElementsAre("2: a: The value is no UTF-8 text.; b: '3.5' is no whole number."));
}

}  // namespace
}  // namespace sluice
