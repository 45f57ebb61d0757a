#include "engine/native_column.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/native_world.h"
#include "support/caught.h"

namespace sluice {
namespace {

using testing::ElementsAre;

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

}  // namespace
}  // namespace sluice
