#include "base/json_reader.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <random>

#include "base/limits.h"

namespace sluice {
namespace {

TEST(JsonReader, TakesValuesFromTheFront) {
  JsonReader reader(R"( {"a" : [1, "x\"y", null], "b": -1.5e3} true)");
  std::string_view text;
  bool flag = false;
  ASSERT_TRUE(reader.take('{'));
  ASSERT_TRUE(reader.string(text, flag));
  EXPECT_EQ(text, "a");
  EXPECT_FALSE(flag);
  ASSERT_TRUE(reader.take(':'));
  ASSERT_TRUE(reader.value(text, 5));
  EXPECT_EQ(text, R"([1, "x\"y", null])");
  ASSERT_TRUE(reader.take(','));
  ASSERT_TRUE(reader.string(text, flag));
  ASSERT_TRUE(reader.take(':'));
  ASSERT_TRUE(reader.number(text, flag));
  EXPECT_EQ(text, "-1.5e3");
  EXPECT_FALSE(flag);
  ASSERT_TRUE(reader.take('}'));
  EXPECT_FALSE(reader.at_end());
  ASSERT_TRUE(reader.word("true"));
  EXPECT_TRUE(reader.at_end());
}

TEST(JsonReader, SaysWhatIsWrongAndWhere) {
  struct Case {
    const char* text;
    const char* fault;
    size_t column;
  };
  for (const Case& item : {Case{R"({"a":1)", "ends inside of an object", 7},
                           Case{R"({"a" 1})", "has no ':' behind a key", 6},
                           Case{R"({"a":1 "b":2})", "has no ',' between two fields", 8},
                           Case{R"({"a":"x)", "ends inside of a string", 8},
                           Case{R"({a:1})", "has no string where one has to be", 2},
                           Case{R"([1,])", "has no value where one has to be", 4},
                           Case{"[01]", "has a number that begins with 0", 4},
                           Case{"\"\\x\"", "has an escape that JSON does not know", 3},
                           Case{"\"\n\"", "has a control character in a string", 2},
                           Case{"nul", "has a word that is not true, false or null", 1}}) {
    JsonReader reader(item.text);
    std::string_view value;
    EXPECT_FALSE(reader.value(value, 10)) << item.text;
    EXPECT_STREQ(reader.fault(), item.fault) << item.text;
    EXPECT_EQ(reader.column(), item.column) << item.text;
  }
}

TEST(JsonReader, DepthIsBounded) {
  auto nested = [](size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  EXPECT_TRUE(is_json(nested(limits::kJsonDepth)));
  EXPECT_FALSE(is_json(nested(limits::kJsonDepth + 1)));
  EXPECT_FALSE(is_json(std::string(10'000'000, '[')));
}

TEST(JsonReader, Unescapes) {
  auto unescaped = [](std::string_view inside) {
    std::string out;
    return unescape_json(inside, out) ? out : "no text";
  };
  EXPECT_EQ(unescaped(R"(a\"\\\/\b\f\n\r\tz)"), "a\"\\/\b\f\n\r\tz");
  EXPECT_EQ(unescaped(R"(\u0041\u00e4\u20ac\ud83d\ude00)"),
            "A\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80");
  EXPECT_EQ(unescaped(R"(\u0000)"), std::string(1, '\0'));
  EXPECT_EQ(unescaped(R"(\ud83d)"), "no text");
  EXPECT_EQ(unescaped(R"(\ude00)"), "no text");
  EXPECT_EQ(unescaped(R"(\ud83d\u0041)"), "no text");
}

/// Another reader's opinion on texts that are nearly JSON.
TEST(JsonReader, AgreesWithAnotherReader) {
  std::mt19937 random(20261129);
  const std::string seeds[] = {R"({"a":[1,2.5e-3,{"b":null}],"c":"x\u00e4\n","d":true})", "[]",
                               R"([{"k":"v"},-0.1,"\\",false,{}])", R"("\"")", " 12 "};
  const std::string alphabet = "{}[]\",:\\0123.eE+-truefalsn ";
  int valid = 0;
  for (int i = 0; i < 200'000; ++i) {
    std::string text = seeds[random() % std::size(seeds)];
    const size_t changes = random() % 3;
    for (size_t change = 0; change < changes; ++change) {
      const size_t at = random() % text.size();
      if (random() % 2 == 0) {
        text[at] = alphabet[random() % alphabet.size()];
      } else {
        text.erase(at, 1 + random() % 2);
      }
      if (text.empty()) text = "1";
    }
    const bool expected = nlohmann::json::accept(text);
    valid += expected ? 1 : 0;
    // Half a surrogate pair: nothing that the other reader takes, and found when unescaping.
    ASSERT_EQ(is_json(text), expected) << text;
  }
  EXPECT_GT(valid, 10'000);
  EXPECT_LT(valid, 190'000);
}

}  // namespace
}  // namespace sluice
