#include "state/webhook_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "base/error.h"
#include "state/pipe_store.h"
#include "support/caught.h"
#include "support/fake_random.h"
#include "support/samples.h"
#include "support/temp_folder.h"

namespace sluice {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class WebhookStoreTest : public testing::Test {
 protected:
  static Webhook webhook(const std::string& id, const std::string& pipe_id = "") {
    Webhook webhook;
    webhook.id = id;
    webhook.pipe_id = pipe_id;
    webhook.events = {WebhookEvent::kDone};
    webhook.address = "https://a.example";
    webhook.url = Secret("https://a.example/very-secret-path");
    webhook.key = Secret(std::string("\0\xff key", 6));
    webhook.created_at = kMorning;
    return webhook;
  }
  void deliver(const std::string& id, const std::string& webhook_id, int minute) {
    database_.write([&](SQLite::Database& database) {
      SQLite::Statement insert(database,
                               "INSERT INTO webhook_deliveries (id, webhook_id, event, body, "
                               "created_at, next_at) VALUES (?, ?, 'done', '{}', ?3, ?3)");
      insert.bind(1, id);
      insert.bind(2, webhook_id);
      insert.bind(3, format_timestamp(kMorning + minutes(minute)));
      insert.exec();
    });
  }
  std::vector<std::string> due(Timestamp now) {
    std::vector<std::string> ids;
    for (const WebhookDelivery& one : store_.due(now, 10)) ids.push_back(one.id);
    return ids;
  }

  TestFolder folder_;
  FakeRandom random_;
  StateDatabase database_{folder_ / "state.db"};
  PipeStore pipes_{database_};
  WebhookStore store_{database_, Secret(std::string(32, 'k')), random_};
};

TEST_F(WebhookStoreTest, KeptWithItsSecretsSealed) {
  pipes_.insert(sample_pipe("flights"));
  store_.insert(webhook("1", "t_pipe_flights"), 5);
  const Webhook found = *store_.find("1");
  EXPECT_EQ(found.url.reveal(), "https://a.example/very-secret-path");
  EXPECT_EQ(found.key.reveal(), std::string("\0\xff key", 6));
  EXPECT_EQ(found.pipe_name, "flights");
  EXPECT_EQ(found.events, std::set{WebhookEvent::kDone});
  EXPECT_EQ(store_.all().size(), 1U);
  EXPECT_FALSE(store_.find("2"));
  for (const char* file : {"state.db", "state.db-wal"}) {
    std::ifstream stream(folder_ / file, std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(stream)), {});
    EXPECT_THAT(bytes, Not(HasSubstr("very-secret-path"))) << file;
  }
}

TEST_F(WebhookStoreTest, AsManyAsThereMayBe) {
  store_.insert(webhook("1"), 1);
  EXPECT_EQ(caught([&] { store_.insert(webhook("2"), 1); }).code(), ErrorCode::kTooMany);
}

TEST_F(WebhookStoreTest, GoesWithItsPipeAndTakesItsMessagesAlong) {
  pipes_.insert(sample_pipe("flights"));
  store_.insert(webhook("1", "t_pipe_flights"), 5);
  deliver("m1", "1", 0);
  pipes_.remove("t_pipe_flights");
  EXPECT_THAT(store_.all(), IsEmpty());
  EXPECT_THAT(due(kMorning), IsEmpty());
  store_.insert(webhook("2"), 5);
  deliver("m2", "2", 0);
  EXPECT_TRUE(store_.remove("2"));
  EXPECT_FALSE(store_.remove("2"));
  EXPECT_THAT(due(kMorning), IsEmpty());
}

TEST_F(WebhookStoreTest, DueInOrderAndSettled) {
  store_.insert(webhook("1"), 5);
  deliver("late", "1", 5);
  deliver("first", "1", 1);
  deliver("second", "1", 2);
  EXPECT_EQ(store_.next_due(), kMorning + minutes(1));
  EXPECT_EQ(due(kMorning + minutes(2)), (std::vector<std::string>{"first", "second"}));
  WebhookDelivery sent = store_.due(kMorning + minutes(2), 1).at(0);
  sent.attempt = 1;
  sent.next_at = std::nullopt;
  sent.delivered_at = kMorning + minutes(3);
  sent.http_status = 204;
  store_.settle(sent);
  EXPECT_EQ(due(kMorning + minutes(2)), (std::vector<std::string>{"second"}));
  const WebhookDelivery kept = store_.deliveries("1", 10).back();
  EXPECT_EQ(kept.id, "first");
  EXPECT_EQ(kept.http_status, 204);
  EXPECT_EQ(kept.delivered_at, kMorning + minutes(3));
}

TEST_F(WebhookStoreTest, AReceiverThatFailsIsLeftAloneForAWhile) {
  store_.insert(webhook("1"), 5);
  store_.insert(webhook("2"), 5);
  deliver("a", "1", 0);
  deliver("b", "1", 0);
  deliver("c", "2", 0);
  WebhookDelivery failed = store_.due(kMorning, 1).at(0);
  failed.attempt = 1;
  failed.next_at = kMorning + seconds(5);
  failed.error = "It answered 500.";
  store_.settle(failed);
  EXPECT_EQ(due(kMorning), (std::vector<std::string>{"c"}));
  EXPECT_EQ(due(kMorning + seconds(5)).size(), 3U);
}

}  // namespace
}  // namespace sluice
