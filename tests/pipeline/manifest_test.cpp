#include "pipeline/manifest.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/crc32c.h"
#include "pipeline/export_world.h"

namespace sluice {
namespace {

using nlohmann::json;

TEST(Manifest, SaysWhatWasPublished) {
  ExportWorld world;
  ExportRequest request = world.request(
      "SELECT 'a' AS k, 1 AS v UNION ALL SELECT 'b', 2 UNION ALL SELECT 'b', 3", "{k}");
  request.pipe_name = "orders";
  request.plan.settings.options.manifest = true;
  request.plan.settings.options.success_file = true;
  world.run(request);
  const auto objects = world.bucket.objects();
  ASSERT_EQ(objects.size(), 4U);
  EXPECT_EQ(objects.at("out/_SUCCESS"), "");
  const json manifest = json::parse(objects.at("out/_manifest.json"));
  EXPECT_EQ(manifest.at("job_id"), "job-1");
  EXPECT_EQ(manifest.at("pipe"), "orders");
  EXPECT_EQ(manifest.at("rows"), 3);
  EXPECT_EQ(manifest.at("sql_sha256").get<std::string>().size(), 64U);
  EXPECT_EQ(manifest.at("schema").at(0).at("name"), "k");
  ASSERT_EQ(manifest.at("files").size(), 2U);
  uint64_t rows = 0;
  for (const json& file : manifest.at("files")) {
    const std::string content = objects.at(file.at("key"));
    EXPECT_EQ(file.at("bytes"), content.size());
    EXPECT_EQ(file.at("crc32c"), crc32c_hex(crc32c(content)));
    rows += file.at("rows").get<uint64_t>();
  }
  EXPECT_EQ(rows, 3U);
}

TEST(Manifest, UnderNewItTakesTheNextNumber) {
  ExportWorld world;
  ExportRequest request = world.request("SELECT 1 AS v", "all");
  request.plan.settings.options.manifest = true;
  world.run(request);
  world.run(request);
  EXPECT_TRUE(world.bucket.objects().contains("out/_manifest.1.json"));
}

}  // namespace
}  // namespace sluice
