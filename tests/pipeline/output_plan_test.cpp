#include "pipeline/output_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/limits.h"
#include "pipeline/export_world.h"
#include "support/caught.h"
#include "support/nested_bytes.h"

namespace sluice {
namespace {

const std::vector<ColumnInfo> kColumns = {{"k", "TEXT"}, {"v", "INTEGER"}};

TEST(OutputPlan, PartitionColumnsStayOrGo) {
  ExportWorld world;
  ExportRequest request = world.request("", "{k}");
  EXPECT_EQ(plan_output(request, kColumns, {}).written.size(), 2U);
  request.plan.settings.options.drop_partition_columns = true;
  const OutputPlan plan = plan_output(request, kColumns, {});
  ASSERT_EQ(plan.written.size(), 1U);
  EXPECT_EQ(plan.written[0].name, "v");
  EXPECT_EQ(plan.written[0].source, 1U);
  request.plan.settings.file_template = "{k}/{v}";
  const Error error = caught([&] { plan_output(request, kColumns, {}); });
  EXPECT_EQ(error.code(), ErrorCode::kInvalid);
  EXPECT_THAT(error.message(), testing::HasSubstr("no column is left"));
}

TEST(OutputPlan, BlocksFitTheMemory) {
  ExportWorld world;
  ExportRequest request = world.request("", "all");
  EXPECT_EQ(plan_output(request, kColumns, {}).block_bytes, limits::kBlockBytes);
  request.plan.settings.options.max_file_size = 100 * 1024;
  EXPECT_LE(plan_output(request, kColumns, {}).block_bytes, 100U * 1024 / 4);
  request.plan.settings.options = {};
  request.plan.settings.format = Format::kParquet;
  request.limits.lanes = 4;
  request.limits.memory_bytes = 64ULL * 1024 * 1024;
  const std::vector<CastColumn> casts = {{"k", {ColumnKind::kText}, TypeOrigin::kDeclared},
                                         {"v", {ColumnKind::kInteger}, TypeOrigin::kDeclared}};
  const OutputPlan plan = plan_output(request, kColumns, casts);
  EXPECT_LE(plan.block_bytes * request.limits.lanes, request.limits.memory_bytes);
  EXPECT_EQ(plan.block_rows, limits::kRowGroupRows);
  EXPECT_EQ(plan.extension, ".parquet");
}

TEST(OutputPlan, ColumnsHaveTheTypesThatTheEngineSays) {
  ExportWorld world;
  const OutputPlan plan = plan_output(world.request("", "all"), EngineRows::columns(), {});
  ASSERT_EQ(plan.written.size(), 7U);
  EXPECT_EQ(type_name(plan.written[5].type), "list(text)");
}

}  // namespace
}  // namespace sluice
