#include "intake/type_guess.h"

#include <gtest/gtest.h>

#include <initializer_list>

namespace sluice {
namespace {

std::string of_json(std::initializer_list<const char*> values) {
  TypeGuess guess;
  for (const char* value : values) guess.see_json(value);
  return guess.type();
}

std::string of_csv(std::initializer_list<const char*> fields) {
  TypeGuess guess;
  for (const char* field : fields) guess.see_csv(field);
  return guess.type();
}

TEST(TypeGuess, Json) {
  EXPECT_EQ(of_json({}), "Nullable(String)");
  EXPECT_EQ(of_json({"null"}), "Nullable(String)");
  EXPECT_EQ(of_json({"1", "-2"}), "Int64");
  EXPECT_EQ(of_json({"1", "2.5", "null"}), "Nullable(Float64)");
  EXPECT_EQ(of_json({"18446744073709551615"}), "Float64");
  EXPECT_EQ(of_json({"true", "false"}), "Bool");
  EXPECT_EQ(of_json({"true", "1"}), "String");
  EXPECT_EQ(of_json({"\"x\"", "1"}), "String");
  EXPECT_EQ(of_json({"\"12\""}), "String");
  EXPECT_EQ(of_json({"\"2026-11-23\""}), "Date");
  EXPECT_EQ(of_json({"\"2026-11-23\"", "\"2026-11-23T08:30:00Z\""}), "DateTime");
  EXPECT_EQ(of_json({"\"2026-11-23 08:30:00.12\""}), "DateTime64(3)");
  EXPECT_EQ(of_json({"\"2026-11-23 08:30:00.123456Z\"", "\"2026-11-23 08:30:00\""}),
            "DateTime64(6)");
  EXPECT_EQ(of_json({"\"2026-11-23\"", "\"soon\""}), "String");
  EXPECT_EQ(of_json({"{}"}), "JSON");
  EXPECT_EQ(of_json({"{}", "1"}), "String");
}

TEST(TypeGuess, Lists) {
  EXPECT_EQ(of_json({"[1,2]", "[]"}), "Array(Int64)");
  EXPECT_EQ(of_json({"[]"}), "Array(Nullable(String))");
  EXPECT_EQ(of_json({"[1,null]"}), "Array(Nullable(Int64))");
  EXPECT_EQ(of_json({"[\"a\",1]", "null"}), "Array(String)");
  EXPECT_EQ(of_json({"[{\"a\":1}]"}), "Array(JSON)");
  EXPECT_EQ(of_json({"[[1],[2]]"}), "Array(JSON)");
  EXPECT_EQ(of_json({"[1]", "1"}), "String");
}

TEST(TypeGuess, Csv) {
  EXPECT_EQ(of_csv({"1", " 2 "}), "Int64");
  EXPECT_EQ(of_csv({"1", "2.5e3"}), "Float64");
  EXPECT_EQ(of_csv({"007"}), "String");
  EXPECT_EQ(of_csv({"+49"}), "String");
  EXPECT_EQ(of_csv({"0"}), "Int64");
  EXPECT_EQ(of_csv({"TRUE", "false"}), "Bool");
  EXPECT_EQ(of_csv({"2026-11-23"}), "Date");
  EXPECT_EQ(of_csv({"2026-11-23 08:30"}), "DateTime");
  EXPECT_EQ(of_csv({"nan", "1"}), "String");
  EXPECT_EQ(of_csv({"[1]"}), "String");
}

}  // namespace
}  // namespace sluice
