#include "pipeline/many_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pipeline/export_world.h"
#include "support/caught.h"

namespace sluice {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

/// Many rows in many files, read in parts by several lanes where the statement can be split.
class ManyFilesTest : public testing::Test, protected ExportWorld {
 protected:
  static constexpr int kRows = 200000;
  static constexpr int kFiles = 700;
  ManyFilesTest() {
    SqliteFile file(folder / "warehouse.db",
                    "CREATE TABLE t (id INTEGER PRIMARY KEY, k TEXT, v TEXT)");
    file.run(numbers_to(kRows) + "INSERT INTO t SELECT n, 'k' || (n % " + std::to_string(kFiles) +
             "), 'value ' || n FROM r");
  }
  static std::map<std::string, std::string> expected() {
    std::map<std::string, std::string> files;
    for (int i = 1; i <= kRows; ++i) {
      const std::string key = "k" + std::to_string(i % kFiles);
      std::string& text = files["out/" + key + ".csv"];
      if (text.empty()) text = "id,k,v\n";
      text += std::to_string(i) + "," + key + ",value " + std::to_string(i) + "\n";
    }
    return files;
  }
  ExportRequest many(const std::string& sql, size_t lanes) const {
    ExportRequest request = this->request(sql, "{k}");
    request.plan.settings.write_strategy = WriteStrategy::kTruncate;
    request.limits.lanes = lanes;
    return request;
  }
};

TEST_F(ManyFilesTest, LanesChangeNothingOfTheFiles) {
  const SplitWish wish;
  ASSERT_TRUE(engine->open_split({{}, "SELECT * FROM t"}, std::chrono::seconds(9), {}, wish))
      << "else nothing is read in parts here";
  for (size_t lanes : {1, 2, 3}) {
    for (const char* sql : {"SELECT * FROM t", "SELECT * FROM t ORDER BY id LIMIT 1000000"}) {
      EXPECT_EQ(run(many(sql, lanes)).files, static_cast<uint64_t>(kFiles));
      EXPECT_TRUE(bucket.objects() == expected()) << sql << ", " << lanes << " lanes";
    }
  }
}

TEST_F(ManyFilesTest, LittleMemoryChangesNothingOfTheFiles) {
  ExportRequest request = many("SELECT * FROM t", 2);
  request.limits.memory_bytes = 1024 * 1024;
  run(request);
  EXPECT_TRUE(bucket.objects() == expected());
}

TEST_F(ManyFilesTest, AFailureInALaneNamesTheRow) {
  const Error error = caught([&] {
    run(many("SELECT id, k, CASE id WHEN 150000 THEN CAST(x'ff' AS TEXT) ELSE v END AS v FROM t",
             2));
  });
  EXPECT_EQ(error.code(), ErrorCode::kInvalid);
  EXPECT_THAT(error.message(), HasSubstr("'v'"));
  EXPECT_THAT(error.message(), HasSubstr(" row "));
  EXPECT_EQ(bucket.staged(), 0U);
  EXPECT_THAT(bucket.objects(), IsEmpty());
}

TEST_F(ManyFilesTest, AFailureOfTheStoreEndsTheLanes) {
  bucket.fail("write", "", ErrorCode::kStorage);
  EXPECT_ERROR(run(many("SELECT * FROM t", 2)), kStorage);
  EXPECT_ERROR(run(many("SELECT * FROM t ORDER BY id LIMIT 1000000", 2)), kStorage);
  EXPECT_EQ(bucket.staged(), 0U);
}

/// The first rows show integers, a later lane meets text: all is written anew.
TEST_F(ManyFilesTest, TypesThatDoNotHoldAreSurveyed) {
  ExportRequest request =
      many("SELECT id, k, CASE WHEN id < 150000 THEN id ELSE v END AS mixed FROM t", 2);
  request.plan.settings.format = Format::kParquet;
  EXPECT_EQ(run(request).rows, static_cast<uint64_t>(kRows));
  EXPECT_EQ(bucket.objects().size(), static_cast<size_t>(kFiles));
}

TEST_F(ManyFilesTest, TooManyFilesAreRefused) {
  ExportRequest request = many("SELECT * FROM t", 2);
  request.limits.files = 10;
  EXPECT_ERROR(run(request), kTooLarge);
  EXPECT_EQ(bucket.staged(), 0U);
}

}  // namespace
}  // namespace sluice
