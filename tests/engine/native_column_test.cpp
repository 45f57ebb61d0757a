#include "engine/native_column.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/clickhouse_world.h"
#include "support/caught.h"

namespace sluice {
namespace {

using testing::ElementsAre;

/// What a column of these bytes has, value by value, as text; nested values in brackets.
class NativeColumnTest : public testing::Test {
 protected:
  static std::string shown(const Cell& cell, std::string_view bytes) {
    switch (cell.type) {
      case ValueType::kNull:
        return "NULL";
      case ValueType::kReal:
      case ValueType::kSingle:
        return std::to_string(cell.real);
      case ValueType::kText:
      case ValueType::kNumber:
        return std::string(bytes);
      default:
        return std::to_string(cell.integer);
    }
  }
  static std::string nested(NestedReader& reader, size_t fields) {
    const NestedPart part = reader.next();
    if (part.cell.type != ValueType::kNested) return shown(part.cell, part.bytes);
    std::string out = "[";
    for (size_t i = 0; i < part.cell.size * fields; ++i) {
      out += (i > 0 ? "," : "") + nested(reader, 1);
    }
    return out + "]";
  }

  std::vector<std::string> values(const std::string& type, const std::string& bytes, size_t rows,
                                  size_t at_once = 2) {
    const ClickhouseType parsed = parse_clickhouse_type(type);
    bool given = false;
    NativeInput input(
        [&](std::string& out) {
          if (given) return false;
          out += bytes;
          return given = true;
        },
        1 << 20);
    const auto column = make_native_column(parsed);
    column->load_prefix(input);
    column->load(input, rows);
    EXPECT_TRUE(input.at_end()) << type;
    std::vector<std::string> out;
    Batch batch;
    for (size_t row = 0; row < rows; row += at_once) {
      batch.reset(1);
      const size_t count = std::min(at_once, rows - row);
      batch.reserve_rows(count);
      column->fill(input, batch, 0, count);
      batch.add_rows(count);
      for (size_t i = 0; i < count; ++i) {
        const Cell& cell = batch.at(0, i);
        types_.push_back(cell.type);
        if (cell.type != ValueType::kNested) {
          const bool in_arena = cell.type == ValueType::kText || cell.type == ValueType::kNumber;
          out.push_back(shown(cell, in_arena ? batch.text(cell) : std::string_view()));
          continue;
        }
        NestedReader reader(batch.text(cell));
        out.push_back(nested(reader, parsed.kind == ClickhouseKind::kMap ? 2 : 1));
        EXPECT_TRUE(reader.at_end());
      }
    }
    return out;
  }

