#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/api_world.h"

namespace sluice {
namespace {

using testing::HasSubstr;

class SqlTest : public testing::Test, protected ApiWorld {
 protected:
  SqlTest() {
    make_source("events", "id,name\n1,a\n2,b\n");
    make_source("secrets", "key\nk\n");
    tokens.put({"3", "p.events", {"DATASOURCES:READ:events", "PIPES:READ:shown"}},
               Secret("p.events"), clock.now());
  }
  void make_source(const std::string& name, const std::string& csv) {
    const Answer made = send(
        request("POST", "/v0/datasources?mode=create&format=csv&name=" + name, csv, "text/csv"));
    ASSERT_EQ(made.status, 200) << made.error();
  }
  Answer sql_as(const std::string& token, const std::string& sql) {
    return send_as(token, request("POST", "/v0/sql", sql, "text/plain"));
  }
  /// An endpoint with a parameter, over a node with another.
  void make_endpoint() {
    post_json("/v0/pipes", json::parse(R"({"name": "shown", "nodes": [
      {"name": "first", "sql": "%\nSELECT id, region FROM shop.orders WHERE id >= {{Int32(least, 1)}}"},
      {"name": "result", "type": "endpoint",
       "sql": "%\nSELECT id FROM first WHERE region = {{String(region, required=True)}}"}]})"));
  }
};

TEST_F(SqlTest, OneStatementInAnyPlace) {
  const json expected = json::parse(R"([{"n": 3}])");
  EXPECT_EQ(get("/v0/sql?q=SELECT+count(*)+AS+n+FROM+shop.orders").body.at("data"), expected);
  EXPECT_EQ(post("/v0/sql", "q=SELECT+count(*)+AS+n+FROM+shop.orders").body.at("data"), expected);
  EXPECT_EQ(post_json("/v0/sql", {{"q", "SELECT count(*) AS n FROM shop.orders"}}).body.at("data"),
            expected);
  // As curl -d sends a statement.
  EXPECT_EQ(post("/v0/sql", "SELECT count(*) AS n FROM shop.orders").body.at("data"), expected);
  EXPECT_EQ(sql_as("p.admin", "SELECT count(*) AS n FROM shop.orders").body.at("data"), expected);
  // A form whose other fields come first.
  EXPECT_EQ(post("/v0/sql", "n=3&q=%25SELECT+{{Int32(n)}}+AS+n").body.at("data"), expected);
  EXPECT_EQ(get("/v0/sql").status, 400);
  EXPECT_EQ(post("/v0/sql", "  ").status, 400);
}

TEST_F(SqlTest, FormatsAndTheirMediaTypes) {
  const Answer csv = sql_as("p.admin", "SELECT id FROM events FORMAT CSVWithNames");
  EXPECT_EQ(csv.body, "id\n1\n2\n");
  EXPECT_EQ(sql_as("p.admin", "SELECT id FROM events FORMAT TSV").body, "1\n2\n");
  const Answer none = sql_as("p.admin", "SELECT id FROM events FORMAT Avro");
  EXPECT_EQ(none.status, 400);
  EXPECT_THAT(none.error(), HasSubstr("Parquet"));
  EXPECT_EQ(get("/v0/sql?output_format_json_quote_64bit_integers=1&q=SELECT+1+AS+a")
                .body.at("data")
                .at(0)
                .at("a"),
            "1");
}

TEST_F(SqlTest, AStatementMayBeATemplate) {
  const std::string sql = "%25SELECT+{{Int32(a)}}%2B1+AS+b";
  EXPECT_EQ(get("/v0/sql?a=4&q=" + sql).body.at("data").at(0).at("b"), 5);
  const Answer missing = get("/v0/sql?q=" + sql);
  EXPECT_EQ(missing.status, 400);
  EXPECT_THAT(missing.error(), HasSubstr("Line 1"));
  EXPECT_EQ(get("/v0/sql?a=x&q=" + sql).status, 400);
}

TEST_F(SqlTest, WhoIsNoAdminNeedsARightForEachThing) {
  pipe("shown", {"SELECT key FROM secrets"});
  pipe("hidden", {"SELECT 1 AS one"});
  EXPECT_EQ(sql_as("p.events", "SELECT id FROM events").body.at("rows"), 2);
  EXPECT_EQ(sql_as("p.events", "SELECT count(*) FROM events_quarantine").status, 200);
  EXPECT_EQ(sql_as("p.events", "SELECT key FROM shown").body.at("rows"), 1) << "through the pipe";
  EXPECT_EQ(sql_as("p.events", "SELECT 1").status, 200);
  for (const char* sql :
       {"SELECT key FROM secrets", "SELECT * FROM hidden", "SELECT * FROM shop.orders",
        "SELECT * FROM jobs_log", "WITH shown AS (SELECT key FROM secrets) SELECT * FROM shown"}) {
    const Answer answer = sql_as("p.events", sql);
    EXPECT_EQ(answer.status, 403) << sql;
    EXPECT_THAT(answer.error(), HasSubstr("PIPES:READ")) << sql;
  }
  EXPECT_EQ(sql_as("p.reader", "SELECT id FROM events").status, 403);
}

TEST_F(SqlTest, EndpointsTakeParameters) {
  make_endpoint();
  EXPECT_EQ(get("/v0/pipes/shown.json?region=eu").body.at("data"),
            json::parse(R"([{"id": 1}, {"id": 3}])"));
  EXPECT_EQ(get("/v0/pipes/shown.csv?region=eu&least=2").body, "id\n3\n");
  EXPECT_EQ(post("/v0/pipes/shown.ndjson", "region=us").body, "{\"id\":2}\n");
  EXPECT_EQ(post_json("/v0/pipes/shown.json", {{"region", "eu"}, {"least", 3}}).body.at("rows"), 1);
  EXPECT_THAT(get("/v0/pipes/shown.parquet?region=eu").body.get<std::string>(),
              testing::StartsWith("PAR1"));
  const Answer missing = get("/v0/pipes/shown.json");
  EXPECT_EQ(missing.status, 400);
  EXPECT_THAT(missing.error(), AllOf(HasSubstr("region"), HasSubstr("Line 2")));
  EXPECT_EQ(get("/v0/pipes/shown.json?region=eu&least=many").status, 400);
}

TEST_F(SqlTest, EndpointsAreForWhoMayReadThePipe) {
  make_endpoint();
  const auto as = [&](const std::string& token, const std::string& target) {
    return send_as(token, request("GET", target)).status;
  };
  EXPECT_EQ(as("p.events", "/v0/pipes/shown.json?region=eu"), 200);
  EXPECT_EQ(as("p.reader", "/v0/pipes/shown.json?region=eu"), 403);
  EXPECT_EQ(as("p.events", "/v0/pipes/shown.json?region=eu&q=SELECT+count(*)+FROM+_"), 200);
  EXPECT_EQ(as("p.admin", "/v0/pipes/shown.json?region=eu&q=SELECT+*+FROM+first"), 403);
  EXPECT_EQ(as("p.events", "/v0/pipes/shown.json?region=eu&q=SELECT+*+FROM+events"), 403);
  EXPECT_EQ(as("p.events", "/v0/sql?pipeline=shown&region=eu&q=SELECT+_.id+FROM+_,events"), 200);
  EXPECT_EQ(as("p.reader", "/v0/sql?pipeline=shown&region=eu&q=SELECT+*+FROM+_"), 403);
}

TEST_F(SqlTest, StatementsOverAPipesResult) {
  make_endpoint();
  EXPECT_EQ(get("/v0/pipes/shown.json?region=eu&q=SELECT+max(id)+AS+m+FROM+_").body.at("data"),
            json::parse(R"([{"m": 3}])"));
  EXPECT_EQ(get("/v0/sql?pipeline=shown&region=eu&q=SELECT+max(id)+AS+m+FROM+_+FORMAT+CSV").body,
            "3\n");
  EXPECT_EQ(get("/v0/pipes/shown.csv?region=eu&q=SELECT+1+FROM+_+FORMAT+CSV").status, 400);
  EXPECT_EQ(get("/v0/sql?pipeline=nope&q=SELECT+1+FROM+_").status, 404);
}

TEST_F(SqlTest, WhatIsNoEndpoint) {
  make_flights();
  const Answer plain = get("/v0/pipes/flights.json");
  EXPECT_EQ(plain.status, 404);
  EXPECT_THAT(plain.error(), HasSubstr("endpoint"));
  EXPECT_EQ(get("/v0/pipes/nope.json").status, 404);
  const Answer format = get("/v0/pipes/flights.xml");
  EXPECT_EQ(format.status, 404);
  EXPECT_THAT(format.error(), HasSubstr(".parquet"));
  EXPECT_EQ(get("/v0/pipes/flights.pipe").status, 200) << "which is another route";
}

TEST_F(SqlTest, LimitsHaveTheirStatus) {
  const Answer large = sql_as("p.admin", "SELECT zeroblob(70000) AS a");
  EXPECT_EQ(large.status, 413);
  const std::string many(200 * 1024, ' ');
  EXPECT_EQ(sql_as("p.admin", "SELECT 1" + many + "+ 1").status, 413);
  EXPECT_EQ(sql_as("p.admin", "DELETE FROM events").status, 403);
}

TEST_F(SqlTest, CompressedForWhoTakesIt) {
  DoorRequest call =
      request("POST", "/v0/sql", "SELECT printf('%.*c', 3000, 'x') AS a", "text/plain");
  const auto encoding = [&](const std::string& accepted) {
    DoorRequest asking = call;
    asking.headers.push_back({"Accept-Encoding", accepted});
    const DoorResponse response = api.handle(asking);
    EXPECT_EQ(response.status, 200);
    const Header* header = find_header(response.headers, "Content-Encoding");
    return header == nullptr ? "" : header->value;
  };
  EXPECT_EQ(encoding("br, gzip"), "gzip");
  EXPECT_EQ(encoding("GZIP;q=0.5"), "gzip");
  EXPECT_EQ(encoding("gzip;q=0, br"), "");
  EXPECT_EQ(encoding("identity"), "");
}

}  // namespace
}  // namespace sluice
