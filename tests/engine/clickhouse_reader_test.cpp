#include "engine/clickhouse_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/cluster_world.h"
#include "support/caught.h"

namespace sluice {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

using ClickhouseReaderTest = ClickhouseEngineTest;

constexpr const char* kOldFailure =
    "Code: 241, e.displayText() = DB::Exception: Memory limit (for query) exceeded, e.what() = "
    "DB::Exception\n";

TEST_F(ClickhouseReaderTest, RowsComeFromBlocksOfAnySize) {
  rows.pieces = {block("\x01\x02"), native_block(0, {{"a", "UInt8", ""}}), block("\x03")};
  EXPECT_THAT(read(), ElementsAre(1, 2, 3));
  std::string all;
  for (const std::string& piece : rows.pieces) all += piece;
  rows.pieces.clear();
  for (const char c : all) rows.pieces.emplace_back(1, c);
  EXPECT_THAT(read(), ElementsAre(1, 2, 3));
  rows.pieces.clear();
  EXPECT_THAT(read(), ElementsAre());
  EXPECT_EQ(kills(), 0U);
}

TEST_F(ClickhouseReaderTest, AnExceptionBehindTheDataIsNoEnd) {
  rows.pieces = {block("\x01\x02"), kOldFailure};
  EXPECT_EQ(failure().code(), ErrorCode::kTooLarge);
  rows.pieces = {block("\x01"),
                 "\r\n__exception__\r\nabcdefghijklmnop\r\nCode: 159. DB::Exception: "
                 "Timeout exceeded. (TIMEOUT_EXCEEDED)\n"};
  rows.breaks_off = true;
  const Error error = failure();
  EXPECT_EQ(error.code(), ErrorCode::kTimeout);
  EXPECT_THAT(error.what(), HasSubstr("code 159"));
  EXPECT_EQ(kills(), 0U) << "it is over there, too";
}

TEST_F(ClickhouseReaderTest, AnExceptionInsideOfABlockIsFoundAsWell) {
  rows.pieces = {native_block(200, {{"a", "UInt8", "xx"}}), kOldFailure};
  EXPECT_EQ(failure().code(), ErrorCode::kTooLarge);
}

TEST_F(ClickhouseReaderTest, AnAnswerThatBreaksOffIsUnavailableAndTheQueryIsEnded) {
  rows.pieces = {block("\x01\x02")};
  rows.breaks_off = true;
  EXPECT_EQ(failure().code(), ErrorCode::kUnavailable);
  EXPECT_EQ(kills(), 2U) << "one for each host";
  rows.breaks_off = false;
  rows.pieces = {native_block(200, {{"a", "UInt8", "xx"}})};
  EXPECT_EQ(failure().code(), ErrorCode::kUnavailable);
}

TEST_F(ClickhouseReaderTest, WhatIsNoBlockOfTheQueryIsCorrupt) {
  for (const std::string& piece : {native_block(1, {{"b", "UInt8", "x"}}),
                                   native_block(1, {{"a", "UInt8", "x"}, {"b", "UInt8", "x"}}),
                                   std::string("<html>not a server</html>")}) {
    rows.pieces = {piece};
    EXPECT_EQ(failure().code(), ErrorCode::kCorrupt);
  }
  rows.pieces = {block("x"), native_block(1, {{"a", "Int8", "x"}})};
  EXPECT_EQ(failure().code(), ErrorCode::kCorrupt);
}

TEST_F(ClickhouseReaderTest, TheLastHeaderOfProgressTellsWhatThereIsToRead) {
  const auto expected = [this] {
    return engine->open({{}, "SELECT a"}, std::chrono::seconds(60), {})->expected_rows();
  };
  EXPECT_EQ(expected(), std::nullopt);
  rows.headers = {{"X-ClickHouse-Progress", "{\"read_rows\":\"1\",\"total_rows_to_read\":\"5\"}"},
                  {"x-clickhouse-progress", "{\"read_rows\":\"9\",\"total_rows_to_read\":\"10\"}"},
                  {"X-ClickHouse-Progress", "{\"read_rows\":\"9\"}"},
                  {"X-ClickHouse-Progress", "nothing"}};
  EXPECT_EQ(expected(), 10U);
}

TEST_F(ClickhouseReaderTest, AQueryThatIsGivenUpBeforeItsFirstByteIsEnded) {
  rows = {500, {"Code: 394. DB::Exception: Query was cancelled. (QUERY_WAS_CANCELLED)"}, false};
  EXPECT_EQ(failure().code(), ErrorCode::kUnavailable);
  EXPECT_EQ(kills(), 2U);
  rows = {400, {"Code: 62. DB::Exception: Syntax error. (SYNTAX_ERROR)"}, false};
  EXPECT_EQ(failure().code(), ErrorCode::kInvalid);
  EXPECT_EQ(kills(), 2U) << "it never ran";
}

TEST_F(ClickhouseReaderTest, AReaderThatIsLeftEndsItsQuery) {
  rows.pieces = {block("\x01"), block("\x02")};
  { const auto reader = engine->open({{}, "SELECT a"}, std::chrono::seconds(60), {}); }
  EXPECT_EQ(kills(), 2U);
  EXPECT_THAT(cluster.seen.back().sql, testing::StartsWith("KILL QUERY WHERE query_id = '"));
}

}  // namespace
}  // namespace sluice
