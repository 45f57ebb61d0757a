#include "intake/fitted_rows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <malloc.h>

#include <chrono>
#include <iostream>
#include <nlohmann/json.hpp>
#include <random>

#include "base/encoding.h"
#include "base/limits.h"
#include "intake/parquet_samples.h"
#include "support/caught.h"
#include "support/intake_rows.h"
#include "support/packed_bytes.h"

namespace sluice {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

ReadRows open_and_read(std::string text, RowFormat format, const std::string& schema) {
  return read_all(*open_rows({range_in_memory(std::move(text)), format}, parse_schema(schema)));
}

TEST(FittedRows, NamesOfFormats) {
  EXPECT_EQ(parse_row_format("CSV"), RowFormat::kCsv);
  EXPECT_EQ(parse_row_format("ndjson"), RowFormat::kNdjson);
  EXPECT_EQ(parse_row_format("jsonl"), RowFormat::kNdjson);
  EXPECT_EQ(parse_row_format("Json"), RowFormat::kNdjson);
  EXPECT_EQ(parse_row_format("parquet"), RowFormat::kParquet);
  const Error error = caught([] { parse_row_format("xlsx"); });
  EXPECT_THAT(error.message(), HasSubstr("'xlsx'"));
  EXPECT_THAT(error.hint(), HasSubstr("csv, ndjson"));
}

TEST(FittedRows, OpensEachTextFormat) {
  EXPECT_THAT(open_and_read("a,b\n1,x\n", RowFormat::kCsv, "a Int8, b String").rows,
              ElementsAre(RowTexts{"1", "'x'"}));
  EXPECT_THAT(open_and_read("{\"a\":1,\"b\":\"x\"}", RowFormat::kNdjson, "a Int8, b String").rows,
              ElementsAre(RowTexts{"1", "'x'"}));
  EXPECT_TRUE(open_and_read("", RowFormat::kNdjson, "a Int8").rows.empty());
  EXPECT_TRUE(open_and_read("", RowFormat::kCsv, "a Int8").rows.empty());
}

TEST(FittedRows, OpensParquet) {
  // Values that know they are UTC, which columns in a zone must not take for its civil times.
  const std::string file = *hex_decode(kParquetSamples[0].second);
  const ReadRows read = open_and_read(
      file, RowFormat::kParquet,
      "i Int32, s Nullable(String), b Nullable(Bool), t Nullable(DateTime64(6, 'Europe/Berlin')), "
      "d Nullable(Decimal(20, 2)), f Nullable(Float64), other String DEFAULT 'x'");
  EXPECT_THAT(read.rows, ElementsAre(RowTexts{"1", "'a'", "1", "'1970-01-01 00:00:00.000001'",
                                              "1.5", "0.5", "'x'"},
                                     RowTexts{"-3", "NULL", "0", "NULL", "-2.25", "NULL", "'x'"},
                                     RowTexts{"4", "'abc'", "1", "'1970-01-01 00:00:00.000004'",
                                              "0.0", "1000000000.0", "'x'"}));
  ASSERT_EQ(read.rejected.size(), 1U);
  EXPECT_EQ(read.rejected[0].line, 2U);
  EXPECT_THAT(read.rejected[0].columns, ElementsAre("i"));
  EXPECT_THAT(read.rejected[0].text, HasSubstr(R"("i":null,"s":"ab")"));
  EXPECT_ERROR(open_and_read("no parquet", RowFormat::kParquet, "a Int8"), kInvalid);
  EXPECT_EQ(schema_text(infer_columns({range_in_memory(file), RowFormat::kParquet})),
            "`i` Nullable(Int32), `s` Nullable(String), `b` Nullable(Bool), "
            "`t` Nullable(DateTime64(6)), `d` Nullable(Decimal(20, 2)), `f` Nullable(Float64)");
}

/// Random rows and how a writer that is not ours puts them into files.
class Sample {
 public:
  explicit Sample(uint32_t seed) : random_(seed) {}

  static constexpr const char* kSchema =
      "i Int64, r Float64, s String, ns Nullable(String), b Bool, day Date, at DateTime64(3), "
      "d Decimal(38, 3), list JSON, e Enum8('red', 'it''s')";

