#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/api_world.h"

namespace sluice {
namespace {

using testing::HasSubstr;

struct EventsTest : testing::Test, ApiWorld {
  Answer send_events(const std::string& query, const std::string& body) {
    return send(request("POST", "/v0/events?" + query, body, "application/x-ndjson"));
  }
};

TEST_F(EventsTest, AnswersWhatBecameOfThem) {
  const Answer made = send_events("name=clicks", "{\"id\": 1}\n{\"id\": 2}\n");
  EXPECT_EQ(made.status, 202) << made.error();
  EXPECT_EQ(made.body["successful_rows"], 2);
  EXPECT_EQ(made.body["quarantined_rows"], 0);
  const Answer synced = send_events("name=clicks&wait=true", "{\"id\": 3}\n{\"id\": \"x\"}\n");
  EXPECT_EQ(synced.status, 200);
  EXPECT_EQ(synced.body["successful_rows"], 1);
  EXPECT_EQ(synced.body["quarantined_rows"], 1);
  EXPECT_EQ(get("/v0/datasources/clicks").body["statistics"]["row_count"], 3);
  EXPECT_THAT(get("/metrics").body.get<std::string>(), HasSubstr("sluice_events_rows_total 3\n"));
}

TEST_F(EventsTest, JsonAndFormTypesAreRowsAllTheSame) {
  for (const char* type : {"application/json", "application/x-www-form-urlencoded", ""}) {
    const DoorRequest event = request("POST", "/v0/events?name=clicks", "{\"id\": 1}\n", type);
    EXPECT_EQ(send(event).status, 202) << type;
  }
}

TEST_F(EventsTest, Refusals) {
  EXPECT_EQ(send_events("", "{\"id\": 1}\n").status, 400);
  EXPECT_EQ(send_events("name=clicks", "").status, 400);
  EXPECT_EQ(send_events("name=clicks&format=csv", "id\n1\n").status, 400);
  EXPECT_EQ(send_events("name=clicks&other=1", "{\"id\": 1}\n").status, 400);
  EXPECT_EQ(send_events("name=jobs_log", "{\"id\": 1}\n").status, 400);
  EXPECT_TRUE(get("/v0/datasources").body["datasources"].empty());
}

TEST_F(EventsTest, OnlyWhoMayCreateMakesADataSource) {
  tokens.put({"3", "filler", {"DATASOURCES:APPEND:clicks"}}, Secret("p.filler"), clock.now());
  tokens.put({"4", "maker", {"DATASOURCES:CREATE"}}, Secret("p.maker"), clock.now());
  const DoorRequest event = request("POST", "/v0/events?name=clicks", "{\"id\": 1}\n");
  EXPECT_EQ(send_as("p.reader", event).status, 403);
  EXPECT_EQ(send_as("p.filler", event).status, 404);
  EXPECT_EQ(send_as("p.maker", event).status, 202);
  EXPECT_EQ(send_as("p.filler", event).status, 202);
  EXPECT_EQ(send_as("p.filler", request("POST", "/v0/events?name=more", "{\"id\": 1}\n")).status,
            403);
}

}  // namespace
}  // namespace sluice
