#include "data/nested_value.h"

#include <gtest/gtest.h>

namespace sluice {
namespace {

Cell cell_of(ValueType type, int64_t integer, uint32_t size = 0) {
  Cell cell;
  cell.type = type;
  cell.size = size;
  cell.integer = integer;
  return cell;
}

TEST(NestedValueTest, PartsComeBackAsTheyWereWritten) {
  std::string bytes;
  NestedWriter writer(bytes);
  const TimestampUnit unit{9, true};
  writer.begin(4);
  writer.put(Cell());
  writer.put(cell_of(ValueType::kInteger, -5));
  writer.put(cell_of(ValueType::kTimestamp, 77, unit.size()));
  writer.begin(2);
  writer.put_bytes(ValueType::kText, "text");
  writer.put_bytes(ValueType::kNumber, "");

  NestedReader reader(bytes);
  EXPECT_EQ(reader.next().cell.size, 4U);
  EXPECT_EQ(reader.next().cell.type, ValueType::kNull);
  EXPECT_EQ(reader.next().cell.integer, -5);
  const NestedPart time = reader.next();
  EXPECT_EQ(time.cell.integer, 77);
  EXPECT_EQ(TimestampUnit::of(time.cell.size).digits, 9U);
  EXPECT_TRUE(TimestampUnit::of(time.cell.size).zoned);
  EXPECT_EQ(reader.next().cell.type, ValueType::kNested);
  EXPECT_EQ(reader.next().bytes, "text");
  EXPECT_FALSE(reader.at_end());
  const NestedPart number = reader.next();
  EXPECT_EQ(number.cell.type, ValueType::kNumber);
  EXPECT_EQ(number.bytes, "");
  EXPECT_TRUE(reader.at_end());
}

TEST(NestedValueTest, RealsKeepTheirBits) {
  std::string bytes;
  Cell cell;
  cell.type = ValueType::kReal;
  cell.real = -0.1;
  NestedWriter(bytes).put(cell);
  EXPECT_EQ(NestedReader(bytes).next().cell.real, -0.1);
}

}  // namespace
}  // namespace sluice
