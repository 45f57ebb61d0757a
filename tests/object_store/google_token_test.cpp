#include "object_store/google_token.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "support/caught.h"
#include "support/fake_clock.h"
#include "support/fake_random.h"
#include "support/rsa_key.h"
#include "support/scripted_client.h"

namespace sluice {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

// That the signature is right, PyJWT says in tests/e2e/test_gcs.py.
class GoogleTokensTest : public testing::Test {
 protected:
  static GoogleAccount account() {
    return {"sluice@project.iam.gserviceaccount.com", Secret(kTestKey), "key-1",
            "https://oauth2.test/token"};
  }
  GoogleTokens tokens(HttpClient& http) { return {account(), http, clock_, random_}; }
  Error error_for(int status, const std::string& body) {
    ScriptedClient http([&](const auto&) { return HttpResponse{status, {}, body}; });
    const Error error = caught([&] { tokens(http).get({}); });
    calls_ = http.seen().size();
    return error;
  }

  FakeClock clock_;
  FakeRandom random_;
  size_t calls_ = 0;
};

TEST_F(GoogleTokensTest, AnAssertionHasThreeParts) {
  const std::string text = google_assertion(account(), clock_.now());
  EXPECT_THAT(text, StartsWith("eyJ"));
  EXPECT_EQ(std::count(text.begin(), text.end(), '.'), 2);
  EXPECT_EQ(text.find_first_of("+/="), std::string::npos);
  EXPECT_EQ(text, google_assertion(account(), clock_.now()));
  clock_.advance(std::chrono::seconds(1));
  EXPECT_NE(text, google_assertion(account(), clock_.now()));
}

TEST_F(GoogleTokensTest, AreCachedAndRefreshed) {
  int issued = 0;
  ScriptedClient http([&](const auto&) {
    return HttpResponse{
        200, {}, R"({"access_token":"t)" + std::to_string(++issued) + R"(","expires_in":3600})"};
  });
  GoogleTokens tokens = this->tokens(http);
  EXPECT_EQ(tokens.get({}).reveal(), "t1");
  EXPECT_EQ(tokens.get({}).reveal(), "t1");
  clock_.advance(std::chrono::minutes(55));
  EXPECT_EQ(tokens.get({}).reveal(), "t2");
  tokens.renew(Secret("t1"));
  EXPECT_EQ(tokens.get({}).reveal(), "t2");
  tokens.renew(Secret("t2"));
  EXPECT_EQ(tokens.get({}).reveal(), "t3");
  EXPECT_EQ(http.seen().at(0).request.url, "https://oauth2.test/token");
  EXPECT_THAT(http.seen().at(0).body,
              StartsWith("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer"
                         "&assertion=eyJ"));
}

TEST_F(GoogleTokensTest, RefusalsSayWhoseAndWhy) {
  const Error error =
      error_for(400, R"({"error":"invalid_grant","error_description":"Invalid JWT Signature."})");
  EXPECT_EQ(error.code(), ErrorCode::kUnauthenticated);
  EXPECT_THAT(error.message(), HasSubstr("sluice@project"));
  EXPECT_THAT(error.message(), HasSubstr("invalid_grant, Invalid JWT Signature."));
  EXPECT_EQ(calls_, 1U);
  EXPECT_EQ(error_for(401, "").code(), ErrorCode::kUnauthenticated);
}

TEST_F(GoogleTokensTest, TroubleIsWaitedOut) {
  EXPECT_EQ(error_for(503, "").code(), ErrorCode::kUnavailable);
  EXPECT_EQ(calls_, 5U);
  for (const char* body : {"", "[]", "{}", R"({"access_token":7})"}) {
    EXPECT_EQ(error_for(200, body).code(), ErrorCode::kUnavailable) << body;
  }
}

}  // namespace
}  // namespace sluice
