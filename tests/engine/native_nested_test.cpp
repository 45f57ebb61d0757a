#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/native_column.h"
#include "engine/native_world.h"
#include "support/caught.h"

namespace sluice {
namespace {

using testing::ElementsAre;

using NativeNestedTest = NativeColumnTest;

TEST_F(NativeNestedTest, NullsStandBesideTheValues) {
  EXPECT_THAT(values("Nullable(Int8)", {"\x00\x01\x00\x05\x00\x07", 6}, 3),
              ElementsAre("5", "NULL", "7"));
  EXPECT_THAT(values("Nullable(Nothing)", {"\x01\x00", 2}, 1), ElementsAre("NULL"));
}

TEST_F(NativeNestedTest, ArraysEndWhereTheySay) {
  const std::string ends =
      native_number<uint64_t>(2) + native_number<uint64_t>(2) + native_number<uint64_t>(3);
  EXPECT_THAT(
      values("Array(Nullable(UInt8))", ends + std::string("\x00\x01\x00\x05\x00\x07", 6), 3),
      ElementsAre("[5,NULL]", "[]", "[7]"));
  const std::string backwards = native_number<uint64_t>(2) + native_number<uint64_t>(1);
  EXPECT_EQ(caught([&] { values("Array(UInt8)", backwards + "ab", 2); }).code(),
            ErrorCode::kCorrupt);
}

TEST_F(NativeNestedTest, MapsAndTuples) {
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

}  // namespace
}  // namespace sluice
