#include "format/bit_vector.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace sluice {
namespace {

TEST(BitVector, TheFirstIsTheLowestBit) {
  BitVector bits;
  for (const bool bit : {true, false, false, false, false, false, false, true, true, true}) {
    bits.add(bit);
  }
  std::string out;
  bits.append_to(out, 0, 10);
  EXPECT_EQ(out, "\x81\x03");
  bits.append_to(out, 7, 3);
  EXPECT_EQ(out, "\x81\x03\x07");
}

TEST(BitVector, EveryStretchIsAsTheBitsOneByOne) {
  std::mt19937 chance(7);
  BitVector bits;
  std::vector<bool> wanted;
  for (int i = 0; i < 40; ++i) {
    if (chance() % 2 == 0) {
      const size_t ones = chance() % 150;
      bits.add_ones(ones);
      wanted.insert(wanted.end(), ones, true);
    }
    wanted.push_back(chance() % 2 == 0);
    bits.add(wanted.back());
  }
  ASSERT_EQ(bits.size(), wanted.size());
  for (int i = 0; i < 2000; ++i) {
    const size_t first = chance() % wanted.size();
    const size_t count = chance() % (wanted.size() - first + 1);
    std::string expected((count + 7) / 8, '\0');
    size_t ones = 0;
    for (size_t at = 0; at < count; ++at) {
      ASSERT_EQ(bits[first + at], wanted[first + at]);
      if (!wanted[first + at]) continue;
      ++ones;
      expected[at / 8] = static_cast<char>(expected[at / 8] | 1 << at % 8);
    }
    std::string out;
    bits.append_to(out, first, count);
    ASSERT_EQ(out, expected) << first << " " << count;
    ASSERT_EQ(bits.ones(first, count), ones);
  }
}

TEST(BitVector, ClearBeginsAnew) {
  BitVector bits;
  bits.add_ones(100);
  bits.clear();
  EXPECT_EQ(bits.size(), 0U);
  bits.add(false);
  EXPECT_FALSE(bits[0]);
}

}  // namespace
}  // namespace sluice
