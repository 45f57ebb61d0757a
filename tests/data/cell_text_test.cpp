#include "data/cell_text.h"

#include <gtest/gtest.h>

#include <string>

#include "data/value_text.h"

namespace sluice {
namespace {

std::string text_of(ValueType type, int64_t integer, uint32_t size = 0) {
  Cell cell;
  cell.type = type;
  cell.size = size;
  cell.integer = integer;
  std::string text(kNumberBytes, '\0');
  text.resize(static_cast<size_t>(write_cell(text.data(), cell) - text.data()));
  return text;
}

std::string text_of(ValueType type, double real) {
  Cell cell;
  cell.real = real;
  return text_of(type, cell.integer);
}

TEST(CellText, EveryTypeThatIsInACell) {
  EXPECT_EQ(text_of(ValueType::kInteger, int64_t{-5}), "-5");
  EXPECT_EQ(text_of(ValueType::kReal, 0.1), "0.1");
  EXPECT_EQ(text_of(ValueType::kSingle, static_cast<double>(0.1F)), "0.1");
  EXPECT_EQ(text_of(ValueType::kBoolean, int64_t{1}), "true");
  EXPECT_EQ(text_of(ValueType::kBoolean, int64_t{0}), "false");
  EXPECT_EQ(text_of(ValueType::kDate, int64_t{19782}), "2024-02-29");
  EXPECT_EQ(text_of(ValueType::kTimestamp, int64_t{1500}, TimestampUnit{3, true}.size()),
            "1970-01-01 00:00:01.500Z");
}

}  // namespace
}  // namespace sluice
