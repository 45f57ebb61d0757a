#include "domain/run_variables.h"

#include <gtest/gtest.h>

#include "support/samples.h"

namespace sluice {
namespace {

using std::chrono::hours;

TEST(RunVariables, OfEveryRun) {
  EXPECT_EQ(built_in_variables(kMorning, kMorning - hours(1)),
            (RunVariables{{"job_timestamp", "2026-11-23 08:30:00.000000"},
                          {"last_success_at", "2026-11-23 07:30:00.000000"}}));
  EXPECT_EQ(built_in_variables(kMorning, std::nullopt).at("last_success_at"),
            "1970-01-01 00:00:00.000000");
}

TEST(RunVariables, OfAnInterval) {
  EXPECT_EQ(interval_variables(kMorning, {kMorning - hours(24), kMorning}),
            (RunVariables{{"scheduled_at", "2026-11-23 08:30:00.000000"},
                          {"interval_start", "2026-11-22 08:30:00.000000"},
                          {"interval_end", "2026-11-23 08:30:00.000000"}}));
}

}  // namespace
}  // namespace sluice
