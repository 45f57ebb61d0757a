#include "object_store/credential_source.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "support/caught.h"
#include "support/fake_clock.h"

namespace sluice {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

/// Issues keys `k1`, `k2`...; fails while told so.
class CredentialSourceTest : public testing::Test {
 protected:
  IssuedCredentials issue() {
    if (failing_) throw Error(ErrorCode::kUnavailable, "STS is away.");
    IssuedCredentials out{{"k" + std::to_string(++issued_), Secret("s"), Secret("t")}};
    if (lifetime_ > seconds(0)) out.expires_at = clock_.now() + lifetime_;
    return out;
  }
  std::string key() { return source_->get({}).access_key; }

  FakeClock clock_;
  int issued_ = 0;
  bool failing_ = false;
  seconds lifetime_ = minutes(60);
  std::shared_ptr<CredentialSource> source_ =
      refreshed_credentials([this](const std::stop_token&) { return issue(); }, clock_);
};

TEST_F(CredentialSourceTest, FixedOnesAreAlwaysTheSame) {
  const auto fixed = fixed_credentials({"a", Secret("b"), Secret("c")});
  EXPECT_EQ(fixed->get({}).access_key, "a");
  EXPECT_FALSE(fixed->renew(fixed->get({})));
}

TEST_F(CredentialSourceTest, LongOnesAreRefreshedFiveMinutesBeforeTheEnd) {
  EXPECT_EQ(key(), "k1");
  clock_.advance(minutes(54));
  EXPECT_EQ(key(), "k1");
  clock_.advance(minutes(1));
  EXPECT_EQ(key(), "k2");
  EXPECT_EQ(key(), "k2");
}

TEST_F(CredentialSourceTest, ShortOnesAreRefreshedInTheirLastQuarter) {
  lifetime_ = seconds(8);
  EXPECT_EQ(key(), "k1");
  clock_.advance(seconds(5));
  EXPECT_EQ(key(), "k1");
  clock_.advance(seconds(1));
  EXPECT_EQ(key(), "k2");
}

TEST_F(CredentialSourceTest, ThoseWithoutAnEndAreKept) {
  lifetime_ = seconds(0);
  EXPECT_EQ(key(), "k1");
  clock_.advance(std::chrono::hours(10000));
  EXPECT_EQ(key(), "k1");
}

TEST_F(CredentialSourceTest, TheOldOnesServeUntilTheirEndWhereNewOnesCanNotBeHad) {
  EXPECT_EQ(key(), "k1");
  failing_ = true;
  clock_.advance(minutes(57));
  EXPECT_EQ(key(), "k1");
  clock_.advance(minutes(3));
  EXPECT_ERROR(key(), kUnavailable);
  failing_ = false;
  EXPECT_EQ(key(), "k2");
}

TEST_F(CredentialSourceTest, RefusedOnesAreDroppedOnce) {
  const StoreCredentials first = source_->get({});
  EXPECT_TRUE(source_->renew(first));
  EXPECT_EQ(key(), "k2");
  // A second thread was refused with the same old keys.
  EXPECT_TRUE(source_->renew(first));
  EXPECT_EQ(key(), "k2");
}

}  // namespace
}  // namespace sluice
