#include "engine/sql_functions.h"

#include <fstream>
#include <set>
#include <sstream>

#include "base/encoding.h"
#include "engine/function_world.h"

namespace sluice {
namespace {

using SqlFunctionsTest = FunctionTest;
using testing::HasSubstr;

std::vector<std::string> all_usages() {
  std::vector<std::string> usages;
  for (const auto table :
       {time_functions(), time_part_functions(), time_arithmetic_functions(), time_text_functions(),
        conversion_functions(), logic_functions(), text_functions(), pattern_functions(),
        url_functions(), encoding_functions(), json_functions(), array_functions()}) {
    for (const SqlFunction& line : table) usages.emplace_back(line.usage);
  }
  for (const auto table : {plain_aggregates(), array_aggregates(), quantile_aggregates()}) {
    for (const SqlAggregate& line : table) usages.emplace_back(line.usage);
  }
  return usages;
}

TEST_F(SqlFunctionsTest, EveryNameStandsOnceInTheTables) {
  std::set<std::string> names;
  for (const std::string& usage : all_usages()) {
    EXPECT_TRUE(names.insert(ascii_lower(usage.substr(0, usage.find('(')))).second) << usage;
  }
  EXPECT_GT(names.size(), 300U);
}

TEST_F(SqlFunctionsTest, EveryUsageIsInTheDocumentation) {
  std::ifstream file(std::string(SLUICE_SOURCE_DIR) + "/docs/sql-functions.md");
  std::stringstream text;
  text << file.rdbuf();
  for (const std::string& usage : all_usages()) {
    EXPECT_THAT(text.str(), HasSubstr("`" + usage + "`"));
  }
}

/// As many arguments as its least; none of them makes sense to all, so errors of ours are fine.
TEST_F(SqlFunctionsTest, EveryFunctionCanBeCalledAndSurvivesStrangeValues) {
  const std::vector<std::string> values = {
      "NULL",    "1",     "-1.5",  "''",   "'x'",
      "x'00ff'", "9e999", "'[1]'", "'{}'", "-9223372036854775807 - 1"};
  size_t calls = 0;
  for (const std::string& usage : all_usages()) {
    const std::string name = usage.substr(0, usage.find('('));
    for (const std::string& argument : values) {
      for (size_t count = 0; count <= 4; ++count) {
        std::string sql = name + "(";
        for (size_t i = 0; i < count; ++i) sql += (i == 0 ? "" : ", ") + argument;
        try {
          value(sql + ") FROM shop.n LIMIT 1");
          ++calls;
        } catch (const Error& error) {
          EXPECT_NE(error.code(), ErrorCode::kInternal) << sql << ": " << error.what();
          EXPECT_THAT(error.message(), Not(HasSubstr("no such function"))) << sql;
        }
      }
    }
  }
  EXPECT_GT(calls, 1000U);
}

TEST_F(SqlFunctionsTest, WindowsWithoutArgumentsAreErrors) {
  for (const std::string& usage : all_usages()) {
    const std::string name = usage.substr(0, usage.find('('));
    if (!is_sql_aggregate(name)) continue;
    for (const char* frame : {"()", "(ORDER BY i)", "(ORDER BY i ROWS 1 PRECEDING)"}) {
      EXPECT_THAT(fault(name + "() OVER " + frame + " FROM shop.n"),
                  testing::AnyOf(HasSubstr("too few arguments"), HasSubstr("wrong number of")))
          << name << frame;
    }
  }
}

TEST_F(SqlFunctionsTest, TooFewArgumentsSayHowItIsCalled) {
  const Error error = caught([&] { value("dateDiff('day', now())"); });
  EXPECT_THAT(error.message(), HasSubstr("wrong number of arguments to function dateDiff()"));
  EXPECT_EQ(error.hint(), "It is called dateDiff(unit, from, to[, zone]).");
  EXPECT_THAT(fault("JSONExtract('{}')"), HasSubstr("JSONExtract(json[, path...], type)"));
}

TEST_F(SqlFunctionsTest, AnUnknownOneSuggestsTheNearest) {
  const auto hint = [&](const std::string& call) { return caught([&] { value(call); }).hint(); };
  EXPECT_THAT(hint("toDatee('2024-01-01')"), HasSubstr("Did you mean toDate()?"));
  EXPECT_THAT(hint("quantil(1)"), HasSubstr("Did you mean quantile()?"));
  EXPECT_THAT(hint("substrr('a', 1)"), HasSubstr("Did you mean substr()?"));
  EXPECT_THAT(hint("arrayJoin('[1]')"), HasSubstr("json_each"));
  EXPECT_THAT(hint("qqqqqqqqqqqqqq()"), HasSubstr("docs/sql-functions.md"));
}

TEST_F(SqlFunctionsTest, NamesAreFoundInAnyCaseQuotesAndViews) {
  expect({{"TODATE('2024-01-01'), \"toDate\" ('2024-01-02'), todate/* */('2024-01-03')",
           "'2024-01-01','2024-01-02','2024-01-03'"}});
  const Query query{{{"a", "SELECT toYear('2024-01-01') AS y"}, {"b", "SELECT y + 1 AS y FROM a"}},
                    "SELECT y FROM b"};
  EXPECT_EQ(rest_of(*world_.engine().open(query, kLongRun, {})),
            (std::vector<std::string>{"2025"}));
}

TEST_F(SqlFunctionsTest, KnowsItsAggregates) {
  EXPECT_TRUE(is_sql_aggregate("UNIQ"));
  EXPECT_FALSE(is_sql_aggregate("toDate"));
  EXPECT_FALSE(is_sql_aggregate("sum"));
}

}  // namespace
}  // namespace sluice
