#include "pipeline/output_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/crc32c.h"
#include "pipeline/export_world.h"
#include "support/caught.h"

namespace sluice {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

class OutputFileTest : public testing::Test {
 protected:
  void begin() {
    plan_ = plan_output(request_, {{"v", "TEXT"}}, {});
    staged_ = std::make_unique<StagedFiles>(request_, parts_);
    opener_ = std::make_unique<FileOpener>(request_, parts_, plan_, *staged_);
    output_ = std::make_unique<OutputFile>(*opener_, "out/x.csv");
    builder_ = plan_.format->make_builder();
  }
  void append(const std::string& text, int rows) {
    Batch batch;
    batch.reset(1);
    for (int i = 0; i < rows; ++i) {
      batch.add_text(0, text);
      batch.end_row();
    }
    builder_->add(batch);
    output_->append(builder_->take(first_));
    first_ = false;
  }
  std::map<std::string, std::string> published() {
    for (const StagedFile& file : staged_->files()) world_.store.publish(file.ticket);
    staged_->keep();
    return world_.bucket.objects();
  }

  ExportWorld world_;
  ExportParts parts_{*world_.engine, world_.store, world_.journal, world_.reservations};
  ExportRequest request_ = world_.request("", "x");
  OutputPlan plan_;
  std::unique_ptr<StagedFiles> staged_;
  std::unique_ptr<FileOpener> opener_;
  std::unique_ptr<OutputFile> output_;
  std::unique_ptr<BlockBuilder> builder_;
  bool first_ = true;
};

TEST_F(OutputFileTest, KnowsRowsBytesAndChecksum) {
  begin();
  append("a", 2);
  append("b", 1);
  output_->finish(false);
  ASSERT_EQ(staged_->files().size(), 1U);
  const StagedFile file = staged_->files()[0];
  EXPECT_EQ(file.rows, 3U);
  EXPECT_EQ(file.bytes, output_->bytes());
  EXPECT_EQ(file.crc32c, crc32c_hex(crc32c("v\na\na\nb\n")));
  EXPECT_THAT(published(), ElementsAre(Pair("out/x.csv", "v\na\na\nb\n")));
}

TEST_F(OutputFileTest, RollsOverAtItsSize) {
  request_.plan.settings.options.max_file_size = 64 * 1024;
  begin();
  for (int i = 0; i < 40; ++i) append(std::string(999, static_cast<char>('a' + i % 26)), 16);
  output_->finish(false);
  std::string all;
  size_t number = 0;
  for (const auto& [key, content] : published()) {
    EXPECT_EQ(key, "out/x-000" + std::to_string(number).substr(0, 1) +
                       (number < 10 ? "" : std::to_string(number % 10)) + ".csv")
        << "numbered from 0";
    if (number++ >= 9) break;
  }
  EXPECT_GT(world_.bucket.objects().size(), 9U);
  for (const auto& [key, content] : world_.bucket.objects()) {
    EXPECT_LE(content.size(), 64U * 1024) << key;
    EXPECT_TRUE(content.starts_with("v\n")) << "each begins with the header";
    all += content.substr(2);
  }
  EXPECT_EQ(all.size(), 40U * 16 * 1000);
}

TEST_F(OutputFileTest, ABlockWithoutRowsIsKeptForThoseThatHaveSome) {
  begin();
  append("", 0);
  EXPECT_EQ(world_.bucket.count("stage"), 0U);
  append("a", 1);
  output_->finish(false);
  EXPECT_THAT(published(), ElementsAre(Pair("out/x.csv", "v\na\n")));
}

TEST_F(OutputFileTest, AnEmptyFileOnlyOnDemand) {
  begin();
  append("", 0);
  output_->finish(false);
  EXPECT_EQ(staged_->files().size(), 0U);
  begin();
  first_ = true;
  append("", 0);
  output_->finish(true);
  EXPECT_THAT(published(), ElementsAre(Pair("out/x.csv", "v\n")));
}

TEST_F(OutputFileTest, DestroyedItLeavesNothing) {
  request_.plan.settings.options.max_rows_per_file = 1;
  begin();
  append("a", 1);
  output_->end_piece();
  append("b", 1);
  EXPECT_EQ(world_.bucket.staged(), 2U);
  output_.reset();
  staged_.reset();
  EXPECT_EQ(world_.bucket.staged(), 0U);
}

TEST_F(OutputFileTest, TooManyFilesAreAnError) {
  request_.limits.files = 1;
  request_.plan.settings.options.max_rows_per_file = 1;
  begin();
  append("a", 1);
  output_->end_piece();
  const Error error = caught([&] { append("b", 1); });
  EXPECT_EQ(error.code(), ErrorCode::kTooLarge);
  EXPECT_THAT(error.what(), HasSubstr("--max-files"));
}

TEST(FirstPieceKey, IsTheTemplatesUnlessFilesRollOver) {
  FileOptions options;
  EXPECT_EQ(first_piece_key("a/x.csv.gz", ".csv.gz", options), "a/x.csv.gz");
  options.max_file_size = 100000;
  EXPECT_EQ(first_piece_key("a/x.csv.gz", ".csv.gz", options), "a/x-0000.csv.gz");
}

}  // namespace
}  // namespace sluice
