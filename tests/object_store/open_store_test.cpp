#include "object_store/open_store.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "base/error.h"
#include "support/fake_clock.h"
#include "support/fake_random.h"
#include "support/temp_folder.h"

namespace sluice {
namespace {

/// Refuses every request, and remembers it.
class RefusingClient final : public HttpClient {
 public:
  HttpResponse send(const HttpRequest& request) override {
    requests.push_back(request);
    return {403, {}, "<Error><Code>AccessDenied</Code><Message>no</Message></Error>"};
  }
  std::vector<HttpRequest> requests;
};

class OpenStoreTest : public testing::Test {
 protected:
  static Connection s3_connection() {
    return make_connection(Service::kS3, "lake",
                           {{"s3_access_key_id", "AKIATEST"},
                            {"s3_secret_access_key", "the-secret"},
                            {"s3_session_token", "the-session"},
                            {"s3_region", "eu-south-2"},
                            {"s3_endpoint", "http://store.test:9000"},
                            {"s3_path_style", "true"}});
  }

  TestFolder folder_;
  RefusingClient http_;
  FakeClock clock_;
  FakeRandom random_;
  std::unique_ptr<StoreOpener> opener_ = make_store_opener(
      {folder_.path() + "/objects", folder_.path() + "/spool"}, http_, clock_, random_);
};

TEST_F(OpenStoreTest, LocalConnectionWritesUnderItsOwnRoot) {
  const Connection connection = make_connection(Service::kLocal, "disk", {{"root", "box"}});
  const auto store = opener_->open(connection, parse_destination("local://a", connection), {});
  auto object = store->stage("a/f.csv", {.job_id = "job-1"});
  object->write("x");
  object->finish();
  EXPECT_FALSE(std::filesystem::exists(folder_.path() + "/objects/box/a/f.csv"));
  EXPECT_EQ(store->publish(object->ticket()), PublishResult::kPublished);
  EXPECT_TRUE(std::filesystem::exists(folder_.path() + "/objects/box/a/f.csv"));
  EXPECT_TRUE(http_.requests.empty());
}

TEST_F(OpenStoreTest, S3ConnectionGivesItsSettingsToTheRequests) {
  const Connection connection = s3_connection();
  const auto store = opener_->open(connection, parse_destination("s3://bucket/a", connection), {});
  EXPECT_TRUE(http_.requests.empty()) << "opening asks nothing";
  EXPECT_THROW(store->probe("a"), Error);
  ASSERT_FALSE(http_.requests.empty());
  const HttpRequest& request = http_.requests.front();
  EXPECT_TRUE(request.url.starts_with("http://store.test:9000/bucket/a/")) << request.url;
  std::string headers;
  for (const HttpHeader& header : request.headers)
    headers += header.name + "=" + header.value + "\n";
  EXPECT_NE(headers.find("AKIATEST"), std::string::npos);
  EXPECT_NE(headers.find("/eu-south-2/s3/aws4_request"), std::string::npos);
  EXPECT_NE(headers.find("the-session"), std::string::npos);
  EXPECT_EQ(headers.find("the-secret"), std::string::npos);
}

TEST_F(OpenStoreTest, StopEndsTheStoresRequests) {
  const Connection connection = s3_connection();
  std::stop_source stop;
  const auto store =
      opener_->open(connection, parse_destination("s3://bucket/a", connection), {stop.get_token()});
  EXPECT_THROW(store->probe("a"), Error);
  ASSERT_FALSE(http_.requests.empty());
  stop.request_stop();
  EXPECT_TRUE(http_.requests.front().stop.stop_requested());
}

}  // namespace
}  // namespace sluice
