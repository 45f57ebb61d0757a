#include "domain/sql_output.h"

#include <gtest/gtest.h>

#include "base/limits.h"
#include "support/caught.h"

namespace sluice {
namespace {

std::string joined(const std::string& before, const std::string& value, const std::string& after) {
  SqlOutput out;
  out.add_text(before);
  out.add_value(value);
  out.add_text(after);
  return out.sql();
}

TEST(SqlOutputTest, AValueNeverGrowsTogetherWithItsNeighbours) {
  EXPECT_EQ(joined("SELECT x", "'ab'", "'c'"), "SELECT x 'ab' 'c'") << "x'ab' is a blob";
  EXPECT_EQ(joined("a -", "-5", "-1"), "a - -5 -1") << "-- is a comment";
  EXPECT_EQ(joined("?", "5", "e3"), "? 5 e3");
  EXPECT_EQ(joined("(", "5", ")"), "(5)");
  EXPECT_EQ(joined("a, ", "5", ", b"), "a, 5, b");
}

TEST(SqlOutputTest, ValuesBesideEachOtherStayTwo) {
  SqlOutput out;
  out.add_value("'a'");
  out.add_value("'b'");
  EXPECT_EQ(out.sql(), "'a' 'b'") << "'a''b' is one text";
}

TEST(SqlOutputTest, NoValueInsideOfQuotes) {
  for (const std::string begin :
       {"'", "\"", "`", "[", "'it''s ", "\"a\"\"", "-- x\n'", "/* ' */'"}) {
    EXPECT_EQ(caught([&] { joined(begin, "1", ""); }).message(), "A value stands inside of quotes.")
        << begin;
  }
  for (const std::string begin : {"'a'", "'it''s'", "[a]", "\"a\"\"b\"", "/* ' */", "-- '\n"}) {
    EXPECT_EQ(joined(begin, "1", ""), begin + (begin.back() == '\n' ? "1" : " 1"));
  }
}

TEST(SqlOutputTest, ValuesInCommentsAreLeftOut) {
  EXPECT_EQ(joined("-- ", "'a\nb'", "\nx"), "-- \nx");
  EXPECT_EQ(joined("/* ", "'*/'", "*/ x"), "/* */ x");
  EXPECT_EQ(joined("/*/ ", "1", " */"), "/*/  */") << "/*/ does not end itself";
}

TEST(SqlOutputTest, MarksInTwoPiecesOfTextCount) {
  SqlOutput out;
  out.add_text("/");
  out.add_text("* ");
  out.add_value("1");
  out.add_text("*");
  out.add_text("/");
  out.add_value("2");
  EXPECT_EQ(out.sql(), "/* */ 2");
}

TEST(SqlOutputTest, TheStatementHasALimit) {
  SqlOutput out;
  out.add_text(std::string(limits::kSqlBytes - 10, 'a'));
  EXPECT_EQ(caught([&] { out.add_value("'0123456789'"); }).code(), ErrorCode::kTooLarge);
  EXPECT_EQ(caught([&] { out.add_text("0123456789"); }).code(), ErrorCode::kTooLarge);
}

}  // namespace
}  // namespace sluice