  void add_row() {
    RowTexts row;
    nlohmann::ordered_json json;
    std::vector<std::optional<std::string>> fields;
    auto add = [&](const char* name, std::string shown, nlohmann::ordered_json value,
                   std::optional<std::string> field) {
      row.push_back(std::move(shown));
      json[name] = std::move(value);
      fields.push_back(std::move(field));
    };
    const auto whole = static_cast<int64_t>(random_() << pick(64));
    add("i", std::to_string(whole), whole, std::to_string(whole));
    const double real = static_cast<double>(whole) / static_cast<double>(1 + pick(1000));
    add("r", real_text(real), real, nlohmann::json(real).dump());
    const std::string text = words();
    add("s", "'" + text + "'", text, text);
    if (pick(3) == 0) {
      add("ns", "NULL", nullptr, std::nullopt);
    } else {
      add("ns", "'" + text + "'", text, text);
    }
    const bool yes = pick(2) == 0;
    add("b", yes ? "1" : "0", yes, yes ? "true" : "false");
    const std::string at = moment();
    add("day", "'" + at.substr(0, 10) + "'", at.substr(0, 10), at.substr(0, 10));
    add("at", "'" + at + "'", at, at);
    const std::string digits = "1" + std::to_string(random_()) + "000.125";
    add("d", "'" + digits + "'", digits, digits);
    nlohmann::ordered_json list = {pick(10), words(), nullptr, {{"k", words()}}};
    add("list", "'" + list.dump() + "'", list, list.dump());
    const std::string color = pick(2) == 0 ? "red" : "it's";
    add("e", "'" + color + "'", color, color);
    rows.push_back(std::move(row));
    ndjson += json.dump() + (pick(2) == 0 ? "\n" : "\r\n");
    add_csv(fields);
  }

  std::vector<RowTexts> rows;
  std::string ndjson;
  std::string csv = "i,r,s,ns,b,day,at,d,list,e\r\n";

 private:
  uint64_t pick(uint64_t below) { return random_() % below; }

  static std::string real_text(double value) {
    std::string text;
    append_real(text, value);
    return text;
  }

  std::string words() {
    static const std::vector<std::string> kParts = {
        "a",    "b",  " ",    ",",   "\"",       "\n",
        "\r\n", "\\", "\t",   "'",   "\xc3\xa4", "\xf0\x9f\x98\x80",
        "\x01", "{",  "null", "\\N", ";",        "\"\""};
    std::string text;
    for (uint64_t i = pick(12); i > 0; --i) text += kParts[pick(kParts.size())];
    return text;
  }

  std::string moment() {
    const auto millis = std::chrono::milliseconds(static_cast<int64_t>(pick(4'000'000'000'000)));
    return format_timestamp(Timestamp(millis)).substr(0, 23);
  }

  void add_csv(const std::vector<std::optional<std::string>>& fields) {
    for (size_t i = 0; i < fields.size(); ++i) {
      if (i > 0) csv += ',';
      if (!fields[i]) continue;
      const std::string& field = *fields[i];
      const bool has_to =
          field.empty() || field == "\\N" || field.find_first_of(",\"\n\r") != std::string::npos;
      if (!has_to && pick(2) == 0) {
        csv += field;
        continue;
      }
      csv += '"';
      for (const char c : field) {
        if (c == '"') csv += '"';
        csv += c;
      }
      csv += '"';
    }
    csv += pick(2) == 0 ? "\n" : "\r\n";
  }

