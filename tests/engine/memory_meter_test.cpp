#include "engine/memory_meter.h"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <string>

#include "engine/engine_world.h"
#include "support/caught.h"

namespace sluice {
namespace {

/// SQLite has one configuration a process, which has to come before its first use.
const bool kInstalled = [] {
  MemoryMeter::install();
  return true;
}();

TEST(MemoryMeter, CountsWhileItIsOn) {
  ASSERT_TRUE(kInstalled);
  MemoryMeter meter(1 << 20);
  void* before = sqlite3_malloc(1000);
  EXPECT_EQ(meter.used(), 0);
  void* memory = nullptr;
  {
    const MemoryMeter::On on(meter);
    memory = sqlite3_malloc(1000);
    EXPECT_GE(meter.used(), 1000);
    memory = sqlite3_realloc(memory, 5000);
    EXPECT_GE(meter.used(), 5000);
    EXPECT_LT(meter.used(), 7000);
    sqlite3_free(memory);
    EXPECT_EQ(meter.used(), 0);
  }
  sqlite3_free(before);
  EXPECT_EQ(meter.used(), 0);
}

TEST(MemoryMeter, RefusesWhatGoesBeyond) {
  MemoryMeter meter(4096);
  const MemoryMeter::On on(meter);
  EXPECT_EQ(sqlite3_malloc(5000), nullptr);
  void* memory = sqlite3_malloc(2000);
  ASSERT_NE(memory, nullptr);
  EXPECT_EQ(sqlite3_realloc(memory, 8000), nullptr);
  EXPECT_EQ(sqlite3_malloc(3000), nullptr);
  sqlite3_free(memory);
  memory = sqlite3_malloc(3000);
  EXPECT_NE(memory, nullptr);
  sqlite3_free(memory);
}

TEST(MemoryMeter, ARowOfManyLargeValuesEndsItsQuery) {
  EngineWorld world;
  std::string row = "SELECT 1";
  for (int i = 0; i < 500; ++i) row += ", printf('%.*c', 1000000, 'x')";
  const AskLimits most{kLongRun, 1 << 20, 8 << 20};
  EXPECT_ERROR(world.engine().ask({{}, row}, most, {}), kTooLarge);
  std::string zeros = "SELECT 1";
  for (int i = 0; i < 500; ++i) zeros += ", zeroblob(1000000)";
  EXPECT_ERROR(rest_of(*world.engine().ask({{}, zeros}, most, {})), kTooLarge);
  EXPECT_EQ(rest_of(*world.engine().ask({{}, "SELECT 1"}, most, {})).size(), 1U);
}

}  // namespace
}  // namespace sluice
