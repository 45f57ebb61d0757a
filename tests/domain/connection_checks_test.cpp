#include "domain/connection_checks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/caught.h"

namespace sluice {
namespace {

Connection with(const std::string& name, const std::string& value) {
  Connection connection;
  connection.name = "store";
  connection.settings[name] = value;
  return connection;
}

TEST(ConnectionChecks, RoleArns) {
  const std::string name = "s3_iamrole_arn";
  for (const char* good :
       {"arn:aws:iam::123456789012:role/sluice", "arn:aws-cn:iam::123456789012:role/a/b/c+=,.@-_x",
        "arn:aws-us-gov:iam::000000000001:role/r"}) {
    EXPECT_NO_THROW(check_role_arn(with(name, good), name)) << good;
  }
  for (const char* bad :
       {"", "sluice", "arn:aws:iam::123456789012:user/sluice", "arn:aws:iam::12345678901:role/r",
        "arn:aws:iam::1234567890123:role/r", "arn:aws:iam::12345678901x:role/r",
        "arn:aws:iam:us-east-1:123456789012:role/r", "arn:aws:s3::123456789012:role/r",
        "arn:azure:iam::123456789012:role/r", "arn:aws:iam::123456789012:role/",
        "arn:aws:iam::123456789012:role/a b", "arn:aws:iam::123456789012:role/a:b",
        "aws:iam::123456789012:role/r", "arn:aws:iam::123456789012"}) {
    const Error error = caught([&] { check_role_arn(with(name, bad), name); });
    EXPECT_EQ(error.code(), ErrorCode::kInvalid) << bad;
    EXPECT_THAT(error.message(), testing::HasSubstr("'" + std::string(bad) + "'"));
    EXPECT_THAT(error.message(), testing::HasSubstr(name));
  }
  const std::string role = "arn:aws:iam::123456789012:role/";
  EXPECT_NO_THROW(check_role_arn(with(name, role + std::string(64, 'r')), name));
  EXPECT_ERROR(check_role_arn(with(name, role + std::string(65, 'r')), name), kInvalid);
}

TEST(ConnectionChecks, WordsAreListed) {
  EXPECT_NO_THROW(check_word(with("w", "b"), "w", "a b c"));
  EXPECT_NO_THROW(check_word(Connection(), "w", "a b c"));
  const Error error = caught([] { check_word(with("w", "B"), "w", "a b c"); });
  EXPECT_EQ(error.code(), ErrorCode::kInvalid);
  EXPECT_THAT(error.what(), testing::HasSubstr("w is 'B'"));
  EXPECT_THAT(error.what(), testing::HasSubstr("a b c"));
}

TEST(ConnectionChecks, ObjectSettings) {
  EXPECT_NO_THROW(check_object_settings(with("s3_server_side_encryption", "AES256")));
  EXPECT_NO_THROW(check_object_settings(with("s3_storage_class", "STANDARD_IA")));
  EXPECT_NO_THROW(check_object_settings(with("s3_acl", "bucket-owner-full-control")));
  EXPECT_ERROR(check_object_settings(with("s3_server_side_encryption", "rot13")), kInvalid);
  EXPECT_ERROR(check_object_settings(with("s3_storage_class", "cold")), kInvalid);
  EXPECT_ERROR(check_object_settings(with("s3_acl", "everyone")), kInvalid);
  EXPECT_ERROR(check_object_settings(with("s3_kms_key_id", "alias/a")), kInvalid) << "without KMS";
  Connection kms = with("s3_server_side_encryption", "aws:kms");
  kms.settings["s3_kms_key_id"] = "arn:aws:kms:us-east-1:123456789012:key/abc-1";
  EXPECT_NO_THROW(check_object_settings(kms));
  kms.settings["s3_kms_key_id"] = "a b";
  EXPECT_ERROR(check_object_settings(kms), kInvalid);
}

TEST(ConnectionChecks, EndpointsLoseTheirLastSlash) {
  Connection connection = with("sts_endpoint", "http://127.0.0.1:9000/");
  check_endpoint(connection, "sts_endpoint");
  EXPECT_EQ(connection.setting("sts_endpoint"), "http://127.0.0.1:9000");
  connection.settings["sts_endpoint"] = "sts.example.com";
  const Error error = caught([&] { check_endpoint(connection, "sts_endpoint"); });
  EXPECT_THAT(error.message(), testing::HasSubstr("sts_endpoint 'sts.example.com'"));
}

TEST(ConnectionChecks, ARefusedAddressShowsNoPassword) {
  for (const char* endpoint :
       {"https://user:HIDDEN@host", "https://host?key=HIDDEN", "https://u:HIDDEN@host:1#HIDDEN"}) {
    Connection connection;
    connection.settings["s3_endpoint"] = endpoint;
    const Error error = caught([&] { check_endpoint(connection, "s3_endpoint"); });
    EXPECT_THAT(error.what(), testing::AllOf(testing::HasSubstr("host"),
                                             testing::Not(testing::HasSubstr("HIDDEN"))));
  }
}

}  // namespace
}  // namespace sluice
