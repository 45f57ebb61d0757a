#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/api_world.h"

namespace sluice {
namespace {

using testing::HasSubstr;

class NodeCallsTest : public testing::Test, protected ApiWorld {
 protected:
  NodeCallsTest() {
    pipe("p", {"SELECT id, region FROM shop.orders", "SELECT count(*) AS n FROM p_0"});
  }
  std::vector<std::string> names() {
    std::vector<std::string> all;
    const json pipe = get("/v0/pipes/p").body;
    for (const json& node : pipe.at("nodes")) all.push_back(node.at("name"));
    return all;
  }
  void refused(const Answer& answer, int status, const char* word) {
    EXPECT_EQ(answer.status, status);
    EXPECT_THAT(answer.error(), HasSubstr(word));
  }
};

TEST_F(NodeCallsTest, ANodeIsShownByNameAndId) {
  const Answer node = get("/v0/pipes/p/nodes/p_1");
  ASSERT_EQ(node.status, 200);
  EXPECT_EQ(get("/v0/pipes/p/nodes/" + node.body.at("id").get<std::string>()).body, node.body);
  refused(get("/v0/pipes/p/nodes/none"), 404, "'none'");
}

TEST_F(NodeCallsTest, AddedFromARawBody) {
  const Answer node = send(request("POST", "/v0/pipes/p/nodes?name=last", "SELECT n FROM p_1"));
  ASSERT_EQ(node.status, 200) << node.error();
  EXPECT_EQ(node.body.at("dependencies"), json({"p_1"}));
}

TEST_F(NodeCallsTest, Changed) {
  const Answer changed =
      put("/v0/pipes/p/nodes/p_1", "name=total&sql=SELECT+max(id)+AS+n+FROM+p_0&description=d");
  ASSERT_EQ(changed.status, 200) << changed.error();
  EXPECT_EQ(changed.body.at("name"), "total");
  EXPECT_EQ(changed.body.at("description"), "d");
  EXPECT_EQ(get("/v0/pipes/p/nodes/total").body, changed.body);
  const Answer raw = send(request("PUT", "/v0/pipes/p/nodes/total", "SELECT 7 AS n"));
  EXPECT_EQ(raw.body.at("sql"), "SELECT 7 AS n");
  EXPECT_EQ(raw.body.at("description"), "d") << "what is not said stays";
  EXPECT_EQ(put("/v0/pipes/p/nodes/total?position=0").status, 200);
  EXPECT_EQ(names(), (std::vector<std::string>{"total", "p_0"}));
  EXPECT_EQ(put("/v0/pipes/p/nodes/total?position=99").status, 200);
  EXPECT_EQ(names(), (std::vector<std::string>{"p_0", "total"}));
}

TEST_F(NodeCallsTest, ChangesThatAreRefusedChangeNothing) {
  const json before = get("/v0/pipes/p").body;
  refused(put("/v0/pipes/p/nodes/p_0", "name=other"), 400, "p_1");
  refused(put("/v0/pipes/p/nodes/p_0", "sql=SELEC"), 400, "syntax");
  refused(put("/v0/pipes/p/nodes/p_0", "sql="), 400, "no SQL");
  refused(put("/v0/pipes/p/nodes/p_0", "name=p_1"), 409, "p_1");
  refused(put("/v0/pipes/p/nodes/p_0", "name=a+b"), 400, "'a b'");
  refused(put("/v0/pipes/p/nodes/p_0", "position=1"), 400, "p_1");
  refused(put("/v0/pipes/p/nodes/p_0", "position=-1"), 400, "'-1'");
  refused(put("/v0/pipes/p/nodes/p_0", "colour=blue"), 400, "colour");
  refused(put("/v0/pipes/p/nodes/p_0", "sql=DELETE+FROM+shop.orders"), 403, "only read");
  EXPECT_EQ(get("/v0/pipes/p").body, before);
}

TEST_F(NodeCallsTest, DeletedUnlessSomethingNeedsIt) {
  refused(del("/v0/pipes/p/nodes/p_0"), 403, "'p_1' reads it");
  EXPECT_EQ(del("/v0/pipes/p/nodes/p_1").status, 204);
  EXPECT_EQ(names(), std::vector<std::string>{"p_0"});
  EXPECT_EQ(post("/v0/pipes/p/nodes/p_0/endpoint").status, 200);
  refused(del("/v0/pipes/p/nodes/p_0"), 403, "/endpoint");
}

TEST_F(NodeCallsTest, PublishedAndNotAnyMore) {
  const Answer published = post("/v0/pipes/p/nodes/p_1/endpoint?ignore_sql_errors=false");
  ASSERT_EQ(published.status, 200) << published.error();
  EXPECT_EQ(published.body.at("type"), "endpoint");
  EXPECT_EQ(published.body.at("endpoint"), published.body.at("nodes")[1].at("id"));
  EXPECT_EQ(published.body.at("nodes")[1].at("node_type"), "endpoint");
  const Answer moved = post("/v0/pipes/p/nodes/p_0/endpoint");
  EXPECT_EQ(moved.body.at("endpoint"), moved.body.at("nodes")[0].at("id"));
  refused(del("/v0/pipes/p/nodes/p_1/endpoint"), 400, "standard");
  EXPECT_EQ(del("/v0/pipes/p/nodes/p_0/endpoint").body.at("type"), "default");
}

TEST_F(NodeCallsTest, ASinkEndpointMaterializationAndCopyExcludeEachOther) {
  disk();
  const std::string sink = "/v0/pipes/p/nodes/p_1/sink";
  const std::string where = "connection=disk&path=local://out&file_template=all";
  for (const auto& [type, undo, is] :
       std::vector<std::tuple<const char*, std::string, const char*>>{
           {"endpoint", "endpoint", "an endpoint"},
           {"materialized", "materialization", "materializing"},
           {"copy", "copy", "copying"}}) {
    const json body = {{"name", "p"},
                       {"nodes",
                        {{{"name", "p_0"}, {"sql", "SELECT 1 AS a"}},
                         {{"name", "p_1"}, {"sql", "SELECT 2 AS a"}, {"type", type}}}}};
    ASSERT_EQ(post_json("/v0/pipes?force=true", body).status, 200);
    EXPECT_EQ(get("/v0/pipes/p").body.at("type"), type);
    const Answer refusal = post(sink, where);
    refused(refusal, 403, is);
    EXPECT_THAT(refusal.error(), HasSubstr("DELETE /v0/pipes/p/nodes/p_1/" + undo));
    if (std::string(type) != "endpoint") {
      refused(post("/v0/pipes/p/nodes/p_0/endpoint"), 403, is);
    }
    EXPECT_EQ(del("/v0/pipes/p/nodes/p_1/" + undo).status, 200);
    EXPECT_EQ(post(sink, where).status, 200);
    refused(post("/v0/pipes/p/nodes/p_1/endpoint"), 403, "already a sink");
    refused(del("/v0/pipes/p/nodes/p_1"), 403, "/sink");
    EXPECT_EQ(del(sink).status, 200);
  }
}

TEST_F(NodeCallsTest, WhoOnlyMakesPipesDoesNotChangeSinks) {
  make_sink();
  tokens.put({"9", "maker", {"PIPES:CREATE"}}, Secret("p.maker"), clock.now());
  for (const auto& [method, path] : std::vector<std::pair<std::string, std::string>>{
           {"PUT", "/v0/pipes/flights/nodes/flights_0?sql=SELECT+1"},
           {"DELETE", "/v0/pipes/flights/nodes/flights_0"},
           {"PUT", "/v0/pipes/flights?description=x"},
           {"POST", "/v0/pipes?force=true&name=flights&sql=SELECT+1"}}) {
    refused(send_as("p.maker", request(method, path)), 403, "ADMIN");
  }
  EXPECT_EQ(send_as("p.maker", request("PUT", "/v0/pipes/p/nodes/p_1?sql=SELECT+1")).status, 200);
}

TEST_F(NodeCallsTest, AChangeThatWouldBreakAScheduleIsRefused) {
  disk();
  const std::string where = "connection=disk&path=local://out&file_template={region}";
  ASSERT_EQ(post("/v0/pipes/p/nodes/p_0/sink", where + "&schedule_cron=@daily").status, 200);
  refused(put("/v0/pipes/p/nodes/p_0", "sql=SELECT+id+FROM+shop.orders"), 400, "region");
  EXPECT_EQ(put("/v0/pipes/p/nodes/p_0", "sql=SELECT+region+FROM+shop.orders").status, 200);
  EXPECT_EQ(get("/v0/pipes/p").body.at("schedule").at("cron"), "@daily") << "it stays";
}

}  // namespace
}  // namespace sluice
