#include "api/datasource_view.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sluice {
namespace {

using nlohmann::json;
using testing::HasSubstr;

SourceStatus status() {
  DataSource source;
  source.id = "t_1";
  source.name = "clicks";
  source.description = "Line one\nline two";
  source.columns = parse_schema("id Int64 `json:$.a.id`, who Nullable(String) DEFAULT 'x'");
  return {std::make_shared<const DataSource>(source), {3, 30, 2}};
}

TEST(DatasourceView, WhatClientsRead) {
  Pipe pipe;
  pipe.id = "t_2";
  pipe.name = "reads";
  const json view = datasource_view(status(), {pipe});
  EXPECT_EQ(view["name"], "clicks");
  EXPECT_EQ(view["statistics"], (json{{"bytes", 30}, {"row_count", 3}}));
  EXPECT_EQ(view["quarantine"], (json{{"name", "clicks_quarantine"}, {"row_count", 2}}));
  EXPECT_EQ(view["columns"][0]["jsonpath"], "$.a.id");
  EXPECT_EQ(view["columns"][0]["nullable"], false);
  EXPECT_EQ(view["columns"][1]["jsonpath"], "$.who");
  EXPECT_EQ(view["schema"]["columns"], view["columns"]);
  EXPECT_EQ(view["schema"]["sql_schema"], schema_text(status().source->columns));
  EXPECT_EQ(view["used_by"][0]["name"], "reads");
}

TEST(DatasourceView, ImportsSayWhetherAnythingWasTaken) {
  ImportOutcome outcome{"import-1", status(), 0, 2, 1};
  json view = import_view(outcome, {});
  EXPECT_THAT(view["error"].get<std::string>(), HasSubstr("all 2 rows"));
  EXPECT_EQ(view["invalid_lines"], 1);
  outcome.rows = 1;
  view = import_view(outcome, {});
  EXPECT_EQ(view["error"], false);
  EXPECT_EQ(view["import_id"], "import-1");
  EXPECT_EQ(view["datasource"]["id"], "t_1");
}

TEST(DatasourceView, TextOfADataFile) {
  const std::string text = datasource_text(*status().source);
  EXPECT_THAT(text, HasSubstr("DESCRIPTION >\n    Line one\n    line two\n\nSCHEMA >\n    "));
  const std::string schema = text.substr(text.find("SCHEMA >\n") + 9);
  EXPECT_EQ(schema_text(parse_schema(schema)), schema_text(status().source->columns));
}

TEST(DatasourceView, AnalysisNamesPathsAndTypes) {
  const json view = analysis_view(status().source->columns);
  EXPECT_EQ(view["analysis"]["columns"][0]["path"], "$.a.id");
  EXPECT_EQ(view["analysis"]["columns"][1]["recommended_type"], "Nullable(String)");
}

}  // namespace
}  // namespace sluice
