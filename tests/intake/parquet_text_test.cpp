#include "intake/parquet_text.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "base/encoding.h"

namespace sluice {
namespace {

using namespace std::string_view_literals;

ParquetNode leaf_of(ParquetMeaning meaning, ParquetType type = ParquetType::kInt64, int scale = 0) {
  ParquetNode leaf;
  leaf.name = "x";
  leaf.meaning = meaning;
  leaf.type = type;
  leaf.scale = scale;
  return leaf;
}
ParquetValue of(int64_t integer) {
  ParquetValue value;
  value.integer = integer;
  return value;
}
ParquetValue of(double real) {
  ParquetValue value;
  value.real = real;
  return value;
}
ParquetValue of(std::string_view bytes) {
  ParquetValue value;
  value.bytes = bytes.data();
  value.size = bytes.size();
  return value;
}
template <class Value>
std::string text(const ParquetNode& leaf, Value value) {
  std::string out;
  append_parquet_text(out, leaf, of(value));
  return out;
}
template <class Value>
std::string json(const ParquetNode& leaf, Value value) {
  std::string out;
  append_parquet_json(out, leaf, of(value));
  return out;
}

TEST(ParquetText, DatesOfAnyYear) {
  const ParquetNode leaf = leaf_of(ParquetMeaning::kDate, ParquetType::kInt32);
  EXPECT_EQ(text(leaf, int64_t{0}), "1970-01-01");
  EXPECT_EQ(text(leaf, int64_t{-1}), "1969-12-31");
  EXPECT_EQ(text(leaf, int64_t{19782}), "2024-02-29");
  EXPECT_EQ(text(leaf, int64_t{-719162}), "0001-01-01");
  EXPECT_EQ(text(leaf, int64_t{-719529}), "-0001-12-31");
  EXPECT_EQ(text(leaf, int64_t{2932896}), "9999-12-31");
  EXPECT_EQ(text(leaf, int64_t{2932897}), "+10000-01-01");
  EXPECT_EQ(text(leaf, int64_t{std::numeric_limits<int32_t>::max()}), "+5881580-07-11");
}

TEST(ParquetText, TimesAndTimestamps) {
  EXPECT_EQ(text(leaf_of(ParquetMeaning::kTime, ParquetType::kInt32, 3), int64_t{45296007}),
            "12:34:56.007");
  EXPECT_EQ(text(leaf_of(ParquetMeaning::kTime, ParquetType::kInt64, 6), int64_t{1000000}),
            "00:00:01");
  EXPECT_EQ(text(leaf_of(ParquetMeaning::kTime, ParquetType::kInt64, 9), int64_t{-1}),
            "-00:00:00.000000001");
  EXPECT_EQ(text(leaf_of(ParquetMeaning::kTime, ParquetType::kInt64, 3),
                 std::numeric_limits<int64_t>::min()),
            "-2562047788015:12:55.807");
  ParquetNode leaf = leaf_of(ParquetMeaning::kTimestamp, ParquetType::kInt64, 6);
  EXPECT_EQ(text(leaf, int64_t{1709208000000001}), "2024-02-29 12:00:00.000001");
  EXPECT_EQ(text(leaf, int64_t{-1}), "1969-12-31 23:59:59.999999");
  EXPECT_EQ(text(leaf, int64_t{0}), "1970-01-01 00:00:00");
  EXPECT_EQ(text(leaf, std::numeric_limits<int64_t>::min()), "-290308-12-21 19:59:05.224192");
  leaf.utc = true;
  EXPECT_EQ(text(leaf, int64_t{0}), "1970-01-01 00:00:00Z");
}

TEST(ParquetText, TimestampsInTwelveBytes) {
  // 12:00:00.5 of Julian day 2440589, 1970-01-02.
  const std::string bytes = *hex_decode("00e574664a2700008d3d2500");
  EXPECT_EQ(text(leaf_of(ParquetMeaning::kInt96, ParquetType::kInt96), std::string_view(bytes)),
            "1970-01-02 12:00:00.500000000");
}

TEST(ParquetText, OtherTexts) {
  EXPECT_EQ(text(leaf_of(ParquetMeaning::kUuid), "0123456789abcdef"sv),
            "30313233-3435-3637-3839-616263646566");
  EXPECT_EQ(text(leaf_of(ParquetMeaning::kInterval),
                 "\x0e\x00\x00\x00\x03\x00\x00\x00\xa5\x0f\x00\x00"sv),
            "P14M3DT4.005S");
  EXPECT_EQ(text(leaf_of(ParquetMeaning::kUnsigned), int64_t{-1}), "18446744073709551615");
  EXPECT_EQ(text(leaf_of(ParquetMeaning::kUnsigned, ParquetType::kInt32), int64_t{-1}),
            "4294967295");
  EXPECT_EQ(text(leaf_of(ParquetMeaning::kDecimal, ParquetType::kInt32, 2), int64_t{-5}), "-0.05");
  EXPECT_EQ(text(leaf_of(ParquetMeaning::kBytes), "\xff"sv), "ff");
  EXPECT_EQ(text(leaf_of(ParquetMeaning::kReal, ParquetType::kFloat), 0.1F), "0.1");
}

TEST(ParquetText, HalvesOfASingle) {
  const auto half = [](std::string_view bytes) {
    return text(leaf_of(ParquetMeaning::kHalf), bytes);
  };
  EXPECT_EQ(half("\x00\x3c"sv), "1.0");
  EXPECT_EQ(half("\x01\x00"sv), "5.960464477539063e-08");
  EXPECT_EQ(half("\xff\x7b"sv), "65504.0");
  EXPECT_EQ(half("\x00\x80"sv), "-0.0");
  EXPECT_EQ(half("\x00\xfc"sv), "-Inf");
  EXPECT_EQ(half("\x01\x7c"sv), "NaN");
}

TEST(ParquetText, Json) {
  EXPECT_EQ(json(leaf_of(ParquetMeaning::kBoolean), int64_t{1}), "true");
  EXPECT_EQ(json(leaf_of(ParquetMeaning::kInteger), int64_t{-5}), "-5");
  EXPECT_EQ(json(leaf_of(ParquetMeaning::kReal, ParquetType::kDouble), 0.5), "0.5");
  EXPECT_EQ(json(leaf_of(ParquetMeaning::kReal, ParquetType::kDouble), std::nan("")), "null");
  EXPECT_EQ(json(leaf_of(ParquetMeaning::kReal, ParquetType::kFloat), 5.0), "5.0");
  EXPECT_EQ(json(leaf_of(ParquetMeaning::kDecimal, ParquetType::kInt64, 1), int64_t{15}), "1.5");
  EXPECT_EQ(json(leaf_of(ParquetMeaning::kText), "a\"b"sv), R"("a\"b")");
  EXPECT_EQ(json(leaf_of(ParquetMeaning::kBytes), "\xfe"sv), R"("fe")");
  EXPECT_EQ(json(leaf_of(ParquetMeaning::kJson), R"({"a": [1]})"sv), R"({"a": [1]})");
  EXPECT_EQ(json(leaf_of(ParquetMeaning::kJson), "{broken"sv), R"("{broken")");
  EXPECT_EQ(json(leaf_of(ParquetMeaning::kDate), int64_t{0}), R"("1970-01-01")");
}

TEST(ParquetText, CellsHaveTheTypesOfTheirMeaning) {
  Batch batch;
  batch.reset(1);
  const auto cell = [&](const ParquetNode& leaf, const ParquetValue& value) {
    put_parquet_cell(batch, 0, leaf, value);
    batch.end_row();
    return batch.at(0, batch.rows() - 1);
  };
  EXPECT_EQ(cell(leaf_of(ParquetMeaning::kBoolean), of(int64_t{1})).type, ValueType::kInteger);
  EXPECT_EQ(cell(leaf_of(ParquetMeaning::kUnsigned, ParquetType::kInt32), of(int64_t{-1})).integer,
            4294967295);
  const Cell large = cell(leaf_of(ParquetMeaning::kUnsigned), of(int64_t{-1}));
  EXPECT_EQ(batch.text(large), "18446744073709551615");
  EXPECT_EQ(cell(leaf_of(ParquetMeaning::kReal, ParquetType::kFloat), of(0.5)).real, 0.5);
  EXPECT_EQ(cell(leaf_of(ParquetMeaning::kText), of("a"sv)).type, ValueType::kText);
  EXPECT_EQ(cell(leaf_of(ParquetMeaning::kText), of("\xff"sv)).type, ValueType::kBlob);
  const Cell day = cell(leaf_of(ParquetMeaning::kDate), of(int64_t{0}));
  EXPECT_EQ(batch.text(day), "1970-01-01");
}

}  // namespace
}  // namespace sluice
