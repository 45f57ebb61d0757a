#include "format/nested_json.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "format/engine_values.h"
#include "support/caught.h"

namespace sluice {
namespace {

/// The JSON of a value; "not UTF-8" where it has none.
std::string json(const ColumnType& type, const NestedBytes& bytes,
                 JsonIntegers integers = JsonIntegers::kNumbers) {
  Batch batch;
  batch.reset(1);
  batch.add_bytes(0, ValueType::kNested, bytes.take());
  batch.end_row();
  JsonValues values(integers);
  if (!NestedJson(type).put(batch.text(batch.at(0, 0)), values)) return "not UTF-8";
  return values.writer().take();
}

const ColumnType kText{ColumnKind::kText};
const ColumnType kInteger{ColumnKind::kInteger};

TEST(NestedJsonTest, Lists) {
  EXPECT_EQ(json(list_of(kText), NestedBytes().begin(0)), "[]");
  EXPECT_EQ(json(list_of(kText), NestedBytes().begin(3).text("a").null().text("\"\n\xc3\xbc")),
            "[\"a\",null,\"\\\"\\n\xc3\xbc\"]");
  EXPECT_EQ(
      json(list_of({ColumnKind::kBytes}), NestedBytes().begin(1).bytes(ValueType::kBlob, "f")),
      "[\"Zg==\"]");
  EXPECT_EQ(
      json(list_of(list_of(kInteger)), NestedBytes().begin(3).begin(1).integer(1).begin(0).null()),
      "[[1],[],null]");
}

TEST(NestedJsonTest, KeysOfMapsAreText) {
  EXPECT_EQ(
      json(map_of(kText, kInteger), NestedBytes().begin(2).text("a\"").integer(1).text("").null()),
      "{\"a\\\"\":1,\"\":null}");
  EXPECT_EQ(json(map_of(kInteger, kText), NestedBytes().begin(1).integer(-5).text("x")),
            "{\"-5\":\"x\"}");
  EXPECT_EQ(json(map_of({ColumnKind::kDate}, kText),
                 NestedBytes().begin(1).cell(cell_of(ValueType::kDate, 1)).text("x")),
            "{\"1970-01-02\":\"x\"}");
  EXPECT_EQ(json(map_of({ColumnKind::kBoolean}, kText),
                 NestedBytes().begin(1).cell(cell_of(ValueType::kBoolean, 1)).text("x")),
            "{\"true\":\"x\"}");
  EXPECT_EQ(
      json(map_of(list_of(kText), kText), NestedBytes().begin(1).begin(1).text("k").text("x")),
      "{\"[\\\"k\\\"]\":\"x\"}");
  EXPECT_EQ(json(map_of(kInteger, kText),
                 NestedBytes().begin(1).integer(int64_t{1} << 60).text("x"), JsonIntegers::kText),
            "{\"1152921504606846976\":\"x\"}");
}

TEST(NestedJsonTest, StructsAreObjectsWhereTheirFieldsHaveNames) {
  EXPECT_EQ(json(struct_of({{"a", kInteger}, {"b\"", kText}}),
                 NestedBytes().begin(2).integer(1).text("x")),
            "{\"a\":1,\"b\\\"\":\"x\"}");
  EXPECT_EQ(
      json(struct_of({{"1", kInteger}, {"2", kText}}), NestedBytes().begin(2).integer(1).text("x")),
      "[1,\"x\"]");
  EXPECT_EQ(
      json(struct_of({{"2", kInteger}, {"1", kText}}), NestedBytes().begin(2).integer(1).text("x")),
      "{\"2\":1,\"1\":\"x\"}");
  EXPECT_EQ(json(struct_of({}), NestedBytes().begin(0)), "[]");
}

TEST(NestedJsonTest, BigNumbersByTheRules) {
  const ColumnType type = list_of(kInteger);
  EXPECT_EQ(json(type, NestedBytes().begin(2).integer(1).number("18446744073709551615")),
            "[1,18446744073709551615]");
  EXPECT_EQ(json(type, NestedBytes().begin(2).integer(1).number("18446744073709551615"),
                 JsonIntegers::kBigAsText),
            "[1,\"18446744073709551615\"]");
  EXPECT_EQ(json(type, NestedBytes().begin(2).integer(1).number("18446744073709551615"),
                 JsonIntegers::kText),
            "[\"1\",\"18446744073709551615\"]");
}

TEST(NestedJsonTest, TextThatIsNotUtf8IsFoundWhereverItIs) {
  EXPECT_EQ(json(list_of(kText), NestedBytes().begin(1).text("\xff")), "not UTF-8");
  EXPECT_EQ(json(map_of(kText, kText), NestedBytes().begin(1).text("\xc3").text("")), "not UTF-8");
  EXPECT_EQ(json(map_of(kText, kText), NestedBytes().begin(1).text("").text("\xc3")), "not UTF-8");
  EXPECT_EQ(json(struct_of({{"a", kText}}), NestedBytes().begin(1).text("\xc3")), "not UTF-8");
}

TEST(NestedJsonTest, AValueOfAnotherTypeIsAnError) {
  EXPECT_ERROR(json(kText, NestedBytes().begin(0)), kInternal);
  EXPECT_ERROR(json(struct_of({{"a", kText}}), NestedBytes().begin(2).null().null()), kInternal);
}

/// What a reader makes of JSON against what was made, whose kinds are those of parquet_tool.
void expect_same(const ColumnType& type, const nlohmann::json& made, const nlohmann::json& read) {
  if (made.is_null() || read.is_null()) {
    EXPECT_EQ(made, read);
  } else if (type.kind == ColumnKind::kList || type.kind == ColumnKind::kMap) {
    ASSERT_EQ(made.size(), read.size());
    for (size_t i = 0; i < made.size(); ++i) {
      const bool list = type.kind == ColumnKind::kList;
      const nlohmann::json& value = list ? read[i] : read[made[i][0].get<std::string>()];
      expect_same(type.fields->back().type, list ? made[i] : made[i][1], value);
    }
  } else if (type.kind == ColumnKind::kStruct) {
    ASSERT_EQ(made.size(), read.size());
    for (size_t i = 0; i < made.size(); ++i) {
      const ColumnField& field = type.fields->at(i);
      expect_same(field.type, made[i], read.is_array() ? read[i] : read[field.name]);
    }
  } else {
    EXPECT_EQ(made, read);
  }
}

ColumnType random_text_type(Chance& chance, int depth) {
  switch (depth == 0 ? 0 : chance() % 4) {
    case 1:
      return list_of(random_text_type(chance, depth - 1));
    case 2:
      return map_of({ColumnKind::kText}, random_text_type(chance, depth - 1));
    case 3:
      return struct_of({{"x y", random_text_type(chance, depth - 1)}, {"2", {ColumnKind::kText}}});
    default:
      return chance() % 2 == 0 ? ColumnType{ColumnKind::kText} : ColumnType{ColumnKind::kInteger};
  }
}

TEST(NestedJsonTest, RandomValuesReadBack) {
  const uint64_t seed = std::random_device()();
  SCOPED_TRACE(seed);
  Chance chance(seed);
  for (int round = 0; round < 500; ++round) {
    const ColumnType type = list_of(random_text_type(chance, 4));
    const EngineValue value = EngineValues(chance, 4).value(type);
    if (value.expected.is_null()) continue;
    Batch batch;
    batch.reset(1);
    batch.add_bytes(0, ValueType::kNested, value.bytes);
    batch.end_row();
    JsonValues out(JsonIntegers::kNumbers);
    ASSERT_TRUE(NestedJson(type).put(batch.text(batch.at(0, 0)), out));
    expect_same(type, value.expected, nlohmann::json::parse(out.writer().text()));
    if (HasFailure()) return;
  }
}

}  // namespace
}  // namespace sluice