  std::vector<ValueType> types_;
};

TEST_F(NativeColumnTest, Integers) {
  EXPECT_THAT(values("Int8", {"\xff\x05\x80", 3}, 3), ElementsAre("-1", "5", "-128"));
  EXPECT_THAT(values("UInt16", native_number<uint16_t>(65535), 1), ElementsAre("65535"));
  EXPECT_THAT(values("UInt64", native_number<uint64_t>(7) + std::string(8, '\xff'), 2),
              ElementsAre("7", "18446744073709551615"));
  EXPECT_THAT(types_, testing::Contains(ValueType::kNumber));
  EXPECT_THAT(values("Int128", std::string(16, '\xff'), 1), ElementsAre("-1"));
}

TEST_F(NativeColumnTest, RealsOfEverySize) {
  EXPECT_THAT(values("Float64", native_number(0.5) + native_number(-2.0), 2),
              ElementsAre("0.500000", "-2.000000"));
  EXPECT_THAT(values("Float32", native_number(0.25F), 1), ElementsAre("0.250000"));
  EXPECT_THAT(values("BFloat16", {"\x80\x3f", 2}, 1), ElementsAre("1.000000"));
}

TEST_F(NativeColumnTest, TextsKeepEveryByte) {
  const std::string bytes = native_string("") + native_string(std::string("a\0b", 3)) +
                            native_string(std::string(200, 'x'));
  EXPECT_THAT(values("String", bytes, 3),
              ElementsAre("", std::string("a\0b", 3), std::string(200, 'x')));
  EXPECT_THAT(values("FixedString(2)", "abcd", 2), ElementsAre("ab", "cd"));
}

TEST_F(NativeColumnTest, TimesAreCells) {
  EXPECT_THAT(values("Date", native_number<uint16_t>(19000), 1), ElementsAre("19000"));
  EXPECT_THAT(values("Date32", native_number<int32_t>(-1), 1), ElementsAre("-1"));
  EXPECT_THAT(values("DateTime('UTC')", native_number<uint32_t>(4000000000U), 1),
              ElementsAre("4000000000"));
  EXPECT_THAT(values("DateTime64(3)", native_number<int64_t>(-5), 1), ElementsAre("-5"));
  EXPECT_THAT(types_, ElementsAre(ValueType::kDate, ValueType::kDate, ValueType::kTimestamp,
                                  ValueType::kTimestamp));
}

TEST_F(NativeColumnTest, EnumsAreTheirNamesAndUnknownNumbersCorrupt) {
  EXPECT_THAT(values("Enum8('a' = -1, 'b' = 2)", {"\xff\x02", 2}, 2), ElementsAre("a", "b"));
  EXPECT_EQ(caught([&] {
              values("Enum16('a' = 1)", {"\x02\x00", 2}, 1);
            }).code(),
            ErrorCode::kCorrupt);
  EXPECT_THAT(values("Nullable(Enum8('a' = 1))", {"\x01\x00\x00\x01", 4}, 2),
              ElementsAre("NULL", "a"));
}

TEST_F(NativeColumnTest, NullsStandBesideTheValues) {
  EXPECT_THAT(values("Nullable(Int8)", {"\x00\x01\x00\x05\x00\x07", 6}, 3),
              ElementsAre("5", "NULL", "7"));
  EXPECT_THAT(values("Nullable(Nothing)", {"\x01\x00", 2}, 1), ElementsAre("NULL"));
}

TEST_F(NativeColumnTest, ArraysEndWhereTheySay) {
  const std::string ends =
      native_number<uint64_t>(2) + native_number<uint64_t>(2) + native_number<uint64_t>(3);
  EXPECT_THAT(
      values("Array(Nullable(UInt8))", ends + std::string("\x00\x01\x00\x05\x00\x07", 6), 3),
      ElementsAre("[5,NULL]", "[]", "[7]"));
  const std::string backwards = native_number<uint64_t>(2) + native_number<uint64_t>(1);
  EXPECT_EQ(caught([&] { values("Array(UInt8)", backwards + "ab", 2); }).code(),
            ErrorCode::kCorrupt);
}

TEST_F(NativeColumnTest, MapsAndTuples) {
  const std::string ends = native_number<uint64_t>(1) + native_number<uint64_t>(3);
  EXPECT_THAT(
      values("Map(String, UInt8)",
             ends + native_string("a") + native_string("b") + native_string("c") + "\x01\x02\x03",
             2),
      ElementsAre("[a,1]", "[b,2,c,3]"));
  EXPECT_THAT(
      values("Tuple(x UInt8, y String)", "\x01\x02" + native_string("p") + native_string("q"), 2),
      ElementsAre("[1,p]", "[2,q]"));
}

TEST_F(NativeColumnTest, DictionariesAreLookedUp) {
  const std::string about = native_number<uint64_t>(1) + native_number<uint64_t>(0x600);
  const std::string keys =
      native_number<uint64_t>(3) + native_string("") + native_string("a") + native_string("b");
  const std::string rows = native_number<uint64_t>(4) + std::string("\x02\x01\x00\x02", 4);
  EXPECT_THAT(values("LowCardinality(String)", about + keys + rows, 4),
              ElementsAre("b", "a", "", "b"));
  EXPECT_THAT(values("LowCardinality(Nullable(String))", about + keys + rows, 4),
              ElementsAre("b", "a", "NULL", "b"));
  const std::string version = native_number<uint64_t>(1);
  const std::string ends = native_number<uint64_t>(0) + native_number<uint64_t>(0);
  EXPECT_THAT(values("Array(LowCardinality(String))", version + ends, 2), ElementsAre("[]", "[]"));
}

TEST_F(NativeColumnTest, DictionariesThatAreNotKnownAreRefused) {
  const std::string version = native_number<uint64_t>(1);
  for (const uint64_t about : {0x604ULL, 0x700ULL, 0x000ULL}) {
    EXPECT_EQ(caught([&] {
                values("LowCardinality(String)",
                       version + native_number(about) + std::string(64, '\0'), 1);
              }).code(),
              ErrorCode::kCorrupt)
        << about;
  }
  const std::string one_key = version + native_number<uint64_t>(0x600) +
                              native_number<uint64_t>(1) + native_string("a") +
                              native_number<uint64_t>(1) + "\x05";
  EXPECT_EQ(caught([&] { values("LowCardinality(String)", one_key, 1); }).code(),
            ErrorCode::kCorrupt);
}

}  // namespace
}  // namespace sluice
