#include "engine/clickhouse_error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sluice {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* kOld =
    "Code: 395, e.displayText() = DB::Exception: Value passed to 'throwIf' function is non zero, "
    "e.what() = DB::Exception\n";
constexpr const char* kNew =
    "Code: 62. DB::Exception: Syntax error: failed at position 1. (SYNTAX_ERROR) (version "
    "26.9.2.1 (official build))\n";

TEST(ClickhouseErrorTest, OldAndNewSpellingsAreRead) {
  const auto old = read_exception(kOld);
  ASSERT_TRUE(old);
  EXPECT_EQ(old->code, 395);
  EXPECT_EQ(old->text, "Value passed to 'throwIf' function is non zero");
  const auto now = read_exception(kNew);
  ASSERT_TRUE(now);
  EXPECT_EQ(now->code, 62);
  EXPECT_EQ(now->text, "Syntax error: failed at position 1. (SYNTAX_ERROR)");
}

TEST(ClickhouseErrorTest, AnAnnouncedOneIsRead) {
  const auto tagged = read_exception(
      "\r\n__exception__\r\nabcdefghijklmnop\r\nCode: 241. DB::Exception: Memory limit (total) "
      "exceeded. (MEMORY_LIMIT_EXCEEDED)\n90 abcdefghijklmnop\r\n__exception__\r\n");
  ASSERT_TRUE(tagged);
  EXPECT_EQ(tagged->code, 241);
}

TEST(ClickhouseErrorTest, DataIsNone) {
  for (const char* text : {"", "Code", "Code: ", "Code: x", "Code: 62", "Code: 62 rows", "2"}) {
    EXPECT_FALSE(read_exception(text)) << text;
  }
  EXPECT_FALSE(find_exception("a row says Code: 62. and goes on"));
  EXPECT_TRUE(find_exception(std::string("\x02\x05rows", 6) + kOld));
}

TEST(ClickhouseErrorTest, TheCodeDecidesWhatItIs) {
  const auto code = [](int number, const std::string& text = "x") {
    return clickhouse_error({number, text}, "doing").code();
  };
  EXPECT_EQ(code(62), ErrorCode::kInvalid);
  EXPECT_EQ(code(164), ErrorCode::kForbidden);
  EXPECT_EQ(code(516), ErrorCode::kUnauthenticated);
  EXPECT_EQ(code(159), ErrorCode::kTimeout);
  EXPECT_EQ(code(202), ErrorCode::kTooMany);
  EXPECT_EQ(code(210), ErrorCode::kUnavailable);
  EXPECT_EQ(code(241, "Memory limit (for query) exceeded"), ErrorCode::kTooLarge);
  EXPECT_EQ(code(241, "Memory limit (total) exceeded"), ErrorCode::kUnavailable);
  EXPECT_EQ(code(395), ErrorCode::kInvalid);
}

TEST(ClickhouseErrorTest, LongTextsAreCutBetweenLetters) {
  std::string text = "Code: 62. DB::Exception: ";
  for (int i = 0; i < 3000; ++i) text += "ä";
  const auto exception = read_exception(text);
  ASSERT_TRUE(exception);
  EXPECT_LE(exception->text.size(), 2003U);
  EXPECT_THAT(exception->text, testing::EndsWith("ä..."));
}

TEST(ClickhouseErrorTest, OnlySomeFirstBytesCanBeginOne) {
  EXPECT_TRUE(may_be_exception('C'));
  EXPECT_TRUE(may_be_exception('\r'));
  EXPECT_FALSE(may_be_exception('\x02'));
}

}  // namespace
}  // namespace sluice
