#include "state/job_file_rows.h"

#include <gtest/gtest.h>

#include "state/job_store.h"
#include "support/samples.h"
#include "support/temp_folder.h"

namespace sluice {
namespace {

TEST(JobFileRows, EveryFieldComesBackAndAKeyIsOneRow) {
  TestFolder folder;
  StateDatabase database(folder / "state.db");
  JobStore(database).enqueue(sample_job("1"), 10);
  JobFile file{"a/b.csv", JobFile::State::kBegun, 0, 0, "ticket"};
  JobFile manifest{"_manifest.json", JobFile::State::kPublished, 1, 2, "t"};
  manifest.role = FileRole::kManifest;
  database.write([&](SQLite::Database& connection) {
    put_job_file(connection, "1", file);
    file.state = JobFile::State::kStaged;
    file.rows = 7;
    file.bytes = 8;
    file.crc32c = "0123abcd";
    put_job_file(connection, "1", file);
    put_job_file(connection, "1", manifest);
  });
  const std::vector<JobFile> files =
      database.read([](SQLite::Database& connection) { return read_job_files(connection, "1"); });
  ASSERT_EQ(files.size(), 2U);
  EXPECT_EQ(files[0].role, FileRole::kManifest);
  EXPECT_EQ(files[0].state, JobFile::State::kPublished);
  EXPECT_EQ(files[1].key, "a/b.csv");
  EXPECT_EQ(files[1].state, JobFile::State::kStaged);
  EXPECT_EQ(files[1].rows, 7U);
  EXPECT_EQ(files[1].bytes, 8U);
  EXPECT_EQ(files[1].ticket, "ticket");
  EXPECT_EQ(files[1].crc32c, "0123abcd");
  EXPECT_EQ(files[1].role, FileRole::kData);
}

}  // namespace
}  // namespace sluice
