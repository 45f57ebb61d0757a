#include "format/rle_encoding.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "format/parquet_reader.h"

namespace sluice {
namespace {

std::string encoded(const std::vector<uint32_t>& values, unsigned width) {
  std::string out;
  append_rle(out, values, width);
  return out;
}

TEST(RleEncoding, TheExampleOfTheSpecification) {
  EXPECT_EQ(encoded({0, 1, 2, 3, 4, 5, 6, 7}, 3), "\x03\x88\xc6\xfa");
}

TEST(RleEncoding, Widths) {
  EXPECT_EQ(bit_width(0), 1U);
  EXPECT_EQ(bit_width(1), 1U);
  EXPECT_EQ(bit_width(2), 2U);
  EXPECT_EQ(bit_width(255), 8U);
  EXPECT_EQ(bit_width(256), 9U);
  EXPECT_EQ(bit_width(0xffffffff), 32U);
}

TEST(RleEncoding, RunsAreShort) {
  EXPECT_EQ(encoded({}, 5), "");
  EXPECT_EQ(encoded(std::vector<uint32_t>(1000, 300), 9), "\xd0\x0f\x2c\x01");
  // Eight packed values, then the run.
  std::vector<uint32_t> values = {1, 2, 3, 4, 5, 6, 7, 8};
  values.insert(values.end(), 100, 9);
  EXPECT_EQ(encoded(values, 8), std::string("\x03\x01\x02\x03\x04\x05\x06\x07\x08\xc8\x01\x09"));
}

TEST(RleEncoding, EveryWidthAndShapeIsReadBack) {
  std::mt19937 chance(11);
  for (unsigned width = 1; width <= 32; ++width) {
    const uint32_t highest = static_cast<uint32_t>((uint64_t{1} << width) - 1);
    for (int round = 0; round < 60; ++round) {
      std::vector<uint32_t> values;
      while (values.size() < chance() % 400) {
        const size_t run = chance() % 3 == 0 ? chance() % 60 : 1;
        values.insert(values.end(), run, static_cast<uint32_t>(chance()) & highest);
      }
      if (round == 0) values.assign(9, highest);
      ASSERT_EQ(decode_rle(encoded(values, width), width, values.size()), values) << width;
    }
  }
}

TEST(RleEncoding, Bits) {
  BitVector bits;
  bits.add_ones(20);
  for (int i = 0; i < 20; ++i) bits.add(i % 3 == 0);
  const auto stretch = [&](size_t first, size_t count) {
    std::string out;
    append_rle_bits(out, bits, first, count);
    return out;
  };
  EXPECT_EQ(stretch(0, 20), "\x28\x01");
  EXPECT_EQ(stretch(21, 2), std::string("\x04\x00", 2));
  for (size_t first = 0; first < 40; ++first) {
    for (size_t count = 1; first + count <= 40; ++count) {
      std::vector<uint32_t> wanted;
      for (size_t i = 0; i < count; ++i) wanted.push_back(bits[first + i] ? 1 : 0);
      ASSERT_EQ(decode_rle(stretch(first, count), 1, count), wanted) << first << " " << count;
    }
  }
}

}  // namespace
}  // namespace sluice
