#include "object_store/s3_call.h"

#include <gmock/gmock.h>

#include "base/encoding.h"
#include "base/hash.h"
#include "recording_client.h"
#include "stores.h"
#include "support/caught.h"
#include "support/scripted_client.h"

namespace sluice {
namespace {

class S3CallTest : public testing::Test {
 protected:
  S3Exchange exchange(const std::string& endpoint = "http://localhost:9000") {
    S3Options options = world_.options().s3;
    options.endpoint = endpoint;
    return {options, http_, world_.clock, world_.random};
  }
  static S3Call put(std::string_view bytes) {
    S3Call call{.doing = "writing k", .method = "PUT", .key = "k"};
    call.body = memory_body(bytes);
    return call;
  }
  S3World world_;
  RecordingClient http_{world_.s3};
};

TEST_F(S3CallTest, SignsThePayloadUnlessToldOtherwise) {
  EXPECT_FALSE(exchange().send(put("x")).fault);
  EXPECT_EQ(http_.last("X-Amz-Content-Sha256"), hex_encode(sha256("x")));
  S3Call call = put("x");
  call.unsigned_payload = true;
  EXPECT_FALSE(exchange("https://localhost:9000").send(call).fault);
  EXPECT_EQ(http_.last("X-Amz-Content-Sha256"), "UNSIGNED-PAYLOAD");
  EXPECT_EQ(exchange().send(call).fault.value().code, "XAmzContentSHA256Mismatch")
      << "the fake takes it over TLS only, as S3 does";
}

TEST_F(S3CallTest, KnowsTls) {
  EXPECT_FALSE(exchange().tls());
  EXPECT_TRUE(exchange("https://localhost:9000").tls());
}

TEST_F(S3CallTest, OtherBytesAreAFaultThatHealsOrEndsAsCorrupt) {
  S3Call call = put("x");
  int looked = 0;
  call.same_bytes = [&](const HttpResponse&) { return ++looked == 3; };
  EXPECT_FALSE(exchange().send(call).fault);
  EXPECT_EQ(looked, 3);
  call.same_bytes = [](const HttpResponse&) { return false; };
  const S3Exchange out = exchange();
  const S3Answer answer = out.send(call);
  ASSERT_TRUE(answer.fault);
  EXPECT_EQ(answer.fault->code, kOtherBytes);
  EXPECT_ERROR(out.fail(call, *answer.fault), kCorrupt);
}

TEST_F(S3CallTest, ABucketInAnotherRegionOfAwsIsAskedThere) {
  std::vector<std::string> urls;
  ScriptedClient aws([&](const ScriptedClient::Seen& seen) -> HttpResponse {
    urls.push_back(seen.request.url);
    if (urls.size() > 1) return {200, {}, ""};
    return {301,
            {{"x-amz-bucket-region", "eu-west-1"}},
            "<Error><Code>PermanentRedirect</Code></Error>"};
  });
  const auto asked = [&](const std::string& endpoint) {
    urls.clear();
    S3Options options = world_.options().s3;
    options.endpoint = endpoint;
    EXPECT_FALSE(S3Exchange(options, aws, world_.clock, world_.random).send(put("x")).fault);
    return urls.back();
  };
  EXPECT_EQ(asked(""), "https://bucket.s3.eu-west-1.amazonaws.com/k");
  EXPECT_EQ(asked("https://s3.dualstack.us-east-1.amazonaws.com"),
            "https://bucket.s3.dualstack.eu-west-1.amazonaws.com/k");
  EXPECT_EQ(asked("http://localhost:9000"), "http://localhost:9000/bucket/k");
}

TEST_F(S3CallTest, BadEndpointsAreInvalid) { EXPECT_ERROR(exchange("ftp://x"), kInvalid); }

}  // namespace
}  // namespace sluice
