#include "state/connection_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "state/pipe_store.h"
#include "support/caught.h"
#include "support/fake_random.h"
#include "support/samples.h"
#include "support/sqlite_file.h"
#include "support/temp_folder.h"

namespace sluice {
namespace {

using testing::HasSubstr;

class ConnectionStoreTest : public testing::Test {
 protected:
  static Connection s3_connection(const std::string& name) {
    Connection connection = make_connection(Service::kS3, name,
                                            {{"s3_access_key_id", "AKIA-IN-PLAIN-SIGHT"},
                                             {"s3_secret_access_key", "SECRET-IN-PLAIN-SIGHT"},
                                             {"s3_region", "us-east-1"}});
    connection.id = "id_" + name;
    connection.created_at = kMorning;
    connection.updated_at = kMorning + std::chrono::seconds(1);
    return connection;
  }
  std::string path() const { return folder_ / "state.db"; }

  TestFolder folder_;
  FakeRandom random_;
  StateDatabase database_{path()};
  ConnectionStore store_{database_, Secret(std::string(32, 'k')), random_};
};

TEST_F(ConnectionStoreTest, ReadsBackEqual) {
  store_.insert(s3_connection("Store"));
  for (const char* key : {"id_Store", "Store", "sTORE"}) {
    const std::optional<Connection> back = store_.find(key);
    ASSERT_TRUE(back) << key;
    EXPECT_EQ(back->id, "id_Store");
    EXPECT_EQ(back->name, "Store");
    EXPECT_EQ(back->service, Service::kS3);
    EXPECT_EQ(back->settings.at("s3_region"), "us-east-1");
    EXPECT_EQ(back->secrets.at("s3_secret_access_key").reveal(), "SECRET-IN-PLAIN-SIGHT");
    EXPECT_EQ(back->created_at, kMorning);
    EXPECT_EQ(back->updated_at, kMorning + std::chrono::seconds(1));
  }
  EXPECT_FALSE(store_.find("other"));
}

TEST_F(ConnectionStoreTest, ListsByName) {
  for (const char* name : {"b", "C", "a"}) store_.insert(sample_connection(name));
  std::vector<std::string> names;
  for (const Connection& connection : store_.all()) names.push_back(connection.name);
  EXPECT_THAT(names, testing::ElementsAre("a", "b", "C"));
}

TEST_F(ConnectionStoreTest, AnIdIsFoundBeforeAName) {
  Connection first = sample_connection("first");
  Connection second = sample_connection("second");
  second.name = first.id;
  store_.insert(second);
  store_.insert(first);
  EXPECT_EQ(store_.find(first.id)->name, "first");
}

TEST_F(ConnectionStoreTest, NamesAreTakenInAnyCase) {
  store_.insert(sample_connection("disk"));
  Connection other = sample_connection("DISK");
  other.id = "another";
  const Error error = caught([&] { store_.insert(other); });
  EXPECT_EQ(error.code(), ErrorCode::kConflict);
  EXPECT_THAT(error.what(), HasSubstr("'DISK'"));
}

TEST_F(ConnectionStoreTest, SecretsAreNotInTheFile) {
  store_.insert(s3_connection("store"));
  for (const auto& entry : std::filesystem::directory_iterator(folder_.path())) {
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(file)), {});
    EXPECT_THAT(bytes, testing::Not(HasSubstr("IN-PLAIN-SIGHT"))) << entry.path();
  }
}

TEST_F(ConnectionStoreTest, AnotherKeyOpensNothing) {
  store_.insert(s3_connection("store"));
  ConnectionStore other(database_, Secret(std::string(32, 'x')), random_);
  EXPECT_ERROR(other.find("store"), kCorrupt);
  EXPECT_ERROR(other.all(), kCorrupt);
}

TEST_F(ConnectionStoreTest, TheKeyCanBeChanged) {
  const Secret next(std::string(32, 'n'));
  EXPECT_EQ(store_.is_sealed_with(next), std::nullopt);
  store_.insert(s3_connection("a"));
  store_.insert(s3_connection("b"));
  EXPECT_EQ(store_.is_sealed_with(next), false);
  store_.change_key(next);
  EXPECT_EQ(store_.is_sealed_with(next), true);
  EXPECT_EQ(store_.is_sealed_with(Secret(std::string(32, 'k'))), false);
  EXPECT_EQ(store_.all().size(), 2U) << "goes on with the new key";
  ConnectionStore again(database_, next, random_);
  EXPECT_EQ(again.find("b")->secret("s3_secret_access_key").reveal(), "SECRET-IN-PLAIN-SIGHT");
}

TEST_F(ConnectionStoreTest, ABoxBelongsToItsConnection) {
  store_.insert(s3_connection("a"));
  store_.insert(s3_connection("b"));
  SqliteFile(path()).run(
      "UPDATE connections SET secrets = (SELECT secrets FROM connections WHERE name = 'a') WHERE "
      "name = 'b'");
  EXPECT_TRUE(store_.find("a"));
  EXPECT_ERROR(store_.find("b"), kCorrupt);
}

TEST_F(ConnectionStoreTest, EveryBoxHasANonceOfItsOwn) {
  store_.insert(s3_connection("a"));
  store_.insert(s3_connection("b"));
  EXPECT_EQ(
      SqliteFile(path()).value("SELECT count(DISTINCT substr(secrets, 1, 12)) FROM connections"),
      "2");
}

TEST_F(ConnectionStoreTest, RemovesWhatNoSinkUses) {
  const Connection disk = sample_connection("disk");
  const Pipe pipe = sample_pipe("flights");
  PipeStore pipes(database_);
  store_.insert(disk);
  pipes.insert(pipe);
  pipes.set_sink(pipe.id, sample_sink(pipe, disk), kMorning);
  const Error error = caught([&] { store_.remove(disk.id); });
  EXPECT_EQ(error.code(), ErrorCode::kForbidden);
  EXPECT_THAT(error.what(), HasSubstr("flights"));
  pipes.remove_sink(pipe.id, kMorning);
  EXPECT_TRUE(store_.remove(disk.id));
  EXPECT_FALSE(store_.remove(disk.id));
  EXPECT_FALSE(store_.find("disk"));
}

}  // namespace
}  // namespace sluice