  std::mt19937_64 random_;
};

TEST(FittedRows, WhatOthersWriteReadsBack) {
  for (const uint32_t seed : {1U, 2U, 3U}) {
    Sample sample(seed);
    for (int i = 0; i < 4000; ++i) sample.add_row();
    auto expect_same = [&](const std::string& text, RowFormat format) {
      const ReadRows read = open_and_read(text, format, Sample::kSchema);
      ASSERT_THAT(read.faults(), testing::IsEmpty()) << "seed " << seed;
      ASSERT_EQ(read.rows.size(), sample.rows.size());
      for (size_t i = 0; i < read.rows.size(); ++i) {
        ASSERT_EQ(read.rows[i], sample.rows[i]) << "seed " << seed << ", row " << i;
      }
    };
    expect_same(sample.ndjson, RowFormat::kNdjson);
    expect_same(sample.csv, RowFormat::kCsv);
    expect_same(
        gzip_bytes(sample.ndjson.substr(0, 99'999)) + gzip_bytes(sample.ndjson.substr(99'999)),
        RowFormat::kNdjson);
    expect_same(zstd_bytes(sample.csv), RowFormat::kCsv);
  }
}

/// Bytes that were asked for and not given back.
int64_t held_memory() {
  const struct mallinfo2 info = mallinfo2();
  return static_cast<int64_t>(info.uordblks + info.hblkhd);
}

/// Rows that are read from bytes made on the fly, and how much more memory it took at most.
struct Streamed {
  uint64_t rows = 0;
  uint64_t rejected = 0;
  int64_t memory = 0;
};
Streamed stream(const RowInput& input, const std::string& schema) {
  const auto source = open_rows(input, parse_schema(schema));
  Streamed streamed;
  Batch batch;
  std::vector<RejectedRow> rejected;
  const auto before = held_memory();
  for (uint64_t batches = 0; source->next(batch, rejected); ++batches) {
    streamed.rows += batch.rows();
    streamed.rejected += rejected.size();
    if (batches % 16 != 0) continue;
    const auto now = held_memory();
    streamed.memory = std::max(streamed.memory, now - before);
  }
  return streamed;
}

TEST(FittedRows, MemoryDoesNotGrowWithTheFile) {
  constexpr uint64_t kBytes = 100'000'000;
  constexpr int64_t kMostMemory = 16 * 1024 * 1024;
  const std::string good = "{\"id\":12345,\"name\":\"somebody\",\"at\":\"2026-11-23T08:30:00Z\"}\n";
  const std::string bad = "{\"id\":\"twelve\",\"name\":\"somebody\",\"at\":\"some day\"}\n";
  const std::string rows[] = {good, bad, "12345,\"some\nbody\",2026-11-23 08:30:00\n", "1,2\n"};
  for (const std::string& row : rows) {
    const RowFormat format = row[0] == '{' ? RowFormat::kNdjson : RowFormat::kCsv;
    const uint64_t times = (row == good ? kBytes : kBytes / 4) / row.size();
    const auto bytes = std::make_shared<RepeatedRange>("", row, times);
    const Streamed streamed = stream({bytes, format}, "id Int32, name String, at DateTime");
    EXPECT_EQ(streamed.rows + streamed.rejected, times);
    EXPECT_TRUE(streamed.rows == 0 || streamed.rejected == 0);
    EXPECT_LT(streamed.memory, kMostMemory) << row;
  }
}

/// A figure for BENCHMARKS.md; the bound is far below what any machine reaches.
TEST(FittedRows, EventsASecond) {
  std::string row =
      R"({"timestamp":"2026-11-23T08:30:00.123Z","user_id":123456,"event":"page_view","price":12.5,"ok":true})";
  row += '\n';
  constexpr uint64_t kRows = 300'000;
  const auto bytes = std::make_shared<RepeatedRange>("", row, kRows);
  const auto begin = std::chrono::steady_clock::now();
  const Streamed streamed = stream({bytes, RowFormat::kNdjson},
                                   "timestamp DateTime64(3), user_id UInt64, event "
                                   "LowCardinality(String), price Float64, ok Bool");
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  EXPECT_EQ(streamed.rows, kRows);
  const double rate = static_cast<double>(kRows) / took.count();
  std::cout << "fitted NDJSON rows a second: " << static_cast<int64_t>(rate) << "\n";
  EXPECT_GT(rate, 10'000);
}

/// Bodies of one event each: what opening them takes.
TEST(FittedRows, BodiesASecond) {
  const auto columns = parse_schema(
      "timestamp DateTime64(3), user_id UInt64, event LowCardinality(String), price Float64, ok "
      "Bool");
  const std::string row =
      R"({"timestamp":"2026-11-23T08:30:00.123Z","user_id":1,"event":"page_view","price":12.5,"ok":true})";
  Batch batch;
  std::vector<RejectedRow> rejected;
  constexpr int kBodies = 20'000;
  int rows = 0;
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < kBodies; ++i) {
    const auto source = open_rows({range_in_memory(row), RowFormat::kNdjson}, columns);
    while (source->next(batch, rejected)) rows += static_cast<int>(batch.rows());
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  EXPECT_EQ(rows, kBodies);
  const double rate = kBodies / took.count();
  std::cout << "bodies of one event a second: " << static_cast<int64_t>(rate) << "\n";
  EXPECT_GT(rate, 1'000);
}

}  // namespace
}  // namespace sluice
