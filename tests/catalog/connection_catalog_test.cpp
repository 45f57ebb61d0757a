#include "catalog/connection_catalog.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "catalog/catalog_world.h"
#include "support/caught.h"

namespace sluice {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const std::map<std::string, std::string> kS3Parameters = {
    {"s3_access_key_id", "AKIA"}, {"s3_secret_access_key", "secret"}, {"s3_region", "us-east-1"}};

class ConnectionCatalogTest : public testing::Test, protected CatalogWorld {};

TEST_F(ConnectionCatalogTest, ALocalFolderIsMadeAtOnce) {
  const Connection made = connection_catalog.create("local", "disk", {}, false);
  EXPECT_THAT(bucket.calls(), ElementsAre("probe "));
  EXPECT_EQ(connection_catalog.get("disk").id, made.id);
  EXPECT_EQ(connection_catalog.get(made.id).setting("root"), "disk");
  EXPECT_EQ(made.created_at, clock.now());
}

TEST_F(ConnectionCatalogTest, AFolderThatCanNotBeMadeStoresNothing) {
  bucket.fail("probe", "", ErrorCode::kStorage);
  EXPECT_ERROR(connection_catalog.create("local", "disk", {}, false), kStorage);
  EXPECT_TRUE(connection_catalog.all().empty());
}

TEST_F(ConnectionCatalogTest, AnS3StoreIsNotAskedYet) {
  connection_catalog.create("s3", "store", kS3Parameters, false);
  EXPECT_TRUE(bucket.calls().empty());
  EXPECT_EQ(connection_catalog.get("store").secrets.at("s3_secret_access_key").reveal(), "secret");
}

TEST_F(ConnectionCatalogTest, ADryRunChecksAndStoresNothing) {
  EXPECT_EQ(connection_catalog.create("s3", "store", kS3Parameters, true).name, "store");
  connection_catalog.create("local", "disk", {}, true);
  EXPECT_TRUE(connection_catalog.all().empty());
  EXPECT_TRUE(bucket.calls().empty());
  EXPECT_ERROR(connection_catalog.create("s3", "store", {}, true), kInvalid);
}

TEST_F(ConnectionCatalogTest, ARoleGetsTheWorkspacesExternalId) {
  const std::map<std::string, std::string> role = {
      {"s3_iamrole_arn", "arn:aws:iam::123456789012:role/r"}, {"s3_iamrole_region", "us-east-1"}};
  const Connection one = connection_catalog.create("s3_iamrole", "one", role, false);
  const Connection two = connection_catalog.create("s3_iamrole", "two", role, false);
  EXPECT_EQ(one.setting("s3_iamrole_external_id"), workspace.external_id());
  EXPECT_EQ(two.setting("s3_iamrole_external_id"), workspace.external_id());
  EXPECT_EQ(connection_catalog.get("one").setting("s3_iamrole_external_id"),
            workspace.external_id());
}

TEST_F(ConnectionCatalogTest, TheServersGoogleAccountIsShownWhereThereIsOne) {
  EXPECT_EQ(connection_catalog.google_account(), std::nullopt);
  EXPECT_ERROR(connection_catalog.create("gcs_service_account", "g", {}, false), kBusy);
  ConnectionCatalog with(
      {connections, pipes, workspace, stores, clock, random, "sluice@project.test"});
  EXPECT_EQ(with.create("gcs_service_account", "g", {}, false).setting("account_email"),
            "sluice@project.test");
  EXPECT_EQ(with.google_account(), "sluice@project.test");
}

TEST_F(ConnectionCatalogTest, Refusals) {
  connection_catalog.create("local", "disk", {}, false);
  EXPECT_ERROR(connection_catalog.create("local", "DISK", {}, false), kConflict);
  EXPECT_ERROR(connection_catalog.create("ftp", "x", {}, false), kInvalid);
  EXPECT_ERROR(connection_catalog.create("local", "a/b", {}, false), kInvalid);
  EXPECT_ERROR(connection_catalog.create("local", "x", {{"s3_region", "a"}}, false), kInvalid);
  EXPECT_ERROR(connection_catalog.get("nope"), kNotFound);
  EXPECT_ERROR(connection_catalog.remove("nope"), kNotFound);
}

TEST_F(ConnectionCatalogTest, OneInUseStays) {
  const Connection disk = this->disk();
  const Pipe p = pipe("p", {"SELECT 1 AS a"});
  pipes.set_sink(p.id, sample_sink(p, disk), clock.now());
  EXPECT_EQ(connection_catalog.pipes_using(disk).at(0).name, "p");
  const Error error = caught([&] { connection_catalog.remove("disk"); });
  EXPECT_EQ(error.code(), ErrorCode::kForbidden);
  EXPECT_THAT(error.what(), HasSubstr("p"));
  pipes.remove_sink(p.id, clock.now());
  connection_catalog.remove("disk");
  EXPECT_TRUE(connection_catalog.all().empty());
}

}  // namespace
}  // namespace sluice
