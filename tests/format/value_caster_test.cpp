#include "format/value_caster.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "support/caught.h"
#include "support/nested_bytes.h"

namespace sluice {
namespace {

using testing::AllOf;
using testing::HasSubstr;

constexpr int64_t kDayUs = 86'400'000'000;

/// One column of one row.
template <class Add>
Batch one(Add add) {
  Batch batch;
  batch.reset(1);
  add(batch);
  batch.end_row();
  return batch;
}
Batch integer(int64_t value) {
  return one([&](Batch& batch) { batch.add_integer(0, value); });
}
Batch real(double value) {
  return one([&](Batch& batch) { batch.add_real(0, value); });
}
Batch text(std::string_view value) {
  return one([&](Batch& batch) { batch.add_text(0, value); });
}
Batch blob(std::string_view value) {
  return one([&](Batch& batch) { batch.add_blob(0, value); });
}

ValueCaster caster(const ColumnType& type, TypeMismatch policy = TypeMismatch::kError,
                   TypeOrigin origin = TypeOrigin::kDeclared) {
  return {{{"c", type, origin}}, policy};
}

/// The integer that a value becomes; nothing if it does not fit.
std::optional<int64_t> as(const ColumnType& type, Batch batch) {
  ValueCaster null_policy = caster(type, TypeMismatch::kNull);
  EXPECT_TRUE(null_policy.cast(batch));
  const Cell& cell = batch.at(0, 0);
  if (cell.type == ValueType::kNull) {
    EXPECT_EQ(null_policy.mismatches(), 1U);
    return std::nullopt;
  }
  EXPECT_EQ(cell.type, ValueType::kInteger);
  return cell.integer;
}

TEST(ValueCaster, Integers) {
  const ColumnType type{ColumnKind::kInteger};
  EXPECT_EQ(as(type, integer(INT64_MIN)), INT64_MIN);
  EXPECT_EQ(as(type, real(5)), 5);
  EXPECT_EQ(as(type, real(-0x1p63)), INT64_MIN);
  for (double value : {5.5, 0x1p63, std::numeric_limits<double>::infinity(),
                       std::numeric_limits<double>::quiet_NaN()}) {
    EXPECT_EQ(as(type, real(value)), std::nullopt) << value;
  }
  EXPECT_EQ(as(type, text("5")), std::nullopt);
  EXPECT_EQ(as(type, blob("5")), std::nullopt);
}

TEST(ValueCaster, Booleans) {
  const ColumnType type{ColumnKind::kBoolean};
  EXPECT_EQ(as(type, integer(0)), 0);
  EXPECT_EQ(as(type, integer(1)), 1);
  EXPECT_EQ(as(type, text("TRUE")), 1);
  EXPECT_EQ(as(type, text("false")), 0);
  EXPECT_EQ(as(type, integer(2)), std::nullopt);
  EXPECT_EQ(as(type, text("yes")), std::nullopt);
  EXPECT_EQ(as(type, real(1)), std::nullopt);
}

TEST(ValueCaster, DatesAndTimes) {
  const ColumnType date{ColumnKind::kDate};
  const ColumnType time{ColumnKind::kTimestamp};
  EXPECT_EQ(as(date, text("1970-01-02")), 1);
  EXPECT_EQ(as(date, text("1969-12-31")), -1);
  EXPECT_EQ(as(date, integer(86400)), 1);
  EXPECT_EQ(as(date, text("1970-01-02 00:00:01")), std::nullopt);
  EXPECT_EQ(as(date, text("1970-02-30")), std::nullopt);
  EXPECT_EQ(as(time, text("1970-01-02")), kDayUs);
  EXPECT_EQ(as(time, text("1970-01-01 00:00:00.000001")), 1);
  EXPECT_EQ(as(time, text("1970-01-01T02:00:00+02:00")), 0);
  EXPECT_EQ(as(time, text("1970-01-01 00:00:00.0000010")), 1);
  EXPECT_EQ(as(time, text("1970-01-01 00:00:00.0000001")), std::nullopt);
  EXPECT_EQ(as(time, integer(1)), 1'000'000);
  EXPECT_EQ(as(time, real(1)), std::nullopt);
  EXPECT_EQ(as(time, text("soon")), std::nullopt);
}

TEST(ValueCaster, Decimals) {
  const ColumnType type{ColumnKind::kDecimal, 6, 2};
  EXPECT_EQ(as(type, text("12.5")), 1250);
  EXPECT_EQ(as(type, real(12.34)), 1234);
  EXPECT_EQ(as(type, integer(-7)), -700);
  EXPECT_EQ(as(type, real(12.345)), std::nullopt);
  EXPECT_EQ(as(type, integer(12345)), std::nullopt);
  Batch long_one = text("1");
  EXPECT_TRUE(caster({ColumnKind::kDecimal, 38, 0}).cast(long_one));
  EXPECT_EQ(long_one.at(0, 0).type, ValueType::kBlob);
  EXPECT_EQ(long_one.text(long_one.at(0, 0)), std::string(15, '\0') + "\x01");
}

TEST(ValueCaster, RealsTakeOnlyIntegersTheyCanBe) {
  Batch exact = integer(int64_t{1} << 53);
  EXPECT_TRUE(caster({ColumnKind::kReal}).cast(exact));
  EXPECT_EQ(exact.at(0, 0).real, 0x1p53);
  EXPECT_EQ(as({ColumnKind::kReal}, integer((int64_t{1} << 53) + 1)), std::nullopt);
  EXPECT_EQ(as({ColumnKind::kReal}, integer(INT64_MAX)), std::nullopt);
}

TEST(ValueCaster, AnErrorNamesColumnRowValueAndTheFix) {
  Batch batch;
  batch.reset(1);
  batch.add_integer(0, 1);
  batch.end_row();
  batch.add_text(0, "abc");
  batch.end_row();
  batch.set_place(1001, " of the result");
  const Error error = caught([&] { caster({ColumnKind::kInteger}).cast(batch); });
  EXPECT_EQ(error.code(), ErrorCode::kInvalid);
  EXPECT_THAT(error.message(), AllOf(HasSubstr("'c'"), HasSubstr("'abc'"), HasSubstr("row 1002"),
                                     HasSubstr("integer")));
  EXPECT_THAT(error.hint(), AllOf(HasSubstr("CAST"), HasSubstr("type_mismatch")));
}

TEST(ValueCaster, TextMustBeUtf8WhateverThePolicy) {
  for (TypeMismatch policy : {TypeMismatch::kError, TypeMismatch::kNull, TypeMismatch::kString}) {
    Batch batch = text("caf\xe9");
    const Error error = caught([&] { caster({ColumnKind::kText}, policy).cast(batch); });
    EXPECT_THAT(error.message(), HasSubstr("UTF-8"));
  }
}

TEST(ValueCaster, WhatWasGuessedAsksForASurvey) {
  Batch batch = text("x");
  EXPECT_FALSE(
      caster({ColumnKind::kInteger}, TypeMismatch::kError, TypeOrigin::kGuessed).cast(batch));
  batch = text("x");
  EXPECT_FALSE(caster({ColumnKind::kInteger}, TypeMismatch::kString).cast(batch));
}

TEST(ValueCaster, ASurveyedTextColumnTakesEverything) {
  ValueCaster surveyed = caster({ColumnKind::kText}, TypeMismatch::kError, TypeOrigin::kSurveyed);
  for (auto& [batch, expected] : std::vector<std::pair<Batch, std::string>>{
           {integer(5), "5"}, {real(0.5), "0.5"}, {blob("f"), "Zg=="}, {text("t"), "t"}}) {
    EXPECT_TRUE(surveyed.cast(batch));
    EXPECT_EQ(batch.text(batch.at(0, 0)), expected);
  }
  EXPECT_EQ(surveyed.mismatches(), 3U);
}

TEST(ValueCaster, NullFitsEverywhereAndAllFitChangesNothing) {
  const Batch null = one([](Batch& batch) { batch.add_null(0); });
  for (int kind = 0; kind <= static_cast<int>(ColumnKind::kDecimal); ++kind) {
    Batch batch = null;
    EXPECT_TRUE(caster({static_cast<ColumnKind>(kind), 5, 2}).cast(batch));
    EXPECT_TRUE(all_fit(null, 0, {static_cast<ColumnKind>(kind), 5, 2}));
  }
  const Batch number = integer(7);
  EXPECT_TRUE(all_fit(number, 0, {ColumnKind::kReal}));
  EXPECT_EQ(number.at(0, 0).type, ValueType::kInteger);
  EXPECT_FALSE(all_fit(number, 0, {ColumnKind::kBoolean}));
}

TEST(ValueCaster, ColumnsOfAnEngine) {
  std::vector<CastColumn> casts;
  for (const ColumnInfo& column : EngineRows::columns()) {
    casts.push_back({column.name, *column.type, TypeOrigin::kEngine});
  }
  Batch batch = EngineRows::batch();
  ValueCaster caster(casts, TypeMismatch::kError);
  ASSERT_TRUE(caster.cast(batch));
  EXPECT_EQ(caster.mismatches(), 0U);
  EXPECT_EQ(batch.at(0, 0).integer, 1);
  EXPECT_EQ(batch.at(1, 0).type, ValueType::kReal);
  EXPECT_EQ(batch.at(2, 0).type, ValueType::kInteger);
  EXPECT_EQ(batch.at(3, 0).integer, -1000);
  EXPECT_EQ(batch.text(batch.at(4, 0)), std::string(14, '\xff') + "\xfb\x1e");
  EXPECT_EQ(batch.text(batch.at(5, 0)), NestedBytes().begin(2).text("a\"b").null().take());
  EXPECT_EQ(batch.text(batch.at(6, 0)),
            NestedBytes().begin(2).integer(7).begin(1).integer(0).integer(0).take());
  for (size_t column = 0; column < 7; ++column) {
    EXPECT_EQ(batch.at(column, 1).type, ValueType::kNull);
  }
}

TEST(ValueCaster, AMisfitOfAnEngineAsksForNoSurvey) {
  const auto late = [](bool nested) {
    return one([&](Batch& batch) {
      const Cell cell = timestamp_cell(INT64_MAX, 7);
      if (!nested) return batch.add_cell(0, cell);
      batch.add_bytes(0, ValueType::kNested, NestedBytes().begin(1).cell(cell).take());
    });
  };
  for (const bool nested : {false, true}) {
    const ColumnType type = nested ? list_of(nanoseconds()) : nanoseconds();
    for (const TypeMismatch policy : {TypeMismatch::kError, TypeMismatch::kString}) {
      Batch batch = late(nested);
      const Error error = caught([&] { caster(type, policy, TypeOrigin::kEngine).cast(batch); });
      EXPECT_EQ(error.code(), ErrorCode::kInvalid);
      EXPECT_THAT(error.message(), AllOf(HasSubstr(type_name(type)), HasSubstr("02:48:05")));
    }
    Batch batch = late(nested);
    ValueCaster to_null = caster(type, TypeMismatch::kNull, TypeOrigin::kEngine);
    EXPECT_TRUE(to_null.cast(batch));
    EXPECT_EQ(batch.at(0, 0).type, ValueType::kNull);
    EXPECT_EQ(to_null.mismatches(), 1U);
  }
}

TEST(ValueCaster, NestedTextMustBeUtf8) {
  Batch batch = one([&](Batch& row) {
    row.add_bytes(0, ValueType::kNested, NestedBytes().begin(1).text("caf\xe9").take());
  });
  const Error error = caught([&] {
    caster(list_of({ColumnKind::kText}), TypeMismatch::kNull, TypeOrigin::kEngine).cast(batch);
  });
  EXPECT_THAT(error.message(), HasSubstr("UTF-8"));
}

}  // namespace
}  // namespace sluice
