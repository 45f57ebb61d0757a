#include "domain/pipe.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/caught.h"

namespace sluice {
namespace {

TEST(Pipe, FindsNodesByIdOrName) {
  Pipe pipe;
  pipe.nodes.resize(2);
  pipe.nodes[0].id = "t_1";
  pipe.nodes[0].name = "first";
  pipe.nodes[1].id = "t_2";
  pipe.nodes[1].name = "second";
  EXPECT_EQ(pipe.find_node("t_2"), &pipe.nodes[1]);
  EXPECT_EQ(pipe.find_node("first"), &pipe.nodes[0]);
  EXPECT_EQ(pipe.find_node("third"), nullptr);
}

TEST(Pipe, WriteStrategiesAsClientsSpellThem) {
  for (const char* text : {"new", "@new", "create_new", "append", " New "}) {
    EXPECT_EQ(parse_write_strategy(text), WriteStrategy::kNew) << text;
  }
  for (const char* text : {"truncate", "replace", "OVERWRITE"}) {
    EXPECT_EQ(parse_write_strategy(text), WriteStrategy::kTruncate) << text;
  }
  const Error error = caught([] { parse_write_strategy("merge"); });
  EXPECT_EQ(error.code(), ErrorCode::kInvalid);
  EXPECT_THAT(error.what(),
              testing::AllOf(testing::HasSubstr("'merge'"), testing::HasSubstr("truncate")));
  EXPECT_EQ(write_strategy_name(WriteStrategy::kTruncate), "truncate");
}

TEST(Pipe, EmptyResultPolicies) {
  for (EmptyResult policy : {EmptyResult::kSkip, EmptyResult::kWrite, EmptyResult::kError}) {
    EXPECT_EQ(parse_empty_result(empty_result_name(policy)), policy);
  }
  EXPECT_ERROR(parse_empty_result("ignore"), kInvalid);
}

}  // namespace
}  // namespace sluice
