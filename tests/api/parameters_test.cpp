#include "api/parameters.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/caught.h"

namespace sluice {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

DoorRequest request_of(const std::string& query, const std::string& body = {},
                       const std::string& type = {}) {
  DoorRequest request;
  request.query = query;
  request.body = body;
  if (!type.empty()) request.headers = {{"Content-Type", type}};
  return request;
}

Parameters read(const DoorRequest& request, const std::set<std::string>& raw_fields = {}) {
  Parameters parameters = Parameters::of_query(request);
  parameters.add_body(request, raw_fields);
  return parameters;
}

constexpr const char* kForm = "application/x-www-form-urlencoded";
constexpr const char* kJson = "application/json; charset=utf-8";

TEST(Parameters, Queries) {
  const Parameters parameters = read(request_of("a=1&b=x+y%20z&c&d=&&e=%3D%26"));
  EXPECT_EQ(parameters.text("a"), "1");
  EXPECT_EQ(parameters.text("b"), "x y z");
  EXPECT_EQ(parameters.text("c"), "");
  EXPECT_EQ(parameters.text("d"), "");
  EXPECT_EQ(parameters.text("e"), "=&");
  EXPECT_EQ(parameters.text("f"), std::nullopt);
}

TEST(Parameters, FormsWithAndWithoutTheirType) {
  for (const char* type : {kForm, "", "text/plain"}) {
    EXPECT_EQ(read(request_of("", "a=1&b=x%2By", type)).text("b"), "x+y") << type;
  }
}

TEST(Parameters, Multipart) {
  DoorRequest request = request_of("", "ignored", "multipart/form-data; boundary=x");
  request.parts = {{"a", "", "", "1"}, {"b", "f.txt", "text/plain", "x & y"}};
  const Parameters parameters = read(request);
  EXPECT_EQ(parameters.text("a"), "1");
  EXPECT_EQ(parameters.text("b"), "x & y");
}

TEST(Parameters, RowsAreNoParameters) {
  const auto read_data = [](const DoorRequest& request) {
    Parameters parameters = Parameters::of_query(request);
    parameters.add_body(request, {"name"}, true);
    return parameters;
  };
  for (const char* rows : {R"({"name": "x"})", "a,name=1\n", "\x28\xb5\x2f\xfd"}) {
    for (const char* type : {kForm, kJson, ""}) {
      const Parameters parameters = read_data(request_of("mode=append", rows, type));
      EXPECT_THAT(parameters.names(), ElementsAre("mode")) << rows;
      EXPECT_EQ(parameters.body(), "");
    }
  }
  EXPECT_EQ(read_data(request_of("", "name=x&schema=a", kForm)).text("schema"), "a");
  DoorRequest form = request_of("", "", "multipart/form-data; boundary=x");
  const auto upload = range_in_memory("x\xff, too long for a parameter");
  form.parts = {{"name", "", "", "x", part_of(upload, 0, 1)},
                {"csv", "f.csv", "", "", upload},
                {"ndjson", "", "", "", upload},
                {"empty", "", "", "", part_of(upload, 0, 0)}};
  const Parameters parameters = read_data(form);
  EXPECT_THAT(parameters.names(), ElementsAre("empty", "name"));
  EXPECT_EQ(parameters.text("name"), "x");
}

TEST(Parameters, JsonWithAndWithoutItsType) {
  for (const char* type : {kJson, kForm, ""}) {
    const Parameters parameters = read(request_of(
        "", R"({"a": "text", "b": 12, "c": 1.5, "d": true, "e": null, "f": [1], "g": {}})", type));
    EXPECT_EQ(parameters.text("a"), "text");
    EXPECT_EQ(parameters.text("b"), "12");
    EXPECT_EQ(parameters.text("c"), "1.5");
    EXPECT_EQ(parameters.text("d"), "true");
    EXPECT_EQ(parameters.text("e"), std::nullopt);
    EXPECT_ERROR(parameters.text("f"), kInvalid);
    EXPECT_ERROR(parameters.text("g"), kInvalid);
    ASSERT_NE(parameters.structure("f"), nullptr);
    EXPECT_EQ(parameters.structure("f")->size(), 1U);
    EXPECT_EQ(parameters.structure("e"), nullptr);
  }
}

TEST(Parameters, TheQueryWins) {
  EXPECT_EQ(read(request_of("a=query", "a=form&b=form", kForm)).text("a"), "query");
  const Parameters parameters = read(request_of("a=query", R"({"a": 1, "b": "json"})", kJson));
  EXPECT_EQ(parameters.text("a"), "query");
  EXPECT_EQ(parameters.text("b"), "json");
  // What the body has must make sense all the same.
  EXPECT_ERROR(read(request_of("a=query", R"({"a": [1]})", kJson)).text("a"), kInvalid);
}

TEST(Parameters, TwiceInOnePlaceIsAMistake) {
  DoorRequest multipart = request_of("", "x", "multipart/form-data; boundary=x");
  multipart.parts = {{"a", "", "", "1"}, {"a", "", "", "2"}};
  for (const DoorRequest& request :
       {request_of("a=1&a=1"), request_of("", "a=1&b=2&a=3", kForm), multipart,
        request_of("", R"({"a": 1, "a": 2})", kJson), request_of("a=1&%61=2")}) {
    const Error error = caught([&] { read(request); });
    EXPECT_EQ(error.code(), ErrorCode::kInvalid);
    EXPECT_THAT(error.what(), testing::AllOf(HasSubstr("'a'"), HasSubstr("twice")));
  }
  EXPECT_NO_THROW(read(request_of("", R"({"a": {"x": 1}, "b": {"x": 1}})", kJson)));
}

TEST(Parameters, WhatIsNotWellEncoded) {
  for (const DoorRequest& request :
       {request_of("a=%"), request_of("a=%1"), request_of("a=%zz"), request_of("a=%ff"),
        request_of("%ff=a"), request_of("", "a=\xff", kForm), request_of("", "\"\xff\"", kJson),
        request_of("", "a=%e2%82", kForm)}) {
    EXPECT_ERROR(read(request), kInvalid) << request.query << request.body;
  }
}

TEST(Parameters, JsonThatIsNone) {
  for (const char* body : {"{", "[1]", "\"text\"", "12", "null", "{\"a\": }", "{'a': 1}", "{} x",
                           "{\"a\": \"\\ud800\"}"}) {
    EXPECT_ERROR(read(request_of("", body, kJson)), kInvalid) << body;
  }
  const std::string deep = "{\"a\": " + std::string(100000, '[') + std::string(100000, ']') + "}";
  EXPECT_ERROR(read(request_of("", deep, kJson)), kInvalid);
}

TEST(Parameters, RawBodies) {
  const std::set<std::string> fields = {"name", "sql"};
  const std::string sql = "SELECT '100%' AS a -- &b=c";
  for (const char* type : {"", kForm, "text/plain"}) {
    const Parameters parameters = read(request_of("name=x", sql, type), fields);
    EXPECT_EQ(parameters.body(), sql) << type;
    EXPECT_EQ(parameters.text("name"), "x");
  }
  EXPECT_EQ(read(request_of("", "sql=SELECT+1&name=x", kForm), fields).text("sql"), "SELECT 1");
  EXPECT_EQ(read(request_of("", R"({"sql": "SELECT 1"})", kForm), fields).text("sql"), "SELECT 1");
  EXPECT_ERROR(read(request_of("", "SELECT '\xff'", ""), fields), kInvalid);
}

TEST(Parameters, Required) {
  const Parameters parameters = read(request_of("a=1&b=&c=+"));
  EXPECT_EQ(parameters.required("a", "why"), "1");
  for (const char* name : {"b", "c", "d"}) {
    const Error error = caught([&] { parameters.required(name, "Say why."); });
    EXPECT_EQ(error.code(), ErrorCode::kInvalid);
    EXPECT_THAT(error.what(), testing::AllOf(HasSubstr(name), HasSubstr("Say why.")));
  }
}

TEST(Parameters, Flags) {
  const Parameters parameters = read(request_of("a=true&b=1&c=YES&d=false&e=0&f=&g=maybe"));
  for (const char* name : {"a", "b", "c"}) EXPECT_TRUE(parameters.flag(name)) << name;
  for (const char* name : {"d", "e", "f", "none"}) EXPECT_FALSE(parameters.flag(name)) << name;
  EXPECT_ERROR(parameters.flag("g"), kInvalid);
  EXPECT_TRUE(read(request_of("", R"({"a": true})", kJson)).flag("a"));
}

TEST(Parameters, NumbersAndFlagsMustBeSuchInEveryPlace) {
  const Parameters good = read(request_of("n=5&f=yes", R"({"n": 7, "f": false})", kJson));
  good.check_number("n");
  good.check_flag("f");
  good.check_number("absent");
  const Parameters bad = read(request_of("n=5&f=yes", "n=-7&f=maybe", kForm));
  EXPECT_THAT(caught([&] { bad.check_number("n"); }).what(), HasSubstr("'-7'"));
  EXPECT_THAT(caught([&] { bad.check_flag("f"); }).what(), HasSubstr("'maybe'"));
  EXPECT_EQ(bad.text("n"), "5") << "the query string wins";
}

TEST(Parameters, WhatClientsAddIsNotSeen) {
  const Parameters parameters =
      read(request_of("token=p.x&cli_version=1&cli_version=1&from=ui&debug=1&__tb__semver=1&name=x",
                      R"({"path": "y"})", kJson));
  EXPECT_THAT(parameters.names(), ElementsAre("name", "path"));
  EXPECT_NO_THROW(parameters.refuse_others({"name", "path"}));
  const Error error = caught([&] { parameters.refuse_others({"name"}); });
  EXPECT_EQ(error.code(), ErrorCode::kInvalid);
  EXPECT_THAT(error.what(), testing::AllOf(HasSubstr("'path'"), HasSubstr("name")));
}

TEST(Parameters, PercentDecoding) {
  EXPECT_EQ(percent_decode("a+b%2B", true), "a b+");
  EXPECT_EQ(percent_decode("a+b%2b", false), "a+b+");
  EXPECT_EQ(percent_decode("%00", false), std::string(1, '\0'));
  EXPECT_ERROR(percent_decode("100%", false), kInvalid);
}

TEST(Parameters, ARefusalQuotesNoWholeValue) {
  const Error encoded = caught([] { read(request_of("s3_secret_access_key=AbCdEf%zz")); });
  EXPECT_THAT(encoded.what(), testing::AllOf(HasSubstr("'%zz'"), Not(HasSubstr("AbCdEf"))));
  for (const char* body : {R"({"key": "AbCdEf)", R"({"key": AbCdEf})", R"({"key": "AbCdEf" x)"}) {
    const Error json = caught([&] { read(request_of("", body, kJson)); });
    EXPECT_THAT(json.what(), testing::AllOf(HasSubstr("line 1, column"), Not(HasSubstr("AbC"))));
  }
}

}  // namespace
}  // namespace sluice
