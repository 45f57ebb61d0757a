#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/api_world.h"
#include "base/limits.h"

namespace sluice {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class JobEventsTest : public testing::Test, protected ApiWorld {
 protected:
  DoorResponse follow(const std::string& job, const std::string& seen = {}) {
    DoorRequest call = request("GET", "/v0/jobs/" + job + "/events");
    if (!seen.empty()) call.headers.push_back({"Last-Event-ID", seen});
    return api.handle(call);
  }
};

TEST_F(JobEventsTest, EachStateOnceAndThenTheEnd) {
  make_sink();
  const std::string id = run_sink();
  const DoorResponse response = follow(id);
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.content_type, "text/event-stream");
  ASSERT_TRUE(response.stream);
  const std::string first = *response.stream->next();
  EXPECT_THAT(first, StartsWith("event: job\nid: "));
  EXPECT_THAT(first, HasSubstr("\"status\":\"waiting\""));
  EXPECT_TRUE(first.ends_with("\n\n"));
  EXPECT_EQ(*response.stream->next(), "");
  clock.advance(std::chrono::seconds(20));
  EXPECT_EQ(*response.stream->next(), ": alive\n\n");
  ASSERT_TRUE(workers.run_one());
  const std::string last = *response.stream->next();
  EXPECT_THAT(last, StartsWith("event: end\nid: "));
  EXPECT_THAT(last, HasSubstr("\"status\":\"done\""));
  EXPECT_FALSE(response.stream->next());
  // A browser comes again, with the id of what it saw last.
  const std::string seen = last.substr(15, last.find('\n', 15) - 15);
  EXPECT_EQ(follow(id, seen).status, 204);
  EXPECT_EQ(follow(id, "0").status, 200);
}

TEST_F(JobEventsTest, BadOnes) {
  EXPECT_EQ(follow("none").status, 404);
  make_sink();
  EXPECT_EQ(get("/v0/jobs/" + run_sink() + "/events?colour=red").status, 400);
}

TEST_F(JobEventsTest, NotMoreThanThereMayBe) {
  make_sink();
  const std::string id = run_sink();
  std::vector<DoorResponse> open;
  while (open.size() < limits::kEventStreams) open.push_back(follow(id));
  EXPECT_EQ(follow(id).status, 429);
  open.pop_back();
  EXPECT_EQ(follow(id).status, 200);
}

}  // namespace
}  // namespace sluice
