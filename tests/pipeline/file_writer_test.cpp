#include "pipeline/file_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "format/parquet_row_count.h"
#include "pipeline/export_world.h"
#include "support/caught.h"

namespace sluice {
namespace {

using testing::HasSubstr;

class FileWriterTest : public testing::Test, protected ExportWorld {
 protected:
  ExportRequest parquet(const std::string& sql, const std::string& file_template,
                        TypeMismatch policy) {
    ExportRequest request = this->request(sql, file_template);
    request.plan.settings.format = Format::kParquet;
    request.plan.settings.write_strategy = WriteStrategy::kTruncate;
    request.plan.settings.options.type_mismatch = policy;
    return request;
  }
  void make_table() {
    SqliteFile file(folder / "warehouse.db", "CREATE TABLE t (i INTEGER, k TEXT)");
    file.run(numbers_to(5000) +
             "INSERT INTO t SELECT CASE n WHEN 4000 THEN 'odd' ELSE n END, 'k' || "
             "(n % 3) FROM r");
  }
};

TEST_F(FileWriterTest, AMismatchFailsTheJobBeforeAnythingIsPublished) {
  make_table();
  for (const char* file_template : {"all", "{k}"}) {
    const Error error =
        caught([&] { run(parquet("SELECT * FROM t", file_template, TypeMismatch::kError)); });
    EXPECT_THAT(error.message(), HasSubstr("'odd'"));
    EXPECT_THAT(error.message(), HasSubstr("row 4000 of the result"));
    EXPECT_THAT(bucket.objects(), testing::IsEmpty());
    EXPECT_EQ(bucket.staged(), 0U);
  }
}

TEST_F(FileWriterTest, OrItBecomesNullOrTheColumnText) {
  make_table();
  for (const char* file_template : {"all", "{k}"}) {
    EXPECT_EQ(run(parquet("SELECT * FROM t", file_template, TypeMismatch::kNull)).mismatches, 1U);
    const JobFigures text = run(parquet("SELECT * FROM t", file_template, TypeMismatch::kString));
    EXPECT_EQ(text.rows, 5000U);
    EXPECT_EQ(text.mismatches, 4999U) << "the numbers are in a column of text now";
    uint64_t rows = 0;
    for (const auto& [key, content] : bucket.objects()) rows += *read_parquet_rows(content);
    EXPECT_EQ(rows, 5000U);
    bucket.clear();
  }
}

TEST_F(FileWriterTest, TypesThatTheFirstRowsDoNotShowAreFound) {
  // NULL for more rows than one batch has, then integers, then reals.
  const std::string sql =
      numbers_to(5000) +
      "SELECT CASE WHEN n < 2000 THEN NULL WHEN n < 4000 THEN n ELSE n + 0.5 END "
      "AS v FROM r";
  const JobFigures figures = run(parquet(sql, "all", TypeMismatch::kError));
  EXPECT_EQ(figures.rows, 5000U);
  EXPECT_EQ(figures.mismatches, 0U);
  EXPECT_EQ(read_parquet_rows(bucket.objects().at("out/all.parquet")), 5000U);
}

TEST_F(FileWriterTest, NeitherNameNorRowIsLostWhenFilesRollOver) {
  ExportRequest request = this->request(numbers_to(1000) + "SELECT n FROM r", "all");
  request.plan.settings.options.max_rows_per_file = 300;
  const JobFigures figures = run(request);
  EXPECT_EQ(figures.files, 4U);
  uint64_t rows = 0;
  for (const StagedFile& file : journal.staged) rows += file.rows;
  EXPECT_EQ(rows, 1000U);
}

}  // namespace
}  // namespace sluice
