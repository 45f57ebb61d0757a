#include "query/answer_types.h"

#include <gtest/gtest.h>

#include <functional>

#include "query/answer_world.h"
#include "support/nested_bytes.h"

namespace sluice {
namespace {

/// The type of a column of that declaration after these values.
std::string type_of(const std::string& declared,
                    const std::vector<std::function<void(Batch&)>>& values = {}) {
  AnswerTypes types({{"c", declared}});
  Batch batch;
  batch.reset(1);
  for (const auto& add : values) {
    add(batch);
    batch.end_row();
  }
  types.look_at(batch);
  return types.type_of(0);
}

const auto kOne = [](Batch& batch) { batch.add_integer(0, 1); };
const auto kHalf = [](Batch& batch) { batch.add_real(0, 0.5); };
const auto kWord = [](Batch& batch) { batch.add_text(0, "a"); };
const auto kBytes = [](Batch& batch) { batch.add_blob(0, "a"); };
const auto kNull = [](Batch& batch) { batch.add_null(0); };

TEST(AnswerTypes, ValuesWhereNothingIsDeclared) {
  EXPECT_EQ(type_of("", {kOne}), "Int64");
  EXPECT_EQ(type_of("", {kHalf, kOne}), "Float64");
  EXPECT_EQ(type_of("", {kWord}), "String");
  EXPECT_EQ(type_of("", {kBytes}), "String");
  EXPECT_EQ(type_of("", {kOne, kWord}), "String");
  EXPECT_EQ(type_of(""), "String");
}

TEST(AnswerTypes, NullsAreSeen) {
  EXPECT_EQ(type_of("", {kOne, kNull}), "Nullable(Int64)");
  EXPECT_EQ(type_of("INTEGER", {kNull}), "Nullable(Int64)");
  EXPECT_EQ(type_of("", {kNull}), "Nullable(String)");
}

TEST(AnswerTypes, DeclarationsSayMoreThanValues) {
  EXPECT_EQ(type_of("DATE", {kWord}), "Date");
  EXPECT_EQ(type_of("DATETIME", {kWord, kNull}), "Nullable(DateTime)");
  EXPECT_EQ(type_of("DECIMAL(10,2)", {kWord}), "Decimal(10, 2)");
  EXPECT_EQ(type_of("BOOLEAN", {kOne}), "UInt8");
  EXPECT_EQ(type_of("REAL"), "Float64");
}

TEST(AnswerTypes, ValuesThatTheDeclarationDoesNotFit) {
  EXPECT_EQ(type_of("DATE", {kOne}), "Int64");
  EXPECT_EQ(type_of("DATE", {kOne, kWord}), "String");
  EXPECT_EQ(type_of("INTEGER", {kWord}), "String");
}

TEST(AnswerTypes, AsTheEngineSaysWhateverTheValues) {
  AnswerTypes types(EngineRows::columns());
  types.look_at(EngineRows::batch());
  EXPECT_EQ(types.type_of(0), "Bool");
  EXPECT_EQ(types.type_of(3), "DateTime64(3, 'UTC')");
  EXPECT_EQ(types.type_of(5), "Array(Nullable(String))");
}

}  // namespace
}  // namespace sluice
