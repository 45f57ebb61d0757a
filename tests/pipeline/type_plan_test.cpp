#include "pipeline/type_plan.h"

#include <gtest/gtest.h>

#include "pipeline/export_world.h"

namespace sluice {
namespace {

class TypePlanTest : public testing::Test, protected ExportWorld {
 protected:
  TypePlanTest() {
    SqliteFile file(folder / "warehouse.db", "CREATE TABLE t (i INTEGER, d DATE, x)");
    file.run(
        "INSERT INTO t VALUES (1, '2026-01-01', NULL), ('odd', '2026-01-02', 1.5), (3, 'no', 2)");
  }
  std::vector<CastColumn> survey(TypeMismatch policy) {
    return survey_types(*engine->open({{}, "SELECT i, d, x FROM t"}, std::chrono::seconds(10), {}),
                        policy);
  }
};

TEST_F(TypePlanTest, DeclarationsAndThenTheFirstRows) {
  const auto reader = engine->open({{}, "SELECT i, d, x FROM t"}, std::chrono::seconds(10), {});
  Batch batch;
  reader->next(batch);
  const std::vector<CastColumn> casts = guess_types(reader->columns(), batch);
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

}  // namespace
}  // namespace sluice
