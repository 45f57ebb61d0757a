#include <gtest/gtest.h>

#include <random>

#include "base/encoding.h"
#include "base/error.h"
#include "base/limits.h"
#include "intake/csv_records.h"
#include "intake/infer_columns.h"
#include "intake/ndjson_records.h"
#include "intake/row_fitter.h"
#include "support/intake_rows.h"
#include "support/packed_bytes.h"

namespace sluice {
namespace {

const std::string kSchema =
    "i Int8 `json:$.i`, r Nullable(Float64), s String, b Bool DEFAULT false, day Date, "
    "at Nullable(DateTime64(3)), d Decimal(10, 2), l Array(Int8) `json:$.l[:]`, "
    "x Nullable(String) `json:$.o.x`, p Nullable(Array(Int8)) `json:$.q[:].p`";

const std::string kNdjson =
    "{\"i\":1,\"r\":2.5,\"s\":\"x\\u00e4\",\"b\":true,\"day\":\"2026-11-23\",\"at\":1795422600,"
    "\"d\":\"1.25\","
    "\"l\":[1,2],\"o\":{\"x\":\"y\"},\"q\":[{\"p\":1}]}\n"
    "{\"i\":-5,\"s\":\"\",\"day\":\"2026-11-23T08:30:00Z\",\"d\":1e2,\"l\":[],\"o\":null}\n";
const std::string kCsv =
    "i,r,s,b,day,at,d,l,x,p\n"
    "1,2.5,\"a \"\"b\"\"\nc\",true,2026-11-23,2026-11-23 08:30:00,1.25,\"[1,2]\",y,[1]\r\n"
    "-5,,,,20261123,,100,[],\\N,\n";

std::string mutated(std::string text, std::mt19937& random) {
  static constexpr char kBytes[] = "{}[]\",:\\\n\r0123.eE+-nulltruefals`$\0\xff\xc3\x1f\x8b";
  for (uint64_t changes = random() % 6; changes > 0 && !text.empty(); --changes) {
    const size_t at = random() % text.size();
    switch (random() % 5) {
      case 0:
        text[at] = static_cast<char>(random());
        break;
      case 1:
        text[at] = kBytes[random() % (sizeof kBytes - 1)];
        break;
      case 2:
        text.erase(at, 1 + random() % 8);
        break;
      case 3:
        text.insert(at, text.substr(random() % text.size(), random() % 40));
        break;
      default:
        text.resize(at);
    }
  }
  return text;
}

/// What must hold of every batch, whatever was read.
void check_batch(const Batch& batch, const std::vector<DataColumn>& columns) {
  for (size_t column = 0; column < columns.size(); ++column) {
    for (size_t row = 0; row < batch.rows(); ++row) {
      const Cell& cell = batch.at(column, row);
      const bool has_default = columns[column].fallback.has_value();
      if (cell.type == ValueType::kNull) {
        ASSERT_TRUE(columns[column].nullable && !has_default) << columns[column].name;
      }
      ASSERT_NE(cell.type, ValueType::kBlob);
      if (cell.type == ValueType::kText) {
        ASSERT_TRUE(is_utf8(batch.text(cell)));
      }
    }
  }
}

struct Outcomes {
  uint64_t rows = 0;
  uint64_t rejected = 0;
  uint64_t errors = 0;
};

void read_fuzzed(const std::string& bytes, RowFormat format, const std::vector<DataColumn>& columns,
                 Outcomes& outcomes) {
  try {
    auto range = range_in_memory(bytes);
    auto records = format == RowFormat::kCsv ? make_csv_records(range, {}, columns)
                                             : make_ndjson_records(range, columns);
    const auto source = make_fitted_rows(std::move(records), columns);
    Batch batch;
    std::vector<RejectedRow> rejected;
    while (source->next(batch, rejected)) {
      ASSERT_TRUE(batch.rows() > 0 || !rejected.empty());
      check_batch(batch, columns);
      for (const RejectedRow& row : rejected) {
        ASSERT_FALSE(row.reasons.empty());
        ASSERT_TRUE(row.columns.empty() || row.columns.size() == row.reasons.size());
        ASSERT_TRUE(is_utf8(row.text));
        for (const std::string& reason : row.reasons) ASSERT_TRUE(is_utf8(reason)) << reason;
      }
      outcomes.rows += batch.rows();
      outcomes.rejected += rejected.size();
    }
  } catch (const Error& error) {
    ASSERT_TRUE(error.code() == ErrorCode::kInvalid || error.code() == ErrorCode::kTooLarge)
        << error.message();
    ++outcomes.errors;
  }
}

TEST(FittedRowsFuzz, EitherRowsOrReasons) {
  std::mt19937 random(20261129);
  const auto columns = parse_schema(kSchema);
  Outcomes outcomes;
  for (int i = 0; i < 60'000; ++i) {
    const RowFormat format = i % 2 == 0 ? RowFormat::kNdjson : RowFormat::kCsv;
    std::string text = mutated(format == RowFormat::kCsv ? kCsv : kNdjson, random);
    if (i % 10 == 8) text = mutated(gzip_bytes(text), random);
    if (i % 10 == 9) text = mutated(zstd_bytes(text), random);
    read_fuzzed(text, format, columns, outcomes);
    if (HasFatalFailure()) FAIL() << "round " << i << ": " << hex_encode(text);
  }
  EXPECT_GT(outcomes.rows, 10'000U);
  EXPECT_GT(outcomes.rejected, 10'000U);
  EXPECT_GT(outcomes.errors, 1'000U);
}

TEST(FittedRowsFuzz, AnyBytes) {
  std::mt19937 random(4);
  const auto columns = parse_schema(kSchema);
  Outcomes outcomes;
  for (int i = 0; i < 20'000; ++i) {
    std::string bytes(random() % 300, '\0');
    for (char& c : bytes) c = static_cast<char>(random());
    read_fuzzed(bytes, i % 2 == 0 ? RowFormat::kNdjson : RowFormat::kCsv, columns, outcomes);
    if (HasFatalFailure()) FAIL() << "round " << i << ": " << hex_encode(bytes);
  }
  EXPECT_GT(outcomes.rejected, 1'000U);
}

/// What is inferred is a schema, and rows are read by it.
TEST(FittedRowsFuzz, InferredSchemasAreSchemas) {
  std::mt19937 random(5);
  Outcomes outcomes;
  int inferred = 0;
  for (int i = 0; i < 20'000; ++i) {
    const RowFormat format = i % 2 == 0 ? RowFormat::kNdjson : RowFormat::kCsv;
    const std::string text = mutated(format == RowFormat::kCsv ? kCsv : kNdjson, random);
    try {
      const auto columns = infer_text_columns({range_in_memory(text), format});
      const std::string schema = schema_text(columns);
      ASSERT_EQ(schema_text(parse_schema(schema)), schema);
      ++inferred;
      read_fuzzed(text, format, columns, outcomes);
    } catch (const Error& error) {
      ASSERT_EQ(error.code(), ErrorCode::kInvalid) << error.message() << "\n" << text;
    }
    if (HasFatalFailure()) FAIL() << "round " << i << ": " << hex_encode(text);
  }
  EXPECT_GT(inferred, 10'000);
  EXPECT_GT(outcomes.rows, inferred / 2);
}

}  // namespace
}  // namespace sluice
