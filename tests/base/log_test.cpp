#include "base/log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sluice {
namespace {

using testing::internal::CaptureStderr;
using testing::internal::GetCapturedStderr;

TEST(Log, LevelsAndLines) {
  CaptureStderr();
  start_log(LogLevel::kInfo);
  log_debug("hidden");
  log_info("shown {} %s");
  log_error("bad");
  const std::string text = GetCapturedStderr();
  EXPECT_THAT(text,
              testing::ContainsRegex("^[0-9-]+T[0-9:]+\\.[0-9][0-9][0-9]Z info shown \\{\\} %s\n"));
  EXPECT_THAT(text, testing::HasSubstr(" error bad\n"));
  EXPECT_THAT(text, testing::Not(testing::HasSubstr("hidden")));
}

TEST(Log, UserTextCanNotForgeALine) {
  CaptureStderr();
  start_log(LogLevel::kInfo);
  log_warn("one\n2026-11-23T08:30:00.000Z info two\x1b[2J");
  const std::string text = GetCapturedStderr();
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1);
  EXPECT_THAT(text, testing::HasSubstr("one\\x0a2026"));
  EXPECT_THAT(text, testing::HasSubstr("\\x1b[2J"));
}

TEST(Log, Off) {
  CaptureStderr();
  start_log(LogLevel::kOff);
  log_error("nothing");
  EXPECT_EQ(GetCapturedStderr(), "");
}

}  // namespace
}  // namespace sluice
