#include "domain/cluster_execution.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "domain/file_options.h"
#include "support/caught.h"

namespace sluice {
namespace {

SinkSettings with(const std::string& name, const std::string& value) {
  SinkSettings settings;
  settings.options.on_cluster = true;
  set_file_option(settings.options, name, value);
  return settings;
}

TEST(ClusterExecutionTest, WhatTheClusterCanDoIsAllowed) {
  for (const auto& [name, value] : std::map<std::string, std::string>{{"csv_delimiter", ";"},
                                                                      {"csv_header", "false"},
                                                                      {"csv_null", "NULL"},
                                                                      {"csv_line_end", "crlf"},
                                                                      {"manifest", "true"},
                                                                      {"success_file", "true"}}) {
    EXPECT_NO_THROW(check_cluster_execution(with(name, value), "ch")) << name;
  }
}

TEST(ClusterExecutionTest, TheRestIsRefusedByName) {
  for (const auto& [name, value] :
       std::map<std::string, std::string>{{"max_file_size", "100000"},
                                          {"max_rows_per_file", "5"},
                                          {"partition_columns", "drop"},
                                          {"csv_escape_formulas", "true"},
                                          {"compression_level", "small"}}) {
    const Error error = caught([&] { check_cluster_execution(with(name, value), "ch"); });
    EXPECT_EQ(error.code(), ErrorCode::kInvalid);
    EXPECT_THAT(error.what(), testing::HasSubstr(name));
  }
  SinkSettings settings = with("manifest", "true");
  settings.empty_result = EmptyResult::kWrite;
  EXPECT_EQ(caught([&] { check_cluster_execution(settings, "ch"); }).code(), ErrorCode::kInvalid);
}

TEST(ClusterExecutionTest, ItTakesACluster) {
  const SinkSettings settings = with("manifest", "true");
  EXPECT_THAT(caught([&] { check_cluster_execution(settings, ""); }).what(),
              testing::HasSubstr("engine=NAME"));
  EXPECT_NO_THROW(check_cluster_execution(SinkSettings(), ""));
}

}  // namespace
}  // namespace sluice
