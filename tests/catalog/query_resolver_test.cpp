#include "catalog/query_resolver.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/limits.h"
#include "catalog/catalog_world.h"
#include "support/caught.h"

namespace sluice {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class QueryResolverTest : public testing::Test, protected CatalogWorld {
 protected:
  Query query_of(const std::string& pipe_name) {
    const Pipe pipe = pipe_catalog.get(pipe_name);
    return resolve_query(pipe, pipe.nodes.back(), pipes, {});
  }
  std::string result_of(const std::string& pipe_name) { return result(query_of(pipe_name)); }
  std::vector<std::string> views_of(const std::string& pipe_name) {
    std::vector<std::string> names;
    for (const NamedQuery& view : query_of(pipe_name).views) names.push_back(view.name);
    return names;
  }
};

TEST_F(QueryResolverTest, ANodeOfItsOwn) {
  pipe("p", {"SELECT id FROM shop.orders"});
  EXPECT_THAT(views_of("p"), IsEmpty());
  EXPECT_EQ(result_of("p"), "1;2;3");
}

TEST_F(QueryResolverTest, EarlierNodesThatAreNeeded) {
  pipe("p", {"SELECT 1 AS a", "SELECT a + 1 AS a FROM p_0", "SELECT 'unused' AS a",
             "SELECT a + 1 AS a FROM P_1"});
  EXPECT_THAT(views_of("p"), ElementsAre("p_0", "p_1"));
  EXPECT_EQ(result_of("p"), "3");
}

TEST_F(QueryResolverTest, LaterNodesAreNotSeen) {
  const Error error = caught([&] { pipe("p", {"SELECT * FROM p_1", "SELECT 1"}); });
  EXPECT_EQ(error.code(), ErrorCode::kInvalid);
  EXPECT_THAT(error.what(), HasSubstr("no such table: p_1"));
}

TEST_F(QueryResolverTest, OtherPipes) {
  pipe("base", {"SELECT id, region FROM shop.orders"});
  pipe("europe", {"SELECT id FROM Base WHERE region = 'eu'"});
  pipe("top", {"SELECT max(id) FROM \"EUROPE\""});
  EXPECT_THAT(views_of("top"), ElementsAre("base", "europe"));
  EXPECT_EQ(result_of("top"), "3");
}

TEST_F(QueryResolverTest, OnlyTheLastNodeOfAnotherPipeIsSeen) {
  pipe("base", {"SELECT 1 AS a", "SELECT a + 10 AS a FROM base_0"});
  pipe("top", {"SELECT a FROM base"});
  EXPECT_EQ(result_of("top"), "11");
  EXPECT_ERROR(pipe("nosy", {"SELECT a FROM base_0"}), kInvalid);
}

TEST_F(QueryResolverTest, AnotherPipesNodesMayEndInAnything) {
  pipe("base", {"SELECT 1 AS a -- one", "WITH x AS (SELECT a FROM base_0) SELECT a FROM x; -- two",
                "SELECT a FROM base_1 ORDER BY a LIMIT 1 /* three"});
  pipe("top", {"SELECT a FROM base -- four"});
  EXPECT_EQ(result_of("top"), "1");
}

TEST_F(QueryResolverTest, NodesOfOneNameInDifferentPipes) {
  pipe_catalog.create("one", {},
                      {{"step", "SELECT 1 AS a", {}}, {"out", "SELECT a FROM step", {}}});
  pipe_catalog.create("two", {},
                      {{"step", "SELECT 2 AS a", {}}, {"out", "SELECT a FROM step", {}}});
  pipe_catalog.create("both", {},
                      {{"step", "SELECT 3 AS a", {}},
                       {"out", "SELECT one.a, two.a, step.a FROM one, two, step", {}}});
  EXPECT_EQ(result_of("both"), "1,2,3");
}

TEST_F(QueryResolverTest, ANodeIsNeverTakenForATableOfAnotherPipe) {
  pipe("other", {"SELECT id FROM orders"});
  const Pipe mixed = pipe("mixed", {"SELECT 100 AS id", "SELECT * FROM mixed_0, other"});
  EXPECT_EQ(result_of("mixed").substr(0, 3), "100");
  const Error error = caught([&] {
    pipe_catalog.create("bad", std::nullopt,
                        {{"orders", "SELECT 100 AS id", std::nullopt},
                         {"both", "SELECT * FROM orders, other", std::nullopt}});
  });
  EXPECT_EQ(error.code(), ErrorCode::kInvalid);
  EXPECT_THAT(error.what(), HasSubstr("'other' has the word 'orders'"));
}

TEST_F(QueryResolverTest, APipeThatIsReadTwiceIsThereOnce) {
  pipe("base", {"SELECT 1 AS a"});
  pipe("left_one", {"SELECT a FROM base"});
  pipe("right_one", {"SELECT a FROM base"});
  pipe("top", {"SELECT left_one.a + right_one.a + base.a FROM left_one, right_one, base"});
  EXPECT_EQ(views_of("top").size(), 3U);
  EXPECT_EQ(result_of("top"), "3");
}

TEST_F(QueryResolverTest, APipeThatIsNamedLikeAColumnOrTableDoesNoHarm) {
  pipe("region", {"SELECT 'pipe' AS x"});
  pipe("orders", {"SELECT id FROM shop.orders"});
  pipe("top", {"SELECT region FROM shop.orders WHERE id = 1"});
  EXPECT_EQ(result_of("top"), "eu");
  // The pipe breaks; who does not read it is not hurt.
  pipe_catalog.remove("region");
  shop.run("CREATE TABLE extra (a)");
  pipe("region", {"SELECT a FROM shop.extra"});
  shop.run("DROP TABLE extra");
  EXPECT_EQ(result_of("top"), "eu");
}

TEST_F(QueryResolverTest, ACircleIsRefused) {
  pipe("a", {"SELECT 1 AS x"});
  pipe("b", {"SELECT x FROM a"});
  pipe_catalog.remove("a");
  const Error error = caught([&] { pipe("a", {"SELECT x FROM b"}); });
  EXPECT_EQ(error.code(), ErrorCode::kInvalid);
  EXPECT_THAT(error.what(), HasSubstr("'b'"));
  EXPECT_ERROR(pipe("self", {"SELECT * FROM self"}), kInvalid);
}

TEST_F(QueryResolverTest, PipesReadEachOtherOnlySoDeep) {
  pipe("p1", {"SELECT 1 AS a"});
  size_t depth = 1;
  const Error error = caught([&] {
    for (; depth < 100; ++depth) {
      pipe("p" + std::to_string(depth + 1), {"SELECT a FROM p" + std::to_string(depth)});
    }
  });
  EXPECT_EQ(error.code(), ErrorCode::kInvalid);
  EXPECT_THAT(error.what(), HasSubstr("deep"));
  EXPECT_EQ(depth, limits::kPipeDepth);
  EXPECT_EQ(result_of("p" + std::to_string(depth)), "1");
}

TEST_F(QueryResolverTest, TemplatesAreFilledInWhereverTheyStand) {
  pipe("base",
       {"%SELECT id FROM shop.orders WHERE id >= {{Int32(least, 1)}}", "SELECT id FROM base_0"});
  pipe("p", {"%SELECT id + {{Int32(more, 0)}} AS id FROM base", "SELECT id FROM p_0"});
  const Pipe found = pipe_catalog.get("p");
  const Query query =
      resolve_query(found, found.nodes.back(), pipes, {{"least", "2"}, {"more", "10"}});
  EXPECT_EQ(result(query), "12;13");
  EXPECT_EQ(result_of("p"), "1;2;3");
}

TEST_F(QueryResolverTest, ATemplateThatCanNotBeFilledInIsNamed) {
  pipe("base", {"%SELECT {{Int32(n)}} AS n"});
  pipe("p", {"SELECT n FROM base"});
  EXPECT_THAT(caught([&] { query_of("p"); }).what(),
              HasSubstr("Node 'base_0' of the pipe 'base': Line 1, column 11: The parameter 'n'"));
}

TEST_F(QueryResolverTest, SecretsOfEveryNodeAreTheQuerys) {
  for (const char* name : {"a", "b"}) variable_store.insert({name, {}, {}, ""}, Secret("eu"), 9);
  pipe("base", {"%SELECT id FROM shop.orders WHERE region = {{tb_secret('a')}}"});
  pipe("p", {"%SELECT id FROM base WHERE {{tb_secret('b', 'x')}} = {{tb_secret('c', 'eu')}}",
             "SELECT id FROM p_0"});
  const Query query = query_of("p");
  EXPECT_EQ(query.secrets, (SecretNames{{"a", true}, {"b", false}, {"c", false}}));
  EXPECT_EQ(result(query), "1;3");
  EXPECT_THAT(query_of("base").secrets, SizeIs(1));
}

TEST_F(QueryResolverTest, OnlyTheMarkOfATemplateAsksForASecret) {
  variable_store.insert({"a", {}, {}, ""}, Secret("eu"), 9);
  pipe("base", {"%SELECT id FROM shop.orders WHERE region = {{tb_secret('a')}}"});
  for (const char* sql :
       {"SELECT tb_secret('a') FROM base", "SELECT \"TB_SECRET\"('a') FROM base",
        "SELECT [tb_secret](`a`) FROM base", "%SELECT tb_{# #}secret('a') FROM base"}) {
    EXPECT_ERROR(pipe("spy", {sql}), kForbidden) << sql;
    EXPECT_ERROR(pipe("spy", {sql, "SELECT * FROM spy_0"}), kForbidden) << sql;
  }
}

TEST_F(QueryResolverTest, WhatACallerBringsAlongUsesNoSecret) {
  variable_store.insert({"a", {}, {}, ""}, Secret("eu"), 9);
  pipe("base", {"%SELECT id FROM shop.orders WHERE region = {{tb_secret('a')}}"});
  const Pipe base = pipe_catalog.get("base");
  for (const char* sql : {"%SELECT {{tb_secret('a')}} AS s FROM base", "SELECT tb_secret('a')",
                          "%{% if False %}{{tb_secret('a')}}{% end %} SELECT 1"}) {
    EXPECT_ERROR(resolve_statement(sql, pipes, {}), kForbidden) << sql;
    EXPECT_ERROR(resolve_over(base, sql, pipes, {}), kForbidden) << sql;
  }
  EXPECT_EQ(result(resolve_statement("SELECT sum(id) FROM base", pipes, {})), "4");
  EXPECT_EQ(result(resolve_over(base, "SELECT max(id) FROM _", pipes, {})), "3");
}

TEST_F(QueryResolverTest, SamplesStandForParametersWhereItIsOnlyChecked) {
  pipe("p", {"%SELECT {{Int32(n)}} AS n"});
  pipe("q", {"%{% if not defined(n) %}{{error('n?')}}{% end %}SELECT 1", "SELECT * FROM q_0"});
  const Pipe p = pipe_catalog.get("p");
  EXPECT_EQ(result(resolve_sample(p, p.nodes.back(), pipes).value()), "0");
  const Pipe q = pipe_catalog.get("q");
  EXPECT_FALSE(resolve_sample(q, q.nodes.back(), pipes)) << "it refuses to be run without n";
}

}  // namespace
}  // namespace sluice
