#include "domain/name.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "base/limits.h"
#include "support/caught.h"

namespace sluice {
namespace {

TEST(Name, LettersDigitsUnderscores) {
  for (const char* name : {"a", "_", "Flights_2013", "_0", "selected", "t"}) {
    EXPECT_NO_THROW(check_name("pipe", name)) << name;
  }
  for (const char* name : {"", "1a", "a-b", "a b", "a.b", "a\"b", "a;b", "\xc3\xa4", "a/b", "%"}) {
    EXPECT_ERROR(check_name("pipe", name), kInvalid) << name;
  }
  EXPECT_ERROR(check_name("pipe", std::string_view("a\0b", 3)), kInvalid);
}

TEST(Name, Length) {
  EXPECT_NO_THROW(check_name("node", std::string(limits::kNameBytes, 'a')));
  EXPECT_ERROR(check_name("node", std::string(limits::kNameBytes + 1, 'a')), kInvalid);
  EXPECT_NO_THROW(check_connection_name(std::string(limits::kNameBytes, 'a')));
  EXPECT_ERROR(check_connection_name(std::string(limits::kNameBytes + 1, 'a')), kInvalid);
}

TEST(Name, WordsOfSqlAndNamesOfSqlite) {
  for (const char* name :
       {"select", "FROM", "Table", "main", "temp", "sqlite_schema", "SQLITE_x"}) {
    EXPECT_ERROR(check_name("pipe", name), kInvalid) << name;
  }
}

TEST(Name, TheSentenceSaysWhatAndQuotesIt) {
  const Error error = caught([] { check_name("node", "a b"); });
  EXPECT_THAT(error.what(), testing::HasSubstr("node name 'a b'"));
}

TEST(Name, ConnectionsMayHoldMore) {
  for (const char* name : {"My store", "a-b.c", "1st", "_x"}) {
    EXPECT_NO_THROW(check_connection_name(name)) << name;
  }
  for (const char* name : {"", " a", "a ", "-a", ".a", "a/b", "a\nb", "a'b"}) {
    EXPECT_ERROR(check_connection_name(name), kInvalid) << name;
  }
}

}  // namespace
}  // namespace sluice
