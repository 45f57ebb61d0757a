#include "domain/destination.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/caught.h"

namespace sluice {
namespace {

Connection connection_of(Service service) {
  Connection connection;
  connection.name = "store";
  connection.service = service;
  return connection;
}

Destination s3(std::string_view path) {
  return parse_destination(path, connection_of(Service::kS3));
}
Destination local(std::string_view path) {
  return parse_destination(path, connection_of(Service::kLocal));
}

TEST(Destination, BucketAndPrefix) {
  const Destination destination = s3("s3://my-bucket.x/a/b c");
  EXPECT_EQ(destination.service, Service::kS3);
  EXPECT_EQ(destination.bucket, "my-bucket.x");
  EXPECT_EQ(destination.prefix, "a/b c");
  EXPECT_EQ(local("local://a/b").prefix, "a/b");
  EXPECT_EQ(local("local://a/b").bucket, "");
}

TEST(Destination, EachServiceHasItsScheme) {
  for (const Service service : {Service::kGcsHmac, Service::kGcs, Service::kGcsServiceAccount}) {
    const Destination destination = parse_destination("gs://bucket/a", connection_of(service));
    EXPECT_EQ(destination.bucket, "bucket");
    EXPECT_EQ(destination.prefix, "a");
    EXPECT_EQ(destination.service, service);
    EXPECT_ERROR(parse_destination("s3://bucket/a", connection_of(service)), kInvalid);
  }
  EXPECT_EQ(parse_destination("s3://bucket", connection_of(Service::kS3IamRole)).bucket, "bucket");
  EXPECT_ERROR(s3("gs://bucket/a"), kInvalid);
  EXPECT_ERROR(local("gs://bucket/a"), kInvalid);
}

TEST(Destination, SlashesAtBothEndsGo) {
  for (const char* path : {"s3://bucket", "s3://bucket/", "s3://bucket//"}) {
    EXPECT_EQ(s3(path).prefix, "") << path;
  }
  EXPECT_EQ(s3("s3://bucket/a/").prefix, "a");
  EXPECT_EQ(local("local://").prefix, "");
  EXPECT_EQ(local("local:///a/").prefix, "a");
}

TEST(Destination, NothingLeavesItsFolder) {
  for (const char* path : {"local://..", "local://a/../b", "local://a/..", "local://./a",
                           "local://a//b", "local://a\\b", "local://a\nb", "local://a\x7f"}) {
    EXPECT_ERROR(local(path), kInvalid) << path;
  }
  EXPECT_ERROR(local("local://\xff"), kInvalid);
  EXPECT_ERROR(s3("s3://bucket/a/../b"), kInvalid);
  EXPECT_EQ(local("local://a..b/...").prefix, "a..b/...");
}

TEST(Destination, BucketNames) {
  for (const char* path : {"s3://", "s3:///a", "s3://ab/x", "s3://a b c/x", "s3://a..b/x",
                           "s3://bucket@host/x", "s3://b%75cket/x", "s3://b\xc3\xbc-cher/x"}) {
    EXPECT_ERROR(s3(path), kInvalid) << path;
  }
  EXPECT_ERROR(s3("s3://" + std::string(64, 'a')), kInvalid);
}

TEST(Destination, ThePrefixFitsIntoAKey) {
  EXPECT_EQ(s3("s3://bucket/" + std::string(1024, 'a')).prefix.size(), 1024U);
  EXPECT_ERROR(s3("s3://bucket/" + std::string(1025, 'a')), kInvalid);
}

TEST(Destination, TheSchemeIsTheConnections) {
  const Error error = caught([] { local("s3://bucket/x"); });
  EXPECT_EQ(error.code(), ErrorCode::kInvalid);
  EXPECT_THAT(error.what(), testing::HasSubstr("local://"));
  EXPECT_ERROR(s3("local://x"), kInvalid);
  for (const char* path : {"", "x", "/tmp/x", "gs://bucket/x", "file:///x", "S3://bucket/x"}) {
    EXPECT_ERROR(s3(path), kInvalid) << path;
  }
}

}  // namespace
}  // namespace sluice
