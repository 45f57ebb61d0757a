#include "state/state_database.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>

#include "state/migrations.h"
#include "support/caught.h"
#include "support/sqlite_file.h"
#include "support/temp_folder.h"

namespace sluice {
namespace {

using testing::HasSubstr;

class StateDatabaseTest : public testing::Test {
 protected:
  static int number(StateDatabase& database, const std::string& sql) {
    return database.read([&](SQLite::Database& reader) { return reader.execAndGet(sql).getInt(); });
  }
  static void write(StateDatabase& database, const std::string& sql) {
    database.write([&](SQLite::Database& writer) { writer.exec(sql); });
  }
  static std::string bytes_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  TestFolder folder_;
  const std::string path_ = folder_ / "state.db";
};

TEST_F(StateDatabaseTest, AFreshFileGetsEveryMigration) {
  StateDatabase database(path_);
  EXPECT_EQ(number(database, "PRAGMA user_version"), static_cast<int>(migrations().size()));
  EXPECT_EQ(number(database,
                   "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name IN ('pipes', "
                   "'nodes', 'sinks', 'schedules', 'connections', 'tokens', 'jobs', 'job_files')"),
            8);
}

TEST_F(StateDatabaseTest, IsDurableAndSafeForOneWriter) {
  StateDatabase database(path_);
  const auto pragma = [&](const char* name) {
    return database.write([&](SQLite::Database& writer) {
      return writer.execAndGet(std::string("PRAGMA ") + name).getString();
    });
  };
  EXPECT_EQ(pragma("journal_mode"), "wal");
  EXPECT_EQ(pragma("synchronous"), "2");  // FULL
  EXPECT_EQ(pragma("foreign_keys"), "1");
}

TEST_F(StateDatabaseTest, OpenedAgainItKeepsWhatItHas) {
  {
    StateDatabase database(path_);
    write(database, "INSERT INTO tokens (id, name, hash, scopes, created_at) VALUES ('1', 'a', '" +
                        std::string(64, '0') + "', '[]', '2026-11-23 08:30:00.000000')");
  }
  StateDatabase database(path_);
  EXPECT_EQ(number(database, "SELECT count(*) FROM tokens"), 1);
}

TEST_F(StateDatabaseTest, ANewerOneIsRefusedAndLeftAsItIs) {
  { StateDatabase database(path_); }
  SqliteFile(path_).run("PRAGMA user_version=999; PRAGMA journal_mode=DELETE");
  const std::string before = bytes_of(path_);
  const Error error = caught([&] { StateDatabase database(path_); });
  EXPECT_EQ(error.code(), ErrorCode::kConflict);
  EXPECT_THAT(error.what(), HasSubstr("999"));
  EXPECT_EQ(bytes_of(path_), before);
}

TEST_F(StateDatabaseTest, AnotherProgramsDatabaseIsRefusedAndLeftAsItIs) {
  SqliteFile(path_).run("CREATE TABLE t (a)");
  const std::string before = bytes_of(path_);
  const Error error = caught([&] { StateDatabase database(path_); });
  EXPECT_EQ(error.code(), ErrorCode::kInvalid);
  EXPECT_THAT(error.what(), HasSubstr("not a Sluice state database"));
  EXPECT_EQ(bytes_of(path_), before);
}

TEST_F(StateDatabaseTest, WhatIsNoDatabaseIsRefused) {
  std::ofstream(path_) << std::string(5000, 'x');
  EXPECT_ERROR(StateDatabase database(path_), kCorrupt);
  EXPECT_ERROR(StateDatabase database(folder_ / "no/such/folder/state.db"), kStorage);
}

TEST_F(StateDatabaseTest, AFailedWriteLeavesNothing) {
  StateDatabase database(path_);
  EXPECT_THROW(database.write([](SQLite::Database& writer) {
    writer.exec("CREATE TABLE x (a)");
    throw Error(ErrorCode::kInvalid, "no");
  }),
               Error);
  EXPECT_EQ(number(database, "SELECT count(*) FROM sqlite_schema WHERE name = 'x'"), 0);
  EXPECT_ERROR(write(database, "nonsense"), kInternal);
  write(database, "CREATE TABLE x (a)");  // The connection is well after both.
}

TEST_F(StateDatabaseTest, ReadersCanNotWrite) {
  StateDatabase database(path_);
  EXPECT_ERROR(database.read([](SQLite::Database& reader) { reader.exec("DELETE FROM pipes"); }),
               kStorage);
}

TEST_F(StateDatabaseTest, AReadIsOneSnapshot) {
  StateDatabase database(path_);
  write(database, "CREATE TABLE x (a)");
  database.read([&](SQLite::Database& reader) {
    EXPECT_EQ(reader.execAndGet("SELECT count(*) FROM x").getInt(), 0);
    write(database, "INSERT INTO x VALUES (1)");
    EXPECT_EQ(reader.execAndGet("SELECT count(*) FROM x").getInt(), 0);
  });
  EXPECT_EQ(number(database, "SELECT count(*) FROM x"), 1);
}

TEST_F(StateDatabaseTest, WritersAndReadersOnManyThreads) {
  StateDatabase database(path_);
  write(database, "CREATE TABLE x (a); CREATE TABLE y (a)");
  std::atomic<int> torn = 0;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 3; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < 20; ++i) {
          write(database, "INSERT INTO x VALUES (1); INSERT INTO y VALUES (1)");
        }
      });
      threads.emplace_back([&] {
        for (int i = 0; i < 50; ++i) {
          torn += number(database, "SELECT (SELECT count(*) FROM x) != (SELECT count(*) FROM y)");
        }
      });
    }
  }
  EXPECT_EQ(torn, 0) << "a reader saw half of a transaction";
  EXPECT_EQ(number(database, "SELECT count(*) FROM x"), 60);
}

}  // namespace
}  // namespace sluice
