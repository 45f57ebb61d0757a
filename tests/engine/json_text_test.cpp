#include "engine/json_text.h"

#include <gtest/gtest.h>

#include <cmath>

namespace sluice {
namespace {

std::string compact(std::string_view text) {
  std::string out;
  JsonValue::parse(text)->append_compact(out);
  return out;
}

TEST(JsonText, TakesWhatTheGrammarAllows) {
  for (const char* text : {"1", "-0.5e+3", "\"a\\u00e9\\n\"", "[]", "{}", " [1, {\"a\": null}] ",
                           "true", "{\"a\":{\"b\":[[],{}]}}", "0", "1E2"}) {
    EXPECT_TRUE(JsonValue::parse(text)) << text;
  }
}

TEST(JsonText, RefusesWhatItDoesNot) {
  for (const char* text :
       {"",           " ",     "01",      "1.",        ".5",     "+1",    "-",       "1e",
        "nul",        "truex", "[1,]",    "[,1]",      "[1 2]",  "{a:1}", "{\"a\"}", "{\"a\":}",
        "{\"a\":1,}", "\"",    "\"\\x\"", "\"\\u12\"", "\"\n\"", "[",     "]",       "{",
        "[}",         "1 2",   "'a'",     "\"\xff\"",  "NaN"}) {
    EXPECT_FALSE(JsonValue::parse(text)) << text;
  }
  EXPECT_FALSE(JsonValue::parse(std::string_view("1\0", 2)));
}

TEST(JsonText, DeepTextCostsNoStack) {
  EXPECT_TRUE(JsonValue::parse(std::string(1000, '[') + std::string(1000, ']')));
  EXPECT_FALSE(JsonValue::parse(std::string(1001, '[') + std::string(1001, ']')));
  EXPECT_FALSE(JsonValue::parse(std::string(10'000'000, '[')));
}

TEST(JsonText, FindsMembersAndPlaces) {
  const auto value = JsonValue::parse(R"({"a": [1, "x]", {"b\u0063": 2}], "d": {}, "a": 9})");
  ASSERT_TRUE(value);
  EXPECT_EQ(value->size(), 3U);
  EXPECT_EQ(value->member("a")->at(2)->string(), "x]");
  EXPECT_EQ(value->member("a")->at(-1)->member("bc")->integer(), 2);
  EXPECT_EQ(value->member("a")->at(-3)->integer(), 1);
  EXPECT_FALSE(value->member("a")->at(0));
  EXPECT_FALSE(value->member("a")->at(4));
  EXPECT_FALSE(value->member("a")->at(-4));
  EXPECT_FALSE(value->member("b"));
  EXPECT_EQ(value->at(3)->integer(), 9);
  EXPECT_EQ(value->member("d")->size(), 0U);
  EXPECT_FALSE(value->member("a")->member("x"));
}

TEST(JsonText, DecodesStrings) {
  EXPECT_EQ(JsonValue::decode(R"("a\"\\\/\b\f\n\r\t\u0041")"), "a\"\\/\b\f\n\r\tA");
  EXPECT_EQ(JsonValue::decode(R"("\ud83d\ude00")"), "\xF0\x9F\x98\x80");
  EXPECT_EQ(JsonValue::decode(R"("\ud83dx")"), "\xEF\xBF\xBDx");
  EXPECT_EQ(JsonValue::decode(R"("\ud83d\u0041")"),
            "\xEF\xBF\xBD"
            "A");
}

TEST(JsonText, ReadsNumbers) {
  EXPECT_EQ(JsonValue::parse("-9223372036854775808")->integer(), INT64_MIN);
  EXPECT_FALSE(JsonValue::parse("9223372036854775808")->integer());
  EXPECT_FALSE(JsonValue::parse("1.0")->integer());
  EXPECT_DOUBLE_EQ(JsonValue::parse("1.5e3")->real(), 1500);
  EXPECT_EQ(JsonValue::parse("-1e400")->real(), -HUGE_VAL);
  EXPECT_EQ(JsonValue::parse("1e-400")->real(), 0.0);
}

TEST(JsonText, WritesCompactly) {
  EXPECT_EQ(compact(R"( { "a" : [1,  2.50, "x\u00e9 \/"] } )"), "{\"a\":[1,2.5,\"x\xC3\xA9 /\"]}");
  EXPECT_EQ(compact("1.0e2"), "100");
  EXPECT_EQ(compact("1e400"), "1e400");
  EXPECT_EQ(compact("12345678901234567890123"), "12345678901234567890123");
}

}  // namespace
}  // namespace sluice
