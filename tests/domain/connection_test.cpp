#include "domain/connection.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/caught.h"
#include "support/rsa_key.h"

namespace sluice {
namespace {

using Parameters = std::map<std::string, std::string>;

Parameters s3_with(const Parameters& more) {
  Parameters all = {
      {"s3_access_key_id", "AKIA"}, {"s3_secret_access_key", "secret"}, {"s3_region", "us-east-1"}};
  for (const auto& [name, value] : more) all[name] = value;
  return all;
}

Connection s3(const Parameters& more = {}) {
  return make_connection(Service::kS3, "store", s3_with(more));
}

TEST(Connection, KeepsSecretsApartFromSettings) {
  const Connection connection = s3({{"s3_session_token", "t"}, {"s3_path_style", "TRUE"}});
  EXPECT_EQ(connection.secrets.at("s3_access_key_id").reveal(), "AKIA");
  EXPECT_EQ(connection.secrets.at("s3_secret_access_key").reveal(), "secret");
  EXPECT_EQ(connection.secrets.at("s3_session_token").reveal(), "t");
  EXPECT_THAT(connection.settings, testing::ElementsAre(testing::Pair("s3_path_style", "true"),
                                                        testing::Pair("s3_region", "us-east-1")));
  EXPECT_EQ(connection.setting("nothing"), "");
}

TEST(Connection, EveryRequiredParameterIsNamedWhenItIsMissing) {
  for (const char* name : {"s3_access_key_id", "s3_secret_access_key", "s3_region"}) {
    for (const bool empty : {true, false}) {
      Parameters parameters = s3_with({});
      if (empty) {
        parameters[name] = "";
      } else {
        parameters.erase(name);
      }
      const Error error = caught([&] { make_connection(Service::kS3, "store", parameters); });
      EXPECT_EQ(error.code(), ErrorCode::kInvalid);
      EXPECT_THAT(error.what(), testing::HasSubstr(name));
    }
  }
}

TEST(Connection, UnknownParametersAreNamedAndTheOthersListed) {
  const Error error = caught([] { s3({{"s3_regoin", "x"}}); });
  EXPECT_EQ(error.code(), ErrorCode::kInvalid);
  EXPECT_THAT(error.what(), testing::HasSubstr("'s3_regoin'"));
  EXPECT_THAT(error.what(), testing::HasSubstr("s3_endpoint"));
  EXPECT_ERROR(make_connection(Service::kLocal, "disk", {{"s3_region", "us-east-1"}}), kInvalid);
}

TEST(Connection, Regions) {
  EXPECT_EQ(s3({{"s3_region", "eu-central-1"}}).setting("s3_region"), "eu-central-1");
  for (const char* bad : {"US-EAST-1", "us east", "us/east", "us_east", "\xc3\xa9"}) {
    EXPECT_ERROR(s3({{"s3_region", bad}}), kInvalid) << bad;
  }
  EXPECT_ERROR(s3({{"s3_region", std::string(65, 'a')}}), kInvalid);
}

TEST(Connection, RegionsThatAwsDoesNotHaveNeedAnEndpointOrTheSwitch) {
  EXPECT_ERROR(s3({{"s3_region", "garage"}}), kInvalid);
  EXPECT_EQ(s3({{"s3_region", "garage"}, {"s3_endpoint", "http://h:1"}}).setting("s3_region"),
            "garage");
  EXPECT_NO_THROW(make_connection(Service::kS3, "store", s3_with({{"s3_region", "garage"}}),
                                  RegionNames::kCustom));
  EXPECT_ERROR(make_connection(Service::kS3, "store", s3_with({{"s3_region", "GARAGE"}}),
                               RegionNames::kCustom),
               kInvalid);
}

TEST(Connection, RolesHaveAnArnAndARegionAndNoSecrets) {
  const Parameters role = {{"s3_iamrole_arn", "arn:aws:iam::123456789012:role/sluice"},
                           {"s3_iamrole_region", "eu-west-1"}};
  const Connection connection = make_connection(Service::kS3IamRole, "lake", role);
  EXPECT_TRUE(connection.secrets.empty());
  EXPECT_EQ(connection.setting("s3_iamrole_region"), "eu-west-1");
  for (const auto& [name, value] : role) {
    Parameters others = role;
    others.erase(name);
    const Error error = caught([&] { make_connection(Service::kS3IamRole, "lake", others); });
    EXPECT_THAT(error.what(), testing::HasSubstr(name));
    others[name] = "nonsense";
    EXPECT_ERROR(make_connection(Service::kS3IamRole, "lake", others), kInvalid) << name;
  }
  Parameters chosen = role;
  chosen["s3_iamrole_external_id"] = "mine";
  EXPECT_ERROR(make_connection(Service::kS3IamRole, "lake", chosen), kInvalid)
      << "the server makes it";
}

TEST(Connection, GoogleByHmacKey) {
  const Parameters hmac = {{"gcs_hmac_access_id", "GOOG1"}, {"gcs_hmac_secret", "s"}};
  Parameters more = hmac;
  more["gcs_region"] = "EU";
  EXPECT_EQ(make_connection(Service::kGcsHmac, "g", more).secrets.size(), 2U);
  more["gcs_region"] = "moon";
  EXPECT_ERROR(make_connection(Service::kGcsHmac, "g", more), kInvalid);
  more["gcs_endpoint"] = "http://localhost:1";
  EXPECT_NO_THROW(make_connection(Service::kGcsHmac, "g", more));
  EXPECT_NO_THROW(make_connection(Service::kGcsHmac, "g", hmac));
  EXPECT_ERROR(make_connection(Service::kGcsHmac, "g", {{"gcs_hmac_secret", "s"}}), kInvalid);
}

TEST(Connection, GoogleByServiceAccount) {
  Parameters key = {{"gcs_client_email", "sluice@project.iam.gserviceaccount.com"},
                    {"gcs_private_key", kTestKey}};
  const Connection made = make_connection(Service::kGcs, "g", key);
  EXPECT_EQ(made.secret("gcs_private_key").reveal(), kTestKey);
  EXPECT_FALSE(made.settings.contains("gcs_private_key"));
  std::string escaped = kTestKey;
  for (size_t at = escaped.find('\n'); at != std::string::npos; at = escaped.find('\n', at)) {
    escaped.replace(at, 1, "\\n");
  }
  key["gcs_private_key"] = escaped;
  EXPECT_EQ(make_connection(Service::kGcs, "g", key).secret("gcs_private_key").reveal(), kTestKey);
  key["gcs_private_key"] = "-----BEGIN PRIVATE KEY-----\nsecret-words\n";
  const Error error = caught([&] { make_connection(Service::kGcs, "g", key); });
  EXPECT_EQ(error.code(), ErrorCode::kInvalid);
  EXPECT_THAT(error.what(), testing::Not(testing::HasSubstr("secret-words")));
  key["gcs_private_key"] = kTestKey;
  for (const char* bad : {"sluice", "@a.b", "a@b", "a b@c.d", "a@b@c.d"}) {
    key["gcs_client_email"] = bad;
    EXPECT_ERROR(make_connection(Service::kGcs, "g", key), kInvalid) << bad;
  }
  EXPECT_TRUE(make_connection(Service::kGcsServiceAccount, "g", {}).secrets.empty());
}

TEST(Connection, Endpoints) {
  EXPECT_EQ(s3({{"s3_endpoint", "http://127.0.0.1:9000/"}}).setting("s3_endpoint"),
            "http://127.0.0.1:9000");
  EXPECT_FALSE(s3({{"s3_endpoint", ""}}).settings.contains("s3_endpoint"));
  for (const char* bad :
       {"127.0.0.1:9000", "ftp://host", "http://", "http:///x", "http://host/path", "http://u@host",
        "http://host?x=1", "http://ho st", "https://host#x", "file:///etc/passwd"}) {
    EXPECT_ERROR(s3({{"s3_endpoint", bad}}), kInvalid) << bad;
  }
}

TEST(Connection, KeysWithSpacesAreRefusedWithoutShowingThem) {
  const Error error = caught([] { s3({{"s3_secret_access_key", "very secret\n"}}); });
  EXPECT_EQ(error.code(), ErrorCode::kInvalid);
  EXPECT_THAT(error.what(), testing::HasSubstr("s3_secret_access_key"));
  EXPECT_THAT(error.what(), testing::Not(testing::HasSubstr("very")));
}

TEST(Connection, PathStyleIsAFlag) {
  EXPECT_EQ(s3({{"s3_path_style", "0"}}).setting("s3_path_style"), "false");
  EXPECT_ERROR(s3({{"s3_path_style", "maybe"}}), kInvalid);
}

TEST(Connection, ProvidersAreNamedOrLeftToTheEndpoint) {
  EXPECT_EQ(s3({{"s3_provider", " MinIO "}}).setting("s3_provider"), "minio");
  EXPECT_FALSE(s3({{"s3_provider", ""}}).settings.contains("s3_provider"));
  const Error error = caught([] { s3({{"s3_provider", "azure"}}); });
  EXPECT_EQ(error.code(), ErrorCode::kInvalid);
  EXPECT_THAT(error.message(), testing::HasSubstr("'azure'"));
  for (const std::string_view name : kS3Providers) {
    EXPECT_EQ(s3({{"s3_provider", std::string(name)}}).setting("s3_provider"), name);
    EXPECT_THAT(error.hint(), testing::HasSubstr(std::string(name)));
  }
}

TEST(Connection, ALocalRootIsOneFolderName) {
  EXPECT_EQ(make_connection(Service::kLocal, "disk", {}).setting("root"), "disk");
  EXPECT_EQ(make_connection(Service::kLocal, "disk", {{"root", "a b"}}).setting("root"), "a b");
  for (const char* bad : {".", "..", ".sluice", "a/b", "/etc", "a\\b", "a\nb", "\xff"}) {
    EXPECT_ERROR(make_connection(Service::kLocal, "disk", {{"root", bad}}), kInvalid) << bad;
  }
  EXPECT_ERROR(make_connection(Service::kLocal, "disk", {{"root", std::string("a\0b", 3)}}),
               kInvalid);
}

TEST(Connection, Services) {
  EXPECT_EQ(parse_service("S3"), Service::kS3);
  EXPECT_EQ(parse_service(service_name(Service::kLocal)), Service::kLocal);
  const Error error = caught([] { parse_service("ftp"); });
  EXPECT_EQ(error.code(), ErrorCode::kInvalid);
  EXPECT_THAT(error.what(),
              testing::HasSubstr("s3, s3_iamrole, gcs_hmac, gcs, gcs_service_account, local"));
}

}  // namespace
}  // namespace sluice
