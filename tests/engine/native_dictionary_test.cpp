#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/native_column.h"
#include "engine/native_world.h"
#include "support/caught.h"

namespace sluice {
namespace {

using testing::ElementsAre;

using NativeDictionaryTest = NativeColumnTest;

TEST_F(NativeDictionaryTest, DictionariesAreLookedUp) {
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

TEST_F(NativeDictionaryTest, DictionariesThatAreNotKnownAreRefused) {
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
