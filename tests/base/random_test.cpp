#include "base/random.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <set>

#include "support/fake_random.h"

namespace sluice {
namespace {

TEST(Random, SystemBytesDiffer) {
  const auto random = make_system_random();
  EXPECT_EQ(random->bytes(0), "");
  EXPECT_EQ(random->bytes(32).size(), 32U);
  EXPECT_NE(random->bytes(32), random->bytes(32));
}

TEST(Random, HexAndUuid) {
  FakeRandom random;
  EXPECT_THAT(random.hex(16), testing::MatchesRegex("[0-9a-f]+"));
  EXPECT_EQ(random.hex(16).size(), 32U);
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) {
    const std::string uuid = random.uuid();
    ASSERT_EQ(uuid.size(), 36U);
    for (size_t dash : {8U, 13U, 18U, 23U}) ASSERT_EQ(uuid[dash], '-') << uuid;
    ASSERT_EQ(uuid[14], '4') << uuid;
    ASSERT_NE(std::string("89ab").find(uuid[19]), std::string::npos) << uuid;
    ASSERT_TRUE(seen.insert(uuid).second);
  }
}

TEST(Random, BelowIsUniform) {
  FakeRandom random;
  EXPECT_EQ(random.below(0), 0U);
  EXPECT_EQ(random.below(1), 0U);
  std::array<int, 6> counts{};
  for (int i = 0; i < 60000; ++i) ++counts[random.below(6)];
  for (int count : counts) EXPECT_NEAR(count, 10000, 500);
  for (int i = 0; i < 100; ++i) EXPECT_LT(random.below(UINT64_MAX), UINT64_MAX);
}

TEST(Random, FakesRepeatThemselves) {
  FakeRandom one(7), same(7), other(8);
  EXPECT_EQ(one.bytes(20), same.bytes(20));
  EXPECT_NE(one.bytes(20), other.bytes(20));
}

}  // namespace
}  // namespace sluice
