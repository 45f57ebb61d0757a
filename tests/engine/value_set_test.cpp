#include "engine/value_set.h"

#include <gtest/gtest.h>

namespace sluice {
namespace {

Fingerprint number(uint64_t value) { return {value * 0x9E3779B97F4A7C15, value}; }

TEST(ValueSet, HoldsEachValueOnce) {
  ValueSet set;
  for (int round = 0; round < 2; ++round) {
    for (uint64_t i = 1; i <= 10000; ++i) EXPECT_EQ(set.insert(number(i)), round == 0);
  }
  EXPECT_EQ(set.size(), 10000U);
  EXPECT_LE(set.bytes(), 10000U * 16 * 4);
}

TEST(ValueSet, SaysWhatItWillTake) {
  ValueSet set;
  for (uint64_t i = 1; i <= 5000; ++i) {
    const size_t wanted = set.bytes_when_grown();
    const size_t before = set.bytes();
    set.insert(number(i));
    EXPECT_LE(set.bytes(), before == 0 ? 4096U : wanted);
  }
}

TEST(ValueSet, ThinsOut) {
  ValueSet set;
  for (uint64_t i = 1; i <= 1024; ++i) set.insert(number(i));
  set.thin_out(3);
  EXPECT_EQ(set.size(), 128U);
  EXPECT_FALSE(set.insert(number(8)));
  EXPECT_TRUE(set.insert(number(9)));
}

}  // namespace
}  // namespace sluice
