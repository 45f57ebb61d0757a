#include "base/http_date.h"

#include <gtest/gtest.h>

namespace sluice {
namespace {

TEST(HttpDate, ReadsWhatServersSend) {
  EXPECT_EQ(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT"),
            parse_timestamp("1994-11-06 08:49:37"));
  EXPECT_EQ(parse_http_date(" Mon, 23 Nov 2026 00:00:00 GMT "),
            parse_timestamp("2026-11-23 00:00:00"));
}

TEST(HttpDate, AnythingElseIsNothing) {
  for (const char* text : {"", "now", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 CET",
                           "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
                           "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 Nov 1994 25:49:37 GMT",
                           "Sun, 06 Foo 1994 08:49:37 GMT", "Sun, x6 Nov 1994 08:49:37 GMT",
                           "Sun, 06 Nov 19\xff"
                           "4 08:49:37 GMT"}) {
    EXPECT_EQ(parse_http_date(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace sluice
