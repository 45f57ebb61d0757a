#include "pipeline/key_builder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <iostream>
#include <map>
#include <random>

#include "base/error.h"
#include "support/caught.h"
#include "support/nested_bytes.h"

namespace sluice {
namespace {

using testing::HasSubstr;

std::vector<ColumnInfo> columns(std::initializer_list<const char*> names) {
  std::vector<ColumnInfo> out;
  for (const char* name : names) out.push_back({name, ""});
  return out;
}

KeyBuilder builder(std::string_view text, std::initializer_list<const char*> names,
                   const RunVariables& variables = {}, std::string_view prefix = "base") {
  return {FileTemplate::parse(text), prefix, ".csv", columns(names), variables};
}

std::string key(KeyBuilder& keys, const Batch& batch, size_t row = 0) {
  std::string out = "left over";
  keys.key_of(batch, row, out);
  return out;
}

Batch text_row(std::initializer_list<std::string_view> values) {
  Batch batch;
  batch.reset(values.size());
  size_t column = 0;
  for (std::string_view value : values) batch.add_text(column++, value);
  batch.end_row();
  return batch;
}

std::string failure(KeyBuilder& keys, const Batch& batch) {
  try {
    key(keys, batch);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kInvalid);
    return error.what();
  }
  return "accepted";
}

TEST(KeyBuilder, PrefixTemplateExtension) {
  KeyBuilder keys = builder("{a}/x_{b}", {"a", "b"});
  EXPECT_FALSE(keys.is_single_file());
  EXPECT_EQ(key(keys, text_row({"one", "two"})), "base/one/x_two.csv");
  KeyBuilder bare = builder("{a}.csv", {"a"}, {}, "");
  EXPECT_EQ(key(bare, text_row({"one"})), "one.csv");
  KeyBuilder slashes = builder("{a}", {"a"}, {}, "//x/y//");
  EXPECT_EQ(key(slashes, text_row({"one"})), "x/y/one.csv");
}

TEST(KeyBuilder, SingleFile) {
  KeyBuilder keys = builder("all/{who}_{1}", {"a"}, {{"who", "me/you"}});
  EXPECT_TRUE(keys.is_single_file());
  EXPECT_EQ(keys.single_key(), "base/all/me%2Fyou_0.csv");
  EXPECT_EQ(key(keys, text_row({"x"})), keys.single_key());
}

TEST(KeyBuilder, ValuesOfEveryType) {
  KeyBuilder keys = builder("{v}", {"v"}, {}, "");
  Batch batch;
  batch.reset(1);
  batch.add_null(0);
  batch.end_row();
  batch.add_integer(0, -3);
  batch.end_row();
  batch.add_real(0, 2);
  batch.end_row();
  batch.add_text(0, "");
  batch.end_row();
  batch.add_blob(0, "\xff\xff\xff");
  batch.end_row();
  EXPECT_EQ(key(keys, batch, 0), "__HIVE_DEFAULT_PARTITION__.csv");
  EXPECT_EQ(key(keys, batch, 1), "-3.csv");
  EXPECT_EQ(key(keys, batch, 2), "2.0.csv");
  EXPECT_EQ(key(keys, batch, 3), "__EMPTY__.csv");
  EXPECT_EQ(key(keys, batch, 4), "%2F%2F%2F%2F.csv");
}

TEST(KeyBuilder, AColumnBeatsAVariable) {
  KeyBuilder keys = builder("{a}_{b}", {"a"}, {{"a", "variable"}, {"b", "given"}});
  EXPECT_EQ(key(keys, text_row({"column"})), "base/column_given.csv");
  EXPECT_THROW(builder("{c}", {"a"}), Error);
}

TEST(KeyBuilder, SpreadDealsRowsInTurn) {
  KeyBuilder keys = builder("part_{12}", {"a"});
  const Batch batch = text_row({"x"});
  EXPECT_EQ(key(keys, batch), "base/part_00.csv");
  EXPECT_EQ(key(keys, batch), "base/part_01.csv");
  for (int i = 2; i < 12; ++i) key(keys, batch);
  EXPECT_EQ(key(keys, batch), "base/part_00.csv");
}

TEST(KeyBuilder, Dates) {
  KeyBuilder keys = builder("dt={ts, '%Y-%m-%d'}/{ts, '%H'}", {"ts"}, {}, "");
  EXPECT_EQ(key(keys, text_row({"2026-11-23 08:30:00"})), "dt=2026-11-23/08.csv");
  Batch batch;
  batch.reset(1);
  batch.add_integer(0, 1795422600);
  batch.end_row();
  batch.add_null(0);
  batch.end_row();
  EXPECT_EQ(key(keys, batch, 0), "dt=2026-11-23/08.csv");
  EXPECT_EQ(key(keys, batch, 1), "dt=__HIVE_DEFAULT_PARTITION__/__HIVE_DEFAULT_PARTITION__.csv");
  EXPECT_THAT(failure(keys, text_row({"soon"})), HasSubstr("'soon'"));
  EXPECT_THAT(failure(keys, text_row({"soon"})), HasSubstr("{ts}"));
  Batch real;
  real.reset(1);
  real.add_real(0, 2461000.5);
  real.end_row();
  EXPECT_THAT(failure(keys, real), HasSubstr("2461000.5"));
}

TEST(KeyBuilder, ErrorsNameColumnAndValue) {
  KeyBuilder keys = builder("{a}/{b}", {"a", "b"});
  EXPECT_THAT(failure(keys, text_row({"fine", "\xff"})), HasSubstr("{b}"));
  const std::string length = failure(keys, text_row({"fine", std::string(5000, 'y')}));
  EXPECT_THAT(length, HasSubstr("{b}"));
  EXPECT_THAT(length, HasSubstr("yyyy"));
  EXPECT_LT(length.size(), 500U);
  EXPECT_EQ(failure(keys, text_row({"a", std::string(1024 - 11, 'y')})), "accepted");
  EXPECT_NE(failure(keys, text_row({"a", std::string(1024 - 10, 'y')})), "accepted");
  EXPECT_THROW(builder("x", {"a"}, {}, std::string(1020, 'p')), Error);
}

TEST(KeyBuilderProperty, DistinctTuplesHaveDistinctKeysUnderThePrefix) {
  const unsigned seed = std::random_device()();
  std::cout << "seed " << seed << "\n";
  std::mt19937 random(seed);
  const std::vector<std::string> letters = {".", "..", "/", "\\", "%2F", "%",
                                            "_", "a",  "é", "",   "{",   "\n"};
  KeyBuilder keys = builder("{a}/k={b}/{c}", {"a", "b", "c"});
  using Tuple = std::vector<std::string>;
  std::map<std::string, Tuple> seen;
  for (int i = 0; i < 30000; ++i) {
    Tuple tuple(3);
    Batch batch;
    batch.reset(3);
    for (size_t column = 0; column < 3; ++column) {
      if (random() % 10 == 0) {
        tuple[column] = "(NULL)";
        batch.add_null(column);
        continue;
      }
      for (size_t n = random() % 4; n > 0; --n) tuple[column] += letters[random() % letters.size()];
      batch.add_text(column, tuple[column]);
    }
    batch.end_row();
    const std::string found = key(keys, batch);
    const auto [entry, is_new] = seen.emplace(found, tuple);
    ASSERT_TRUE(is_new || entry->second == tuple) << found << " seed " << seed;
    ASSERT_TRUE(found.starts_with("base/"));
    ASSERT_EQ(std::count(found.begin(), found.end(), '/'), 3) << found;
    const std::string framed = "/" + found + "/";
    for (const char* escape : {"/../", "/./", "//"}) {
      ASSERT_EQ(framed.find(escape), std::string::npos) << found << " seed " << seed;
    }
  }
}

/// Values next to each other may share a name; then their rows share a file, and it still lies in
/// its folder.
TEST(KeyBuilderProperty, NeighboursStayInTheirFolder) {
  std::mt19937 random(11);
  const std::vector<std::string> values = {"", ".", "..", "...", "/", "a", "%2E"};
  for (const char* text : {"{a}{b}", ".{a}{b}", "{a}.{b}", "x/{a}{b}/y", "{a}..{b}"}) {
    KeyBuilder keys = builder(text, {"a", "b"});
    for (int i = 0; i < 200; ++i) {
      const std::string found = key(keys, text_row({values[random() % 7], values[random() % 7]}));
      const std::string framed = "/" + found + "/";
      for (const char* escape : {"/../", "/./", "//"}) {
        ASSERT_EQ(framed.find(escape), std::string::npos) << found;
      }
    }
  }
}

std::string text_key(std::string_view text) {
  KeyBuilder keys = builder("{c}", {"c"}, {}, "");
  return key(keys, text_row({text}));
}

/// The key that a template makes of a value of an engine.
std::string engine_key(std::string_view text, const Cell& cell) {
  KeyBuilder keys = builder(text, {"c"}, {}, "");
  Batch batch;
  batch.reset(1);
  batch.add_cell(0, cell);
  batch.end_row();
  return key(keys, batch);
}

TEST(KeyBuilder, ValuesOfAnEngineAreTheirText) {
  EXPECT_EQ(engine_key("{c}", cell_of(ValueType::kDate, 19782)), "2024-02-29.csv");
  EXPECT_EQ(engine_key("{c}", cell_of(ValueType::kBoolean, 1)), "true.csv");
  EXPECT_EQ(engine_key("{c}", real_cell(ValueType::kSingle, 0.5)), "0.5.csv");
  EXPECT_EQ(engine_key("{c}", timestamp_cell(1500, 3)), text_key("1970-01-01 00:00:01.500"));
  KeyBuilder keys = builder("{c}", {"c"}, {}, "");
  Batch batch;
  batch.reset(1);
  batch.add_bytes(0, ValueType::kNumber, "-12.50");
  batch.end_row();
  EXPECT_EQ(key(keys, batch), "-12.50.csv");
}

TEST(KeyBuilder, DatesOfAnEngineAreFormatted) {
  EXPECT_EQ(engine_key("{c, '%Y/%m/%d'}", cell_of(ValueType::kDate, 19782)), "2024/02/29.csv");
  EXPECT_EQ(engine_key("{c, '%Y'}", cell_of(ValueType::kDate, -25567)), "1900.csv");
  EXPECT_EQ(engine_key("{c, '%F_%H'}", timestamp_cell(-1, 0)), "1969-12-31_23.csv");
  EXPECT_EQ(engine_key("{c, '%F_%H'}", timestamp_cell(-1, 9, true)), "1969-12-31_23.csv");
  EXPECT_EQ(engine_key("{c, '%S'}", timestamp_cell(59'999'999'999, 9)), "59.csv");
  KeyBuilder keys = builder("{c, '%Y'}", {"c"});
  for (const Cell& cell : {cell_of(ValueType::kDate, 2932897), cell_of(ValueType::kDate, -719529),
                           timestamp_cell(INT64_MAX, 0), cell_of(ValueType::kBoolean, 1)}) {
    Batch batch;
    batch.reset(1);
    batch.add_cell(0, cell);
    batch.end_row();
    EXPECT_THAT(failure(keys, batch), HasSubstr("{c}"));
  }
}

TEST(KeyBuilder, NestedValuesMakeNoName) {
  KeyBuilder keys = builder("{c}", {"c"});
  Batch batch;
  batch.reset(1);
  batch.add_bytes(0, ValueType::kNested, NestedBytes().begin(0).take());
  batch.end_row();
  EXPECT_THAT(failure(keys, batch), HasSubstr("{c}"));
  KeyBuilder dates = builder("{c, '%Y'}", {"c"});
  EXPECT_THAT(failure(dates, batch), HasSubstr("lists, maps or tuples"));
  EXPECT_ERROR(KeyBuilder(FileTemplate::parse("{c}"), "", ".csv",
                          {{"c", "", list_of({ColumnKind::kText})}}, {}),
               kInvalid);
}

}  // namespace
}  // namespace sluice
