#include "format/column_types.h"

#include <gtest/gtest.h>

namespace sluice {
namespace {

TEST(ColumnTypes, Declarations) {
  const std::vector<std::pair<std::string, std::optional<ColumnType>>> cases = {
      {"INTEGER", ColumnType{ColumnKind::kInteger}},
      {"bigint unsigned", ColumnType{ColumnKind::kInteger}},
      {"VARCHAR(20)", ColumnType{ColumnKind::kText}},
      {"clob", ColumnType{ColumnKind::kText}},
      {"TEXT", ColumnType{ColumnKind::kText}},
      {"BLOB", ColumnType{ColumnKind::kBytes}},
      {"REAL", ColumnType{ColumnKind::kReal}},
      {"double precision", ColumnType{ColumnKind::kReal}},
      {"FLOAT", ColumnType{ColumnKind::kReal}},
      {"boolean", ColumnType{ColumnKind::kBoolean}},
      {"BOOL", ColumnType{ColumnKind::kBoolean}},
      {"DATE", ColumnType{ColumnKind::kDate}},
      {"DATETIME", ColumnType{ColumnKind::kTimestamp}},
      {"timestamp with time zone", ColumnType{ColumnKind::kTimestamp}},
      {"TIMESTAMP(6)", ColumnType{ColumnKind::kTimestamp}},
      {"DECIMAL(10,2)", ColumnType{ColumnKind::kDecimal, 10, 2}},
      {"numeric( 38 , 38 )", ColumnType{ColumnKind::kDecimal, 38, 38}},
      {"DECIMAL(5)", ColumnType{ColumnKind::kDecimal, 5, 0}},
      {"DECIMAL", std::nullopt},
      {"DECIMAL(39,2)", std::nullopt},
      {"DECIMAL(5,6)", std::nullopt},
      {"DECIMAL(0)", std::nullopt},
      {"DECIMAL(5,2", std::nullopt},
      {"NUMERIC", std::nullopt},
      {"", std::nullopt},
      {"anything", std::nullopt},
  };
  for (const auto& [declaration, type] : cases) {
    EXPECT_EQ(declared_type(declaration), type) << declaration;
  }
}

TEST(ColumnTypes, ValuesDecideWhereNoDeclarationDoes) {
  Batch batch;
  batch.reset(6);
  batch.add_integer(0, 1);
  batch.add_integer(1, 1);
  batch.add_blob(2, "x");
  batch.add_null(3);
  batch.add_integer(4, (int64_t{1} << 53) + 1);
  batch.add_blob(5, "x");
  batch.end_row();
  batch.add_null(0);
  batch.add_real(1, 1.5);
  batch.add_null(2);
  batch.add_null(3);
  batch.add_real(4, 1.5);
  batch.add_text(5, "x");
  batch.end_row();
  ValueSurvey survey(6);
  survey.look_at(batch);
  EXPECT_EQ(survey.type_of(0).kind, ColumnKind::kInteger);
  EXPECT_EQ(survey.type_of(1).kind, ColumnKind::kReal);
  EXPECT_EQ(survey.type_of(2).kind, ColumnKind::kBytes);
  EXPECT_EQ(survey.type_of(3).kind, ColumnKind::kText);
  EXPECT_EQ(survey.type_of(4).kind, ColumnKind::kReal);
  EXPECT_EQ(survey.type_of(5).kind, ColumnKind::kText);
  EXPECT_FALSE(survey.mixes_big_integers(1));
  EXPECT_TRUE(survey.mixes_big_integers(4));
}

}  // namespace
}  // namespace sluice
