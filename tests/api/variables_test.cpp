#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/api_world.h"

namespace sluice {
namespace {

using testing::HasSubstr;
using testing::Not;

class VariablesTest : public testing::Test, protected ApiWorld {
 protected:
  VariablesTest() {
    tokens.put({"9", "maker", {"PIPES:CREATE", "PIPES:READ"}}, Secret("p.maker"), clock.now());
  }
  static void refused(const Answer& answer, int status, const std::string& mention) {
    EXPECT_EQ(answer.status, status) << answer.error();
    EXPECT_THAT(answer.error(), HasSubstr(mention));
  }
  Answer by_maker(const std::string& method, const std::string& target) {
    return send_as("p.maker", request(method, target));
  }
};

TEST_F(VariablesTest, AreMadeChangedAndDeletedAndNeverShown) {
  const Answer made = post("/v0/variables", "name=pg_password&value=very-hidden&type=secret");
  ASSERT_EQ(made.status, 200) << made.error();
  EXPECT_EQ(made.body.at("type"), "secret");
  EXPECT_EQ(made.body.at("edited_by"), "token: 'admin'");
  EXPECT_THAT(made.body.at("created_at"), testing::MatchesRegex("....-..-..T..:..:.."));
  EXPECT_EQ(get("/v0/variables/pg_password").body, made.body);
  EXPECT_EQ(get("/v0/variables").body, (json{{"variables", {made.body}}}));
  clock.advance(std::chrono::hours(1));
  const Answer changed = put("/v0/variables/pg_password", "value=other-hidden");
  EXPECT_EQ(changed.body.at("created_at"), made.body.at("created_at"));
  EXPECT_NE(changed.body.at("updated_at"), made.body.at("updated_at"));
  EXPECT_EQ(variable_store.value("pg_password")->reveal(), "other-hidden");
  EXPECT_EQ(del("/v0/variables/pg_password").body, (json{{"ok", true}}));
  refused(get("/v0/variables/pg_password"), 404, "pg_password");
}

TEST_F(VariablesTest, BadCalls) {
  refused(post("/v0/variables", "value=x"), 400, "name");
  refused(post("/v0/variables", "name=a"), 400, "value");
  refused(post("/v0/variables", "name=a&value=x&type=plain"), 400, "'plain'");
  refused(post("/v0/variables", "name=a+b&value=x"), 400, "'a b'");
  refused(post("/v0/variables", "name=a&value=x&colour=red"), 400, "colour");
  refused(put("/v0/variables/none", "value=x"), 404, "none");
  refused(del("/v0/variables/none"), 404, "none");
  const Answer large = post("/v0/variables", "name=a&value=" + std::string(65537, 'x'));
  refused(large, 413, "65536");
  EXPECT_THAT(large.body.dump(), Not(HasSubstr("xxx")));
  ASSERT_EQ(post("/v0/variables", "name=a&value=x").status, 200);
  refused(post("/v0/variables", "name=a&value=y"), 409, "PUT /v0/variables/a");
  for (const auto& [method, path] :
       std::vector<std::pair<std::string, std::string>>{{"GET", "/v0/variables"},
                                                        {"GET", "/v0/variables/a"},
                                                        {"POST", "/v0/variables?name=b&value=x"},
                                                        {"PUT", "/v0/variables/a?value=x"},
                                                        {"DELETE", "/v0/variables/a"}}) {
    refused(by_maker(method, path), 403, "ADMIN");
  }
}

TEST_F(VariablesTest, OnlyAdminPutsThemIntoSql) {
  ASSERT_EQ(post("/v0/variables", "name=region&value=eu").status, 200);
  const std::string sql = "sql=%25SELECT+1+AS+a,+{{tb_secret('region')}}+AS+b";
  refused(by_maker("POST", "/v0/pipes?name=p&" + sql), 403, "use a secret (tb_secret) in SQL");
  ASSERT_EQ(by_maker("POST", "/v0/pipes?name=p&sql=SELECT+1+AS+a").status, 200);
  refused(by_maker("POST", "/v0/pipes/p/nodes?name=q&" + sql), 403, "tb_secret");
  refused(by_maker("PUT", "/v0/pipes/p/nodes/p_0?" + sql), 403, "tb_secret");
  EXPECT_EQ(by_maker("POST", "/v0/pipes/p/nodes?name=q&sql=SELECT+1").status, 200);
}

TEST_F(VariablesTest, OnlyAdminChangesAPipeThatUsesThem) {
  ASSERT_EQ(post("/v0/variables", "name=region&value=eu").status, 200);
  ASSERT_EQ(post_json("/v0/pipes",
                      {{"name", "p"},
                       {"nodes",
                        {{{"name", "all"}, {"sql", "%SELECT {{tb_secret('region')}} AS key"}},
                         {{"name", "part"}, {"sql", "SELECT length(key) AS n FROM \"all\""}}}}})
                .status,
            200);
  for (const auto& [method, path] : std::vector<std::pair<std::string, std::string>>{
           {"POST", "/v0/pipes/p/nodes?name=spy&sql=SELECT+key+FROM+\"all\""},
           {"PUT", "/v0/pipes/p/nodes/part?sql=SELECT+key+FROM+\"all\""},
           {"PUT", "/v0/pipes/p/nodes/all?sql=SELECT+1"},
           {"DELETE", "/v0/pipes/p/nodes/part"},
           {"POST", "/v0/pipes/p/nodes/all/endpoint"},
           {"PUT", "/v0/pipes/p?name=q"},
           {"POST", "/v0/pipes?name=p&force=true&sql=SELECT+1"}}) {
    refused(by_maker(method, path), 403, "ADMIN");
  }
  EXPECT_EQ(get("/v0/pipes/p").body.at("nodes").size(), 2U);
  EXPECT_EQ(result(resolve_query(pipe_catalog.get("p"), pipe_catalog.get("p").nodes[1], pipes, {})),
            "2");
}

TEST_F(VariablesTest, AMissingOneIsNamedBeforeAnythingIsWritten) {
  refused(post("/v0/pipes", "name=p&sql=%25SELECT+{{tb_secret('none')}}"), 400,
          "the secret 'none', which is not there");
  refused(post("/v0/pipes", "name=p&sql=%25SELECT+{{tb_secret(which)}}"), 400, "Line 1, column 21");
  refused(post("/v0/pipes", "name=p&sql=SELECT+tb_secret('none')"), 403, "{{tb_secret('name')}}");
  make_flights();
  ASSERT_EQ(post("/v0/variables", "name=region&value=eu").status, 200);
  ASSERT_EQ(put("/v0/pipes/flights/nodes/flights_0",
                "sql=%25SELECT+id+FROM+shop.orders+WHERE+region={{tb_secret('region')}}")
                .status,
            200);
  ASSERT_EQ(post("/v0/pipes/flights/nodes/flights_0/sink",
                 "connection=disk&path=local://out&file_template=all")
                .status,
            200);
  const std::string job = run_sink();
  ASSERT_EQ(del("/v0/variables/region").status, 200);
  refused(post("/v0/pipes/flights/sink"), 400, "'region'");
  ASSERT_TRUE(workers.run_one());
  EXPECT_EQ(get("/v0/jobs/" + job).body.at("status"), "error");
  EXPECT_THAT(get("/v0/jobs/" + job).body.at("error"), HasSubstr("'region'"));
  EXPECT_TRUE(bucket.objects().empty());
}

TEST_F(VariablesTest, APlanHoldsTheNameAndNotTheValue) {
  make_sink();
  ASSERT_EQ(post("/v0/variables", "name=region&value=very-hidden").status, 200);
  ASSERT_EQ(put("/v0/pipes/flights/nodes/flights_0",
                "sql=%25SELECT+id+FROM+shop.orders+WHERE+region!={{tb_secret('region')}}")
                .status,
            200);
  const std::string job = run_sink();
  const std::string plan = database.read([](SQLite::Database& state) {
    return state.execAndGet("SELECT plan FROM jobs").getString();
  });
  EXPECT_THAT(plan, HasSubstr("tb_secret('region')"));
  EXPECT_THAT(plan, Not(HasSubstr("very-hidden")));
  ASSERT_TRUE(workers.run_one());
  EXPECT_EQ(get("/v0/jobs/" + job).body.at("status"), "done");
  EXPECT_EQ(get("/v0/jobs/" + job).body.at("statistics").at("row_count"), 3);
}

}  // namespace
}  // namespace sluice
