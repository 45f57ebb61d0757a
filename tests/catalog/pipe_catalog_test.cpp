#include "catalog/pipe_catalog.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/limits.h"
#include "catalog/catalog_world.h"
#include "support/caught.h"

namespace sluice {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class PipeCatalogTest : public testing::Test, protected CatalogWorld {};

TEST_F(PipeCatalogTest, APipeIsStoredWithIdsTimesAndDependencies) {
  const Pipe made = pipe_catalog.create("p", "A pipe",
                                        {{"first", "SELECT id FROM shop.orders", {}},
                                         {"second", "SELECT id FROM first", "The second"}});
  const Pipe stored = pipe_catalog.get("p");
  EXPECT_EQ(stored.id, made.id);
  EXPECT_THAT(stored.id, testing::MatchesRegex("t_[0-9a-f]{32}"));
  EXPECT_EQ(stored.description, "A pipe");
  EXPECT_EQ(stored.created_at, clock.now());
  ASSERT_EQ(stored.nodes.size(), 2U);
  EXPECT_THAT(stored.nodes[0].id, testing::MatchesRegex("t_[0-9a-f]{32}"));
  EXPECT_THAT(stored.nodes[0].dependencies, ElementsAre("shop.orders"));
  EXPECT_THAT(stored.nodes[1].dependencies, ElementsAre("first"));
  EXPECT_EQ(stored.nodes[1].description, "The second");
  EXPECT_EQ(pipe_catalog.get(made.id).name, "p");
}

TEST_F(PipeCatalogTest, BadSqlIsToldByNodeAndNothingIsStored) {
  const std::vector<std::pair<std::string, ErrorCode>> statements = {
      {"", ErrorCode::kInvalid},
      {"  \n", ErrorCode::kInvalid},
      {"SELEC 1", ErrorCode::kInvalid},
      {"SELECT 1; SELECT 2", ErrorCode::kInvalid},
      {"SELECT * FROM state.jobs", ErrorCode::kInvalid},
      {"SELECT '\xff'", ErrorCode::kInvalid},
      {"% SELECT {{x", ErrorCode::kInvalid},
      {"\n%DELETE FROM shop.orders WHERE id = {{Int32(x)}}", ErrorCode::kForbidden},
      {"DELETE FROM shop.orders", ErrorCode::kForbidden},
      {"ATTACH 'state.db' AS s", ErrorCode::kForbidden},
      {"SELECT 1 --" + std::string(limits::kSqlBytes, 'x'), ErrorCode::kTooLarge}};
  for (const auto& [sql, code] : statements) {
    const Error error = caught([&] {
      pipe_catalog.create("p", {}, {{"good", "SELECT 1", {}}, {"bad", sql, {}}});
    });
    EXPECT_EQ(error.code(), code) << sql.substr(0, 80);
    EXPECT_THAT(error.what(), HasSubstr("'bad'")) << sql.substr(0, 80);
  }
  EXPECT_TRUE(pipes.all().empty());
  EXPECT_THAT(caught([&] { pipe("p", {"%\nSELECT {{Int3(x)}}"}); }).what(),
              HasSubstr("Line 2, column 10: Templates have no function 'Int3'."));
}

TEST_F(PipeCatalogTest, NamesOfPipes) {
  EXPECT_ERROR(pipe("a b", {"SELECT 1"}), kInvalid);
  EXPECT_ERROR(pipe("select", {"SELECT 1"}), kInvalid);
  pipe("p", {"SELECT 1"});
  EXPECT_ERROR(pipe("p", {"SELECT 1"}), kConflict);
  EXPECT_ERROR(pipe_catalog.create("P", {}, {{"x", "SELECT 1", {}}}), kConflict);
}

TEST_F(PipeCatalogTest, NamesOfNodes) {
  pipe("p", {"SELECT 1"});
  EXPECT_ERROR(pipe_catalog.create("q", {}, {{"1st", "SELECT 1", {}}}), kInvalid);
  EXPECT_ERROR(pipe_catalog.create("q", {}, {{"q", "SELECT 1", {}}}), kInvalid);
  EXPECT_ERROR(pipe_catalog.create("q", {}, {{"P", "SELECT 1", {}}}), kInvalid)
      << "the name of a pipe";
  EXPECT_ERROR(pipe_catalog.create("q", {}, {{"a", "SELECT 1", {}}, {"A", "SELECT 2", {}}}),
               kConflict);
  EXPECT_ERROR(pipe("P_0", {"SELECT 1"}), kInvalid) << "the name of a node";
}

TEST_F(PipeCatalogTest, NamesOfDataSourcesAreTaken) {
  DataSource source;
  source.id = "t_events";
  source.name = "events";
  source.columns = parse_schema("n Int64");
  warehouse.create(source);
  for (const char* name : {"Events", "events_quarantine"}) {
    EXPECT_ERROR(pipe(name, {"SELECT 1"}), kInvalid) << name;
    EXPECT_ERROR(pipe_catalog.create("q", {}, {{name, "SELECT 1", {}}}), kInvalid) << name;
  }
  EXPECT_THAT(pipe("q", {"SELECT n FROM events"}).nodes.front().dependencies,
              ElementsAre("events"));
}

TEST_F(PipeCatalogTest, NodesAreAdded) {
  pipe("p", {"SELECT 1 AS a"});
  const Node node = pipe_catalog.add_node("p", {"more", "SELECT a FROM p_0", "More"});
  EXPECT_THAT(node.dependencies, ElementsAre("p_0"));
  EXPECT_EQ(pipe_catalog.get("p").nodes.back().id, node.id);
  EXPECT_ERROR(pipe_catalog.add_node("p", {"more", "SELECT 1", {}}), kConflict);
  EXPECT_ERROR(pipe_catalog.add_node("nope", {"x", "SELECT 1", {}}), kNotFound);
  EXPECT_ERROR(pipe_catalog.add_node("p", {"bad", "DELETE FROM shop.orders", {}}), kForbidden);
  EXPECT_EQ(pipe_catalog.get("p").nodes.size(), 2U);
}

TEST_F(PipeCatalogTest, APipeHasOnlySoManyNodes) {
  pipe("p", std::vector<std::string>(limits::kNodesPerPipe, "SELECT 1"));
  EXPECT_ERROR(pipe_catalog.add_node("p", {"more", "SELECT 1", {}}), kForbidden);
}

TEST_F(PipeCatalogTest, WhatIsNotThereIsNamed) {
  EXPECT_THAT(caught([&] { pipe_catalog.get("nope"); }).what(), HasSubstr("'nope'"));
  EXPECT_ERROR(pipe_catalog.get("nope"), kNotFound);
  EXPECT_ERROR(pipe_catalog.remove("nope"), kNotFound);
  const Pipe p = pipe("p", {"SELECT 1"});
  const Pipe q = pipe("q", {"SELECT 1"});
  EXPECT_EQ(PipeCatalog::get_node(p, "p_0").id, p.nodes[0].id);
  EXPECT_EQ(PipeCatalog::get_node(p, p.nodes[0].id).name, "p_0");
  EXPECT_ERROR(PipeCatalog::get_node(p, "q_0"), kNotFound) << "a node of another pipe";
  EXPECT_ERROR(PipeCatalog::get_node(p, q.nodes[0].id), kNotFound);
}

TEST_F(PipeCatalogTest, RemovesByIdOrName) {
  const Pipe p = pipe("p", {"SELECT 1"});
  pipe("q", {"SELECT 1"});
  pipe_catalog.remove(p.id);
  pipe_catalog.remove("q");
  EXPECT_TRUE(pipes.all().empty());
}

}  // namespace
}  // namespace sluice
