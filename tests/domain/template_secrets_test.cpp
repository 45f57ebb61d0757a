#include "domain/template_secrets.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "domain/template_world.h"

namespace sluice {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

TEST(TemplateSecretsTest, AreNamedWhereverTheyStand) {
  const SqlTemplate statement = SqlTemplate::parse(
      "%{% if a %}{{tb_secret('x', 'd')}}{% else %}{% for b in [tb_secret('y')] %}{% end %}{% end "
      "%}{{sql_and(c=tb_secret(\"z\", default=''))}}{{tb_secret('x')}}");
  EXPECT_THAT(statement.secrets(), ElementsAre(Pair("x", true), Pair("y", true), Pair("z", false)));
  EXPECT_THAT(SqlTemplate::parse("%{{String(tb_secret, 'a')}}").secrets(), IsEmpty());
}

TEST(TemplateSecretsTest, AreCallsInTheStatement) {
  EXPECT_EQ(rendered("{{tb_secret(\"it's\")}}"), "tb_secret('it''s')");
  EXPECT_EQ(rendered("{% set s = tb_secret('x', 'd') %}a ={{s}}"), "a = tb_secret('x', 'd')");
  EXPECT_EQ(rendered("{{sql_and(a=tb_secret('x'))}}"), "`a` = tb_secret('x')");
}

TEST(TemplateSecretsTest, NobodyChoosesThem) {
  EXPECT_THAT(refused("\n{{tb_secret(name)}}", {{"name", "x"}}),
              HasSubstr("Line 2, column 13: tb_secret takes texts in quotes alone."));
  EXPECT_THAT(refused("{{tb_secret('a' + b)}}"), HasSubstr("in quotes alone"));
  EXPECT_THAT(refused("{{tb_secret('a', b)}}"), HasSubstr("in quotes alone"));
  EXPECT_THAT(refused("{{tb_secret(5)}}"), HasSubstr("in quotes alone"));
  EXPECT_THAT(refused("{{tb_secret()}}"), HasSubstr("lacks the name"));
  EXPECT_THAT(refused("{{tb_secret(name='x')}}"), HasSubstr("lacks the name"));
}

TEST(TemplateSecretsTest, NeverAsAValueOfTheTemplate) {
  EXPECT_THAT(refused("{% if tb_secret('x') == 'a' %}{% end %}"),
              HasSubstr("can't be used on SQL"));
  EXPECT_THAT(refused("{{String(tb_secret('x'))}}"), HasSubstr("no String"));
  EXPECT_THAT(refused("'{{tb_secret('x')}}'"), HasSubstr("inside of quotes"));
  EXPECT_EQ(refused("{{error(tb_secret('x'))}}"), "tb_secret('x') | ");
}

TEST(TemplateSecretsTest, TheWordComesInByTheMarkAlone) {
  for (const char* text :
       {"SELECT tb_secret('x')", "SELECT TB_Secret ('x')", "SELECT \"tb_secret\"('x')",
        "SELECT tb_{# #}secret('x')", "SELECT tb_{% if True %}secret{% end %}('x')",
        "SELECT {{column('tb_secret')}}('x')", "SELECT {{symbol('TB_SECRET')}}('x')",
        "SELECT {{columns('x', fn='tb_secret')}}", "SELECT tb_{{max_threads(1)}}secret('x')"}) {
    const Error error = caught([&] { rendered(text); });
    EXPECT_EQ(error.code(), ErrorCode::kForbidden) << text << ": " << error.what();
  }
  EXPECT_THAT(refused("SELECT 1,\n tb_secret('x')"), HasSubstr("Line 1, column 2"));
  EXPECT_EQ(rendered("SELECT ttb_secre, {{String(a)}}", {{"a", "tb_secret('x')"}}),
            "SELECT ttb_secre, 'tb_secret(''x'')'");
}

TEST(TemplateSecretsTest, WhetherSqlUsesThem) {
  EXPECT_TRUE(SqlTemplate::uses_secrets("%SELECT {{tb_secret('x')}}"));
  EXPECT_FALSE(SqlTemplate::uses_secrets("%SELECT 1"));
  EXPECT_FALSE(SqlTemplate::uses_secrets("SELECT '{{tb_secret(1)}}'"));
  EXPECT_FALSE(SqlTemplate::uses_secrets("%SELECT {{tb_secret('x'"));
}

}  // namespace
}  // namespace sluice
