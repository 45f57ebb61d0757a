#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/api_world.h"
#include "base/limits.h"

namespace sluice {
namespace {

using testing::HasSubstr;

class PipesApiTest : public testing::Test, protected ApiWorld {};

TEST_F(PipesApiTest, NameAndSqlMakeOneNode) {
  const Answer made = post("/v0/pipes", "name=flights&sql=SELECT+id+FROM+shop.orders");
  ASSERT_EQ(made.status, 200) << made.error();
  EXPECT_EQ(made.body.at("name"), "flights");
  ASSERT_EQ(made.body.at("nodes").size(), 1U);
  const json& node = made.body.at("nodes")[0];
  EXPECT_EQ(node.at("name"), "flights_0");
  EXPECT_EQ(node.at("sql"), "SELECT id FROM shop.orders");
  EXPECT_EQ(node.at("dependencies"), json({"shop.orders"}));
}

TEST_F(PipesApiTest, JsonMakesNodes) {
  const Answer made =
      post_json("/v0/pipes", {{"name", "p"},
                              {"description", "Two nodes"},
                              {"nodes",
                               {{{"name", "one"}, {"sql", "SELECT 1 AS a"}, {"type", "standard"}},
                                {{"sql", "SELECT a FROM one"}, {"description", "The second"}}}}});
  ASSERT_EQ(made.status, 200) << made.error();
  EXPECT_EQ(made.body.at("description"), "Two nodes");
  EXPECT_EQ(made.body.at("nodes")[1].at("name"), "p_1");
  EXPECT_EQ(made.body.at("nodes")[1].at("description"), "The second");
  EXPECT_EQ(made.body.at("nodes")[1].at("dependencies"), json({"one"}));
}

TEST_F(PipesApiTest, ParametersInTheQueryWithAnEmptyBody) {
  EXPECT_EQ(post("/v0/pipes?name=p&sql=SELECT%201&cli_version=5.0&__tb__semver=1").status, 200);
}

TEST_F(PipesApiTest, Refusals) {
  post("/v0/pipes", "name=taken&sql=SELECT+1");
  const std::vector<std::tuple<std::string, int, const char*>> bodies = {
      {"", 400, "name"},
      {"name=p", 400, "sql"},
      {"name=p&sql=", 400, "no SQL"},
      {"name=p&sql=SELEC", 400, "syntax"},
      {"name=p&sql=SELECT+1%3BSELECT+2", 400, "more than one"},
      {"name=p&sql=DELETE+FROM+shop.orders", 403, "only read"},
      {"name=p&sql=SELECT+*+FROM+state.jobs", 400, "no such table"},
      {"name=a+b&sql=SELECT+1", 400, "'a b'"},
      {"name=taken&sql=SELECT+1", 409, "taken"},
      {"name=p&sql=SELECT+1&squ=2", 400, "'squ'"},
      {"name=p&sql=SELECT+1&sql=SELECT+2", 400, "twice"},
      {"name=p&sql=%25+SELECT+{{x", 400, "Line 1, column 10"},
      {"name=p&sql=SELECT+%27%ff%27", 400, "UTF-8"}};
  for (const auto& [body, status, word] : bodies) {
    const Answer answer = post("/v0/pipes", body);
    EXPECT_EQ(answer.status, status) << body;
    EXPECT_THAT(answer.error(), HasSubstr(word)) << body;
  }
  const std::string large = "name=p&sql=SELECT+1+--" + std::string(limits::kSqlBytes, 'x');
  EXPECT_EQ(post("/v0/pipes", large).status, 413);
  EXPECT_EQ(get("/v0/pipes").body.at("pipes").size(), 1U);
}

TEST_F(PipesApiTest, RefusalsOfJson) {
  const std::vector<json> bodies = {
      {{"name", "p"}, {"nodes", "SELECT 1"}},
      {{"name", "p"}, {"nodes", json::array()}},
      {{"name", "p"}, {"nodes", {"SELECT 1"}}},
      {{"name", "p"}, {"nodes", {{{"name", "x"}}}}},
      {{"name", "p"}, {"nodes", {{{"sql", 1}}}}},
      {{"name", "p"}, {"sql", json::array()}},
      {{"name", json::object()}, {"sql", "SELECT 1"}},
      {{"name", "p"}, {"sql", "SELECT 1"}, {"nodes", {{{"sql", "SELECT 1"}}}}}};
  for (const json& body : bodies) {
    const Answer answer = post_json("/v0/pipes", body);
    EXPECT_EQ(answer.status, 400) << body;
    EXPECT_FALSE(answer.error().empty());
  }
}

TEST_F(PipesApiTest, ListAndOne) {
  EXPECT_EQ(get("/v0/pipes").body, json({{"pipes", json::array()}}));
  post("/v0/pipes", "name=b&sql=SELECT+1");
  const std::string id = post("/v0/pipes", "name=a&sql=SELECT+1").body.at("id");
  const Answer list = get("/v0/pipes");
  ASSERT_EQ(list.body.at("pipes").size(), 2U);
  EXPECT_EQ(list.body.at("pipes")[0].at("name"), "a");
  EXPECT_EQ(get("/v0/pipes/a").body.at("id"), id);
  EXPECT_EQ(get("/v0/pipes/" + id).body, get("/v0/pipes/a").body);
  EXPECT_EQ(get("/v0/pipes/c").status, 404);
}

TEST_F(PipesApiTest, Delete) {
  make_sink("&schedule_cron=@hourly");
  const Answer gone = del("/v0/pipes/flights");
  EXPECT_EQ(gone.status, 204);
  EXPECT_TRUE(gone.body.is_null());
  EXPECT_EQ(del("/v0/pipes/flights").status, 404);
  EXPECT_EQ(del("/v0/connectors/disk").status, 204) << "its sink went with it";
}

TEST_F(PipesApiTest, NodesAreAddedAsRawSqlFormOrJson) {
  post("/v0/pipes", "name=p&sql=SELECT+1+AS+a");
  const Answer raw = post("/v0/pipes/p/nodes?name=raw", "SELECT a + 1 AS a FROM p_0 -- 100%");
  ASSERT_EQ(raw.status, 200) << raw.error();
  EXPECT_EQ(raw.body.at("name"), "raw");
  EXPECT_EQ(raw.body.at("node_type"), "standard");
  EXPECT_EQ(raw.body.at("dependencies"), json({"p_0"}));
  EXPECT_EQ(post("/v0/pipes/p/nodes", "sql=SELECT+a+FROM+raw&name=form").status, 200);
  EXPECT_EQ(post_json("/v0/pipes/p/nodes", {{"sql", "SELECT 4"}}).body.at("name"), "p_3");
  EXPECT_EQ(get("/v0/pipes/p").body.at("nodes").size(), 4U);
}

TEST_F(PipesApiTest, RefusalsOfNodes) {
  post("/v0/pipes", "name=p&sql=SELECT+1+AS+a");
  EXPECT_EQ(post("/v0/pipes/nope/nodes", "SELECT 1").status, 404);
  EXPECT_EQ(post("/v0/pipes/p/nodes?name=p_0", "SELECT 1").status, 409);
  EXPECT_EQ(post("/v0/pipes/p/nodes?name=x", "").status, 400);
  EXPECT_EQ(post("/v0/pipes/p/nodes?name=x", "DROP TABLE shop.orders").status, 403);
  EXPECT_EQ(post("/v0/pipes/p/nodes?name=x&nmae=y", "SELECT 1").status, 400);
  EXPECT_EQ(post("/v0/pipes/p/nodes?name=p", "SELECT 1").status, 400);
  EXPECT_EQ(get("/v0/pipes/p").body.at("nodes").size(), 1U);
}

TEST_F(PipesApiTest, ASinkBesideTheNodes) {
  disk();
  const json body = {
      {"name", "p"},
      {"nodes",
       {{{"name", "a"}, {"sql", "SELECT 1 AS x"}, {"type", "sink"}, {"mode", "append"}},
        {{"name", "b"}, {"sql", "SELECT 2 AS x"}, {"type", "standard"}}}},
      {"service", "local"},
      {"connection", "disk"},
      {"schedule_cron", ""},
      {"path", "local://out"},
      {"file_template", "f"},
      {"format", "csv"},
      {"compression", nullptr},
      {"write_strategy", nullptr},
      {"strategy", "@new"},
      {"kafka_topic", nullptr}};
  const std::string target =
      "/v0/"
      "pipes?ignore_sql_errors=false&unlink_on_populate_error=false&branch_mode=None&cli_version=6";
  const Answer made = post_json(target, body);
  ASSERT_EQ(made.status, 200) << made.error();
  EXPECT_EQ(made.body.at("type"), "sink");
  EXPECT_EQ(made.body.at("sink_node"), made.body.at("nodes")[0].at("id"));
  EXPECT_EQ(post_json(target, body).status, 409);
  EXPECT_EQ(post_json(target + "&force=true", body).status, 200);
  json last = body;
  last["name"] = "q";
  last["nodes"][0].erase("type");
  last["service"] = nullptr;
  const Answer by_place = post_json(target, last);
  EXPECT_EQ(by_place.body.at("sink_node"), by_place.body.at("nodes")[1].at("id"))
      << "without a type the last node is the sink";
}

TEST_F(PipesApiTest, ASinkThatCanNotBeLeavesNoPipe) {
  disk();
  const json nodes = {{{"name", "a"}, {"sql", "SELECT 1 AS x"}, {"type", "sink"}}};
  const json good = {{"name", "p"},
                     {"nodes", nodes},
                     {"connection", "disk"},
                     {"path", "local://out"},
                     {"file_template", "f"}};
  for (const auto& [field, value, status] :
       std::vector<std::tuple<const char*, json, int>>{{"connection", nullptr, 400},
                                                       {"connection", "none", 404},
                                                       {"service", "s3", 400},
                                                       {"path", "s3://a/b", 400},
                                                       {"format", "exccel", 400},
                                                       {"file_template", "{", 400}}) {
    json bad = good;
    bad[field] = value;
    EXPECT_EQ(post_json("/v0/pipes", bad).status, status) << field;
  }
  json two = good;
  two["nodes"].push_back({{"name", "b"}, {"sql", "SELECT 1 AS x"}, {"type", "sink"}});
  EXPECT_THAT(post_json("/v0/pipes", two).error(), HasSubstr("one sink"));
  json roles = good;
  roles["nodes"].push_back({{"name", "b"}, {"sql", "SELECT 1 AS x"}, {"type", "copy"}});
  EXPECT_EQ(post_json("/v0/pipes", roles).status, 403);
  roles["nodes"][0]["type"] = "endpoint";
  EXPECT_THAT(post_json("/v0/pipes", roles).error(), HasSubstr("one such node"));
  roles["nodes"][0]["type"] = "stream";
  EXPECT_THAT(post_json("/v0/pipes", roles).error(), HasSubstr("'stream'"));
  EXPECT_EQ(get("/v0/pipes").body.at("pipes").size(), 0U);
  bucket.set_hook([](const std::string& call, const std::string&) {
    if (call == "probe") throw Error(ErrorCode::kForbidden, "No.");
  });
  EXPECT_EQ(post_json("/v0/pipes", good).status, 403);
  EXPECT_EQ(get("/v0/pipes").body.at("pipes").size(), 0U);
}

TEST_F(PipesApiTest, ForceReplacesAndKeepsTheId) {
  make_sink("&schedule_cron=@daily");
  const json before = get("/v0/pipes/flights").body;
  const Answer after = post("/v0/pipes?force=true", "name=flights&sql=SELECT+5+AS+five");
  ASSERT_EQ(after.status, 200) << after.error();
  EXPECT_EQ(after.body.at("id"), before.at("id"));
  EXPECT_EQ(after.body.at("created_at"), before.at("created_at"));
  EXPECT_EQ(after.body.at("nodes")[0].at("id"), before.at("nodes")[0].at("id"));
  EXPECT_EQ(after.body.at("nodes")[0].at("sql"), "SELECT 5 AS five");
  EXPECT_EQ(after.body.at("type"), "default") << "the sink was not asked for again";
  EXPECT_EQ(post("/v0/pipes?force=true", "name=fresh&sql=SELECT+5").status, 200);
  EXPECT_EQ(post("/v0/pipes?force=true", "name=flights&sql=SELEC").status, 400);
  EXPECT_EQ(get("/v0/pipes/flights").body, after.body);
}

TEST_F(PipesApiTest, NameAndDescriptionChange) {
  make_sink("&schedule_cron=@daily");
  const Answer changed = put("/v0/pipes/flights", "name=trips&description=all+of+them");
  ASSERT_EQ(changed.status, 200) << changed.error();
  EXPECT_EQ(changed.body.at("name"), "trips");
  EXPECT_EQ(changed.body.at("description"), "all of them");
  EXPECT_EQ(changed.body.at("type"), "sink");
  EXPECT_EQ(get("/v0/pipes/flights").status, 404);
  EXPECT_EQ(put("/v0/pipes/trips", "name=Trips").status, 200) << "only its case changes";
  post("/v0/pipes", "name=other&sql=SELECT+1");
  EXPECT_EQ(put("/v0/pipes/Trips", "name=other").status, 409);
  EXPECT_EQ(put("/v0/pipes/Trips", "name=other_0").status, 400);
  EXPECT_EQ(put("/v0/pipes/Trips", "name=a+b").status, 400);
  EXPECT_EQ(put("/v0/pipes/Trips", "colour=blue").status, 400);
}

TEST_F(PipesApiTest, TheTextOfAPipe) {
  make_sink();
  for (const char* path : {"/v0/pipes/flights.pipe", "/v1/pipes/flights.pipe"}) {
    const DoorResponse text = api.handle(request("GET", path));
    EXPECT_EQ(text.status, 200);
    EXPECT_EQ(text.content_type, "text/plain");
    EXPECT_THAT(text.body, HasSubstr("NODE flights_0\n"));
    EXPECT_THAT(text.body, HasSubstr("EXPORT_CONNECTION_NAME disk\n"));
  }
  EXPECT_EQ(get("/v0/pipes/none.pipe").status, 404);
  EXPECT_EQ(get("/v0/pipes/.pipe").status, 404);
}

}  // namespace
}  // namespace sluice
