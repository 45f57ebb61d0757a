#include "object_store/s3_address.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace sluice {
namespace {

void expect(const std::string& endpoint, const std::string& bucket, bool path_style,
            const std::string& origin, const std::string& host, const std::string& path) {
  const S3Address address = s3_address(endpoint, "eu-west-1", bucket, path_style);
  EXPECT_EQ(address.origin, origin) << endpoint;
  EXPECT_EQ(address.host, host) << endpoint;
  EXPECT_EQ(address.bucket_path, path) << endpoint;
}

TEST(S3Address, PutsTheBucketIntoTheHostWhereItFits) {
  expect("", "bucket", false, "https://bucket.s3.eu-west-1.amazonaws.com",
         "bucket.s3.eu-west-1.amazonaws.com", "");
  expect("store.example.org", "bucket", false, "https://bucket.store.example.org",
         "bucket.store.example.org", "");
  expect("HTTP://Store.example.org:9000/", "my.bucket", false,
         "http://my.bucket.store.example.org:9000", "my.bucket.store.example.org:9000", "");
}

TEST(S3Address, PutsTheBucketIntoThePathWhereAskedOrNeeded) {
  expect("https://store.example.org", "bucket", true, "https://store.example.org",
         "store.example.org", "/bucket");
  expect("http://127.0.0.1:9000", "bucket", false, "http://127.0.0.1:9000", "127.0.0.1:9000",
         "/bucket");
  expect("http://[::1]:9000", "bucket", false, "http://[::1]:9000", "[::1]:9000", "/bucket");
  expect("http://localhost:9000", "bucket", false, "http://localhost:9000", "localhost:9000",
         "/bucket");
  expect("", "my.bucket", false, "https://s3.eu-west-1.amazonaws.com", "s3.eu-west-1.amazonaws.com",
         "/my.bucket");
  expect("http://store.example.org", "Old_Bucket", false, "http://store.example.org",
         "store.example.org", "/Old_Bucket");
}

TEST(S3Address, LeavesOutDefaultPortsAsTheHostHeaderDoes) {
  expect("https://a.example:443", "bucket", true, "https://a.example", "a.example", "/bucket");
  expect("http://a.example:80", "bucket", true, "http://a.example", "a.example", "/bucket");
  expect("http://a.example:443", "bucket", true, "http://a.example:443", "a.example:443",
         "/bucket");
}

TEST(S3Address, KnowsTheChinesePartition) {
  EXPECT_EQ(s3_address("", "cn-north-1", "bucket", true).host, "s3.cn-north-1.amazonaws.com.cn");
}

TEST(S3Address, RefusesWhatIsNoAddress) {
  for (const char* endpoint :
       {"ftp://a", "http://", "https://user@host", "http://host/path", "http://host?x",
        "http://a b", "http://host:port", "http://host:999999", "http://%41"}) {
    try {
      s3_address(endpoint, "eu-west-1", "bucket", false);
      ADD_FAILURE() << endpoint;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kInvalid);
    }
  }
}

}  // namespace
}  // namespace sluice
