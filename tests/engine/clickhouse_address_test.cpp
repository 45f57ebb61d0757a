#include "engine/clickhouse_address.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/caught.h"

namespace sluice {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

TEST(ClickhouseAddressTest, AllPartsAreRead) {
  const ClickhouseCluster cluster =
      parse_clickhouse_cluster("ch=https://me:p%40ss%2Fw@a.example:9000,b.example,[::1]/my%20db");
  EXPECT_EQ(cluster.name, "ch");
  EXPECT_THAT(cluster.origins, ElementsAre("https://a.example:9000", "https://b.example:8443",
                                           "https://[::1]:8443"));
  EXPECT_EQ(cluster.user, "me");
  EXPECT_EQ(cluster.password.reveal(), "p@ss/w");
  EXPECT_EQ(cluster.database, "my db");
}

TEST(ClickhouseAddressTest, AHostIsEnough) {
  const ClickhouseCluster cluster = parse_clickhouse_cluster("ch=http://localhost");
  EXPECT_THAT(cluster.origins, ElementsAre("http://localhost:8123"));
  EXPECT_EQ(cluster.user, "");
  EXPECT_EQ(cluster.database, "");
}

TEST(ClickhouseAddressTest, MistakesAreToldWithoutThePassword) {
  for (const char* text :
       {"ch", "ch=host:8123", "ch=tcp://u:secret@host", "ch=http://u:secret@", "a b=http://host",
        "ch=http://u:secret@host,", "ch=http://u:secret@ho st", "ch=http://u:secret%4@host",
        "ch=http://u:secret@host/db/more", "ch=http://u:secret@host/db?readonly=0",
        "sqlite=http://host", "=http://host"}) {
    const Error error = caught([&] { parse_clickhouse_cluster(text); });
    EXPECT_EQ(error.code(), ErrorCode::kInvalid) << text;
    EXPECT_THAT(error.what(), Not(HasSubstr("secret"))) << text;
  }
}

}  // namespace
}  // namespace sluice
