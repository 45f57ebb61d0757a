#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "query/answer_world.h"
#include "support/caught.h"
#include "support/nested_bytes.h"

namespace sluice {
namespace {

using nlohmann::json;

constexpr const char* kShape = R"json({
    "meta": [{"name": "i", "type": "Int64"}, {"name": "d", "type": "Nullable(Date)"},
             {"name": "x", "type": "Nullable(String)"}],
    "data": [{"i": 1, "d": "2026-01-01", "x": 1.5},
             {"i": 1152921504606846976, "d": "2026-01-02", "x": "a\tb,\"c\"\n\\"},
             {"i": -3, "d": null, "x": null}],
    "rows": 3, "rows_before_limit_at_least": 3,
    "statistics": {"elapsed": 0.25, "rows_read": 7, "bytes_read": 99}})json";

TEST(JsonAnswer, TheShapeOfThePublicApi) {
  EXPECT_EQ(json::parse(AnswerWorld::text(AnswerFormat::kJson)), json::parse(kShape));
}

TEST(JsonAnswer, CompactHasListsForRows) {
  const json answer = json::parse(AnswerWorld::text(AnswerFormat::kJsonCompact, true));
  EXPECT_EQ(answer["data"][1][0], "1152921504606846976");
  EXPECT_EQ(answer["data"][2], json::parse(R"(["-3", null, null])"));
}

TEST(JsonAnswer, NothingIsAnAnswerToo) {
  const json answer = json::parse(AnswerWorld::empty(AnswerFormat::kJson));
  EXPECT_EQ(answer["data"], json::array());
  EXPECT_EQ(answer["meta"][1]["type"], "Date");
  EXPECT_EQ(json::parse(AnswerWorld::empty(AnswerFormat::kJsonCompact))["rows"], 0);
  EXPECT_EQ(AnswerWorld::empty(AnswerFormat::kNdjson), "");
}

TEST(JsonAnswer, NdjsonIsAnObjectALine) {
  EXPECT_EQ(AnswerWorld::text(AnswerFormat::kNdjson),
            "{\"i\":1,\"d\":\"2026-01-01\",\"x\":1.5}\n"
            "{\"i\":1152921504606846976,\"d\":\"2026-01-02\",\"x\":\"a\\tb,\\\"c\\\"\\n\\\\\"}\n"
            "{\"i\":-3,\"d\":null,\"x\":null}\n");
}

TEST(JsonAnswer, ColumnsOfOneNameOnlyInLists) {
  const std::vector<ColumnInfo> columns = {{"a", ""}, {"a", ""}};
  EXPECT_ERROR(make_json_answer(AnswerFormat::kJson, columns, false), kInvalid);
  EXPECT_ERROR(make_json_answer(AnswerFormat::kNdjson, columns, false), kInvalid);
  EXPECT_NE(make_json_answer(AnswerFormat::kJsonCompact, columns, false), nullptr);
}

TEST(JsonAnswer, ValuesOfAnEngineWithTypedColumns) {
  const auto writer = make_json_answer(AnswerFormat::kJson, EngineRows::columns(), true);
  Batch batch = EngineRows::batch();
  writer->add(batch);
  const json answer = json::parse(writer->finish({}));
  EXPECT_EQ(answer["meta"][6]["type"], "Tuple(a Int64, b Map(Date, Bool))");
  EXPECT_EQ(answer["data"][0], json::parse(R"({
      "flag": true, "single": 0.1, "day": "2024-02-29", "at": "1969-12-31 23:59:59.999Z",
      "price": -12.5, "tags": ["a\"b", null], "pair": {"a": "7", "b": {"1970-01-01": false}}})"));
}

}  // namespace
}  // namespace sluice
