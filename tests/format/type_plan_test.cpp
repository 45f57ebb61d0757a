#include "format/type_plan.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "support/nested_bytes.h"

namespace sluice {
namespace {

/// Three rows of an INTEGER, a DATE and an expression; each declared column has an odd value.
class TypePlanTest : public testing::Test {
 protected:
  bool next(Batch& batch) {
    batch.reset(columns_.size());
    if (given_++ > 0) return false;
    add(
        batch, [&] { batch.add_integer(0, 1); }, "2026-01-01", [&] { batch.add_null(2); });
    add(
        batch, [&] { batch.add_text(0, "odd"); }, "2026-01-02", [&] { batch.add_real(2, 1.5); });
    add(
        batch, [&] { batch.add_integer(0, 3); }, "no", [&] { batch.add_integer(2, 2); });
    return true;
  }
  std::vector<CastColumn> survey(TypeMismatch policy) {
    given_ = 0;
    return survey_types(
        columns_, [this](Batch& batch) { return next(batch); }, policy);
  }

  const std::vector<ColumnInfo> columns_ = {{"i", "INTEGER"}, {"d", "DATE"}, {"x", ""}};

 private:
  template <class First, class Last>
  static void add(Batch& batch, First first, std::string_view date, Last last) {
    first();
    batch.add_text(1, date);
    last();
    batch.end_row();
  }

  int given_ = 0;
};

TEST_F(TypePlanTest, DeclarationsAndThenTheFirstRows) {
  Batch batch;
  next(batch);
  const std::vector<CastColumn> casts = guess_types(columns_, batch);
  ASSERT_EQ(casts.size(), 3U);
  EXPECT_EQ(casts[0].type.kind, ColumnKind::kInteger);
  EXPECT_EQ(casts[0].origin, TypeOrigin::kDeclared);
  EXPECT_EQ(casts[1].type.kind, ColumnKind::kDate);
  EXPECT_EQ(casts[2].type.kind, ColumnKind::kReal);
  EXPECT_EQ(casts[2].origin, TypeOrigin::kGuessed);
}

TEST_F(TypePlanTest, ASurveyLooksAtAllRows) {
  const std::vector<CastColumn> kept = survey(TypeMismatch::kError);
  EXPECT_EQ(kept[0].type.kind, ColumnKind::kInteger) << "a declared type stays";
  EXPECT_EQ(kept[0].origin, TypeOrigin::kDeclared);
  EXPECT_EQ(kept[2].type.kind, ColumnKind::kReal);
  EXPECT_EQ(kept[2].origin, TypeOrigin::kSurveyed);
  const std::vector<CastColumn> text = survey(TypeMismatch::kString);
  EXPECT_EQ(text[0].type.kind, ColumnKind::kText);
  EXPECT_EQ(text[1].type.kind, ColumnKind::kText);
  EXPECT_EQ(text[2].type.kind, ColumnKind::kReal);
}

TEST(TypePlan, WhatTheEngineSaysNeedsNoRows) {
  const auto no_rows = [](Batch&) -> bool { throw std::logic_error("no row is needed"); };
  const std::vector<ColumnInfo> columns = EngineRows::columns();
  for (const TypeMismatch policy : {TypeMismatch::kError, TypeMismatch::kString}) {
    const std::vector<CastColumn> casts = survey_types(columns, no_rows, policy);
    ASSERT_EQ(casts.size(), columns.size());
    for (size_t i = 0; i < casts.size(); ++i) {
      EXPECT_EQ(casts[i].type, *columns[i].type);
      EXPECT_EQ(casts[i].origin, TypeOrigin::kEngine);
    }
  }
}

}  // namespace
}  // namespace sluice
