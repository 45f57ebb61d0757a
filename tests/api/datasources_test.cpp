#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/api_world.h"

namespace sluice {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

struct DatasourcesTest : testing::Test, ApiWorld {
  Answer import(const std::string& query, const std::string& body = {}) {
    return send(request("POST", "/v0/datasources?" + query, body));
  }
  void make_shop() {
    const Answer made = import("name=shop&schema=id%20Int64,%20name%20String");
    ASSERT_EQ(made.status, 200) << made.error();
  }
  uint64_t rows() { return get("/v0/datasources/shop").body["statistics"]["row_count"]; }
};

TEST_F(DatasourcesTest, MadeFromFormOrQuery) {
  make_shop();
  const Answer by_form = post("/v0/datasources", "name=other&schema=a%20Int32&description=Other");
  EXPECT_EQ(by_form.status, 200) << by_form.error();
  EXPECT_EQ(by_form.body["datasource"]["description"], "Other");
  std::vector<std::string> names;
  const Answer all = get("/v0/datasources");
  for (const json& one : all.body.at("datasources")) names.push_back(one.at("name"));
  EXPECT_THAT(names, ElementsAre("other", "shop"));
  EXPECT_EQ(import("name=shop&schema=a%20Int32").status, 409);
  EXPECT_EQ(import("name=shop&mode=never").status, 400);
  EXPECT_EQ(import("schema=a%20Int32").status, 400);
}

TEST_F(DatasourcesTest, RowsAreTheBodyOrAPartOfAForm) {
  make_shop();
  const Answer told = import("name=shop&mode=append&format=csv", "id,name\n1,ann\nx,bob\n");
  EXPECT_EQ(told.body["successful_rows"], 1) << told.error();
  EXPECT_EQ(told.body["quarantine_rows"], 1);
  EXPECT_EQ(told.body["error"], false);
  DoorRequest form = request("POST", "/v0/datasources?name=shop&mode=append", "",
                             "multipart/form-data; boundary=x");
  form.parts.push_back({"file", "rows.ndjson", "", "{\"id\": 2, \"name\": \"cy\"}\n"});
  EXPECT_EQ(send(form).body["successful_rows"], 1);
  form.parts.push_back({"csv", "csv", "", "id,name\n1,ann\n"});
  EXPECT_EQ(send(form).status, 400) << "two files";
  EXPECT_EQ(rows(), 2U);
  EXPECT_EQ(import("name=shop&mode=append&url=file:///x.csv", "id\n").status, 403);
  EXPECT_EQ(import("name=shop&mode=append&format=xml", "id\n").status, 400);
  EXPECT_EQ(import("name=shop&mode=append").status, 400) << "no data";
}

TEST_F(DatasourcesTest, NotOneRowTakenIsAnError) {
  make_shop();
  const Answer told = import("name=shop&mode=append&format=csv", "id,name\nx,ann\ny,bob\n");
  EXPECT_EQ(told.status, 200);
  EXPECT_THAT(told.error(), HasSubstr("all 2 rows are in the quarantine"));
}

TEST_F(DatasourcesTest, Dialects) {
  make_shop();
  const std::string into = "name=shop&mode=append&format=csv&dialect_delimiter=";
  EXPECT_EQ(import(into + "%3B", "id;name\n1;ann\n").body["successful_rows"], 1);
  EXPECT_EQ(import(into + "tab", "id\tname\n1\tann\n").body["successful_rows"], 1);
  EXPECT_EQ(import(into + "%3B%3B", "id;;name\n").status, 400);
  EXPECT_EQ(import(into + "&dialect_escapechar=%5C", "id,name\n").status, 400);
  EXPECT_EQ(import(into + ",&dialect_header=false", "7,ann\n").body["successful_rows"], 1);
  EXPECT_EQ(import("name=shop&mode=replace&replace_condition=1", "id,name\n1,a\n").status, 400);
}

TEST_F(DatasourcesTest, ChangedEmptiedDeleted) {
  make_shop();
  import("name=shop&mode=append&format=csv", "id,name\n1,ann\n2,bob\n3,cy\n");
  EXPECT_EQ(put("/v0/datasources/shop", "description=Sold").body["description"], "Sold");
  EXPECT_EQ(post("/v0/datasources/shop/alter", "schema=id Int64, name String, more Nullable(Date)")
                .body["columns"]
                .size(),
            3U);
  EXPECT_EQ(post("/v0/datasources/shop/alter", "schema=id Int64&dry=true").status, 400);
  const Answer dry = post("/v0/datasources/shop/delete", "delete_condition=id>1&dry_run=true");
  EXPECT_EQ(dry.body["rows_to_be_deleted"], 2) << dry.error();
  EXPECT_EQ(rows(), 3U);
  EXPECT_EQ(post("/v0/datasources/shop/delete", "delete_condition=id>1").body["rows_affected"], 2);
  EXPECT_EQ(rows(), 1U);
  EXPECT_EQ(post("/v0/datasources/shop/delete").status, 400);
  EXPECT_EQ(post("/v0/datasources/shop/truncate").body["statistics"]["row_count"], 0);
  EXPECT_EQ(del("/v0/datasources/shop?dry_run=true").status, 204);
  EXPECT_EQ(get("/v0/datasources/shop").status, 200);
  EXPECT_EQ(del("/v0/datasources/shop").status, 204);
  EXPECT_EQ(get("/v0/datasources/shop").status, 404);
}

TEST_F(DatasourcesTest, PipesThatReadItAreNamed) {
  make_shop();
  pipe("sold", {"SELECT id FROM shop"});
  EXPECT_EQ(get("/v0/datasources/shop").body["used_by"][0]["name"], "sold");
  EXPECT_EQ(get("/v0/datasources").body["datasources"][0]["used_by"][0]["name"], "sold");
  const Answer refused = del("/v0/datasources/shop");
  EXPECT_EQ(refused.status, 403);
  EXPECT_THAT(refused.error(), HasSubstr("'sold'"));
  EXPECT_EQ(del("/v0/datasources/shop?force=true").status, 204);
}

TEST_F(DatasourcesTest, TextAndAnalysis) {
  make_shop();
  const Answer text = get("/v0/datasources/shop.datasource");
  EXPECT_EQ(text.body.get<std::string>().substr(0, 8), "SCHEMA >");
  const Answer told =
      send(request("POST", "/v0/analyze?format=ndjson", "{\"id\": 1}\n{\"id\": 2}\n"));
  EXPECT_EQ(told.body["analysis"]["columns"][0]["name"], "id") << told.error();
  EXPECT_EQ(send(request("POST", "/v0/analyze?format=ndjson")).status, 400);
}

TEST_F(DatasourcesTest, Scopes) {
  make_shop();
  tokens.put({"3", "filler", {"DATASOURCES:APPEND:shop"}}, Secret("p.filler"), clock.now());
  tokens.put({"4", "maker", {"DATASOURCES:CREATE"}}, Secret("p.maker"), clock.now());
  tokens.put({"5", "dropper", {"DATASOURCES:DROP:shop"}}, Secret("p.dropper"), clock.now());
  const auto as = [&](const char* value, const std::string& method, const std::string& target,
                      const std::string& body = {}) {
    return send_as(value, request(method, target, body)).status;
  };
  const std::string rows_of_one = "id,name\n1,ann\n";
  const std::string append = "/v0/datasources?name=shop&format=csv&mode=append";
  EXPECT_EQ(as("p.filler", "POST", append, rows_of_one), 200);
  EXPECT_EQ(as("p.maker", "POST", append, rows_of_one), 200);
  EXPECT_EQ(as("p.reader", "POST", append, rows_of_one), 403);
  EXPECT_EQ(
      as("p.filler", "POST", "/v0/datasources?name=shop&format=csv&mode=replace", rows_of_one),
      403);
  EXPECT_EQ(as("p.filler", "POST", "/v0/datasources?name=other&schema=a%20Int8"), 403);
  EXPECT_EQ(as("p.filler", "GET", "/v0/datasources/shop"), 200);
  EXPECT_EQ(as("p.dropper", "GET", "/v0/datasources/shop"), 403);
  EXPECT_EQ(as("p.filler", "POST", "/v0/datasources/shop/truncate"), 403);
  EXPECT_EQ(as("p.maker", "POST", "/v0/datasources/shop/truncate"), 200);
  EXPECT_EQ(as("p.maker", "DELETE", "/v0/datasources/shop"), 403);
  EXPECT_EQ(send_as("p.reader", request("GET", "/v0/datasources")).body["datasources"].size(), 0U);
  EXPECT_EQ(as("p.dropper", "DELETE", "/v0/datasources/shop"), 204);
}

}  // namespace
}  // namespace sluice
