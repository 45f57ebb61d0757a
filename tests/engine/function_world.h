#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "engine/engine_world.h"
#include "support/caught.h"
#include "support/fake_random.h"

namespace sluice {

/// Calls functions the way a statement does.
class FunctionTest : public testing::Test {
 protected:
  FunctionTest() { world_.options.random = &random_; }

  /// `SELECT <expression>`, the first row as a test writes it: `1`, `1.5`, `'text'`, `null`.
  std::string value(const std::string& expression) {
    std::vector<std::string> rows = world_.rows("SELECT " + expression);
    return rows.empty() ? "no row" : rows.front();
  }
  /// What is wrong with the expression.
  std::string fault(const std::string& expression) {
    return caught([&] { value(expression); }).message();
  }

  struct Case {
    std::string expression;
    std::string result;
  };
  void expect(const std::vector<Case>& cases) {
    for (const Case& line : cases) {
      std::string seen;
      try {
        seen = value(line.expression);
      } catch (const Error& error) {
        seen = error.what();
      }
      EXPECT_EQ(seen, line.result) << line.expression;
    }
  }

  FakeRandom random_;
  EngineWorld world_{
      "CREATE TABLE n (i INTEGER, r REAL, t TEXT);"
      "WITH RECURSIVE c(i) AS (VALUES (0) UNION ALL SELECT i + 1 FROM c WHERE i < 9) "
      "INSERT INTO n SELECT i, i / 2.0, CASE WHEN i % 3 > 0 THEN 't' || (i % 3) END FROM c"};
};

}  // namespace sluice
