#include "pipeline/single_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pipeline/export_world.h"
#include "support/caught.h"

namespace sluice {
namespace {

using testing::HasSubstr;

/// Many rows, read in parts by several lanes where the statement can be split.
class SingleFileTest : public testing::Test, protected ExportWorld {
 protected:
  static constexpr int kRows = 200000;
  SingleFileTest() {
    SqliteFile file(folder / "warehouse.db", "CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT)");
    file.run(numbers_to(kRows) + "INSERT INTO t SELECT n, 'value ' || n FROM r");
  }
  static std::string expected() {
    std::string text = "id,v\n";
    for (int i = 1; i <= kRows; ++i)
      text += std::to_string(i) + ",value " + std::to_string(i) + "\n";
    return text;
  }
  std::string exported(const std::string& sql, size_t lanes) {
    ExportRequest request = this->request(sql, "all");
    request.plan.settings.write_strategy = WriteStrategy::kTruncate;
    request.limits.lanes = lanes;
    EXPECT_EQ(run(request).rows, static_cast<uint64_t>(kRows));
    return bucket.objects().at("out/all.csv");
  }
};

TEST_F(SingleFileTest, LanesChangeNothingOfTheFile) {
  const SplitWish wish;
  ASSERT_TRUE(engine->open_split({{}, "SELECT * FROM t"}, std::chrono::seconds(9), {}, wish))
      << "else nothing is read in parts here";
  ASSERT_FALSE(
      engine->open_split({{}, "SELECT * FROM t ORDER BY v"}, std::chrono::seconds(9), {}, wish));
  for (size_t lanes : {1, 2, 3}) {
    EXPECT_EQ(exported("SELECT * FROM t", lanes), expected()) << lanes;
    EXPECT_EQ(exported("SELECT * FROM t ORDER BY id LIMIT 1000000", lanes), expected()) << lanes;
  }
}

TEST_F(SingleFileTest, AFailureNamesTheRow) {
  for (const char* sql :
       {"SELECT CASE id WHEN 150000 THEN CAST(x'ff' AS TEXT) ELSE v END AS v FROM t",
        "SELECT CASE id WHEN 150000 THEN CAST(x'ff' AS TEXT) ELSE v END AS v FROM t "
        "ORDER BY id LIMIT 1000000"}) {
    const Error error = caught([&] { run(sql, "all"); });
    EXPECT_EQ(error.code(), ErrorCode::kInvalid);
    EXPECT_THAT(error.message(), HasSubstr("'v'"));
    EXPECT_THAT(error.message(), HasSubstr(" row "));
    EXPECT_EQ(bucket.staged(), 0U);
    EXPECT_THAT(bucket.objects(), testing::IsEmpty());
  }
}

TEST_F(SingleFileTest, AFailureOfTheStoreEndsTheLanes) {
  bucket.fail("write", "", ErrorCode::kStorage);
  EXPECT_ERROR(run("SELECT * FROM t", "all"), kStorage);
  EXPECT_ERROR(run("SELECT * FROM t ORDER BY id LIMIT 1000000", "all"), kStorage);
  EXPECT_EQ(bucket.staged(), 0U);
}

}  // namespace
}  // namespace sluice
