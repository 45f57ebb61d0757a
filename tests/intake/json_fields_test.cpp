#include "intake/json_fields.h"

#include <gtest/gtest.h>

namespace sluice {
namespace {

TEST(JsonFields, KeysByPath) {
  JsonFields fields(parse_schema(
      "id Int8, b Int8 `json:$.a.b`, c Int8 `json:$.a.c`, a JSON, again Int8 `json:$.id`, "
      "row String `json:$`, tags Array(Int8) `json:$.tags[:]`, "
      "prices Array(Int8) `json:$.items[:].price`, never Array(Int8) `json:$[:].x`"));
  ASSERT_NE(fields.find("id"), nullptr);
  EXPECT_EQ(fields.find("id")->columns, (std::vector<size_t>{0, 4}));
  JsonFields::Field* const a = fields.find("a");
  ASSERT_NE(a, nullptr);
  EXPECT_EQ(a->columns, (std::vector<size_t>{3}));
  ASSERT_TRUE(a->inside);
  EXPECT_EQ(a->inside->find("b")->columns, (std::vector<size_t>{1}));
  EXPECT_EQ(a->inside->find("c")->columns, (std::vector<size_t>{2}));
  EXPECT_EQ(a->inside->find("id"), nullptr);
  EXPECT_EQ(fields.whole(), (std::vector<size_t>{5}));
  EXPECT_EQ(fields.find("tags")->columns, (std::vector<size_t>{6}));
  ASSERT_EQ(fields.find("items")->lists.size(), 1U);
  EXPECT_EQ(fields.find("items")->lists[0].column, 7U);
  EXPECT_EQ(fields.find("never"), nullptr);
}

TEST(JsonFields, TheOrderOfKeysIsLearnt) {
  JsonFields fields(parse_schema("a Int8, b Int8, c Int8"));
  for (int round = 0; round < 3; ++round) {
    for (const char* order : {"abc", "cba", "xbyc", "aab", "c"}) {
      fields.begin_object();
      for (const char* key = order; *key != '\0'; ++key) {
        JsonFields::Field* const field = fields.find({key, 1});
        if (*key > 'c') {
          EXPECT_EQ(field, nullptr);
        } else {
          ASSERT_NE(field, nullptr);
          EXPECT_EQ(field->columns[0], static_cast<size_t>(*key - 'a'));
        }
      }
    }
  }
}

TEST(JsonFields, ValuesInLists) {
  auto at = [](std::string_view value, const std::string& path) {
    return json_at(value, parse_json_path(path));
  };
  EXPECT_EQ(at(R"([{"p":1},{"p":"x"},{},5])", "$[:].p"), R"([1,"x",null,null])");
  EXPECT_EQ(at(R"([{"t":[{"n":1},{"n":2}]},{"t":[]}])", "$[:].t[:].n"), "[[1,2],[]]");
  EXPECT_EQ(at(R"({"p":1})", "$[:].p"), "null");
  EXPECT_EQ(at("[]", "$[:].p"), "[]");
  EXPECT_EQ(at(R"({"a":{"b":1,"b":2,"\u0062":3}})", "$.a.b"), "3");
  EXPECT_EQ(at("5", "$"), "5");
}

}  // namespace
}  // namespace sluice
