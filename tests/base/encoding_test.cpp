#include "base/encoding.h"

#include <gtest/gtest.h>

namespace sluice {
namespace {

TEST(Hex, BothWays) {
  EXPECT_EQ(hex_encode(std::string_view("\x00\x7f\xff", 3)), "007fff");
  EXPECT_EQ(hex_decode("007FfF"), std::string("\x00\x7f\xff", 3));
  EXPECT_EQ(hex_decode(""), "");
  for (const char* bad : {"0", "0g", "0x00", " 00"}) EXPECT_FALSE(hex_decode(bad)) << bad;
}

/// RFC 4648, section 10.
TEST(Base64, KnownAnswers) {
  EXPECT_EQ(base64_encode(""), "");
  EXPECT_EQ(base64_encode("f"), "Zg==");
  EXPECT_EQ(base64_encode("fo"), "Zm8=");
  EXPECT_EQ(base64_encode("foo"), "Zm9v");
  EXPECT_EQ(base64_encode("foob"), "Zm9vYg==");
  EXPECT_EQ(base64_encode("fooba"), "Zm9vYmE=");
  EXPECT_EQ(base64_encode("foobar"), "Zm9vYmFy");
  EXPECT_EQ(base64_encode("\xfb\xff\xfe"), "+//+");
  std::string out = "kept:";
  base64_append(out, "foo");
  EXPECT_EQ(out, "kept:Zm9v");
}

TEST(Percent, Encoding) {
  EXPECT_EQ(percent_encode("Az09-._~"), "Az09-._~");
  EXPECT_EQ(percent_encode("a b/c+%é"), "a%20b%2Fc%2B%25%C3%A9");
  EXPECT_EQ(percent_encode_path("a b/c"), "a%20b/c");
}

TEST(Utf8, WellFormed) {
  for (const char* good :
       {"", "plain", "\x7f", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80",
        "\xef\xbf\xbf", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf", "漢字 🚀"}) {
    EXPECT_TRUE(is_utf8(good)) << hex_encode(good);
  }
  EXPECT_TRUE(is_utf8(std::string_view("\0", 1)));
}

TEST(Utf8, IllFormed) {
  for (const char* bad :
       {"\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xc2", "\xc2 ", "\xe0\x80\x80", "\xe0\x9f\xbf",
        "\xe1\x80", "\xed\xa0\x80", "\xed\xbf\xbf", "\xf0\x80\x80\x80", "\xf0\x8f\xbf\xbf",
        "\xf0\x90\x80", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xfe", "\xff", "fine\xe9"}) {
    EXPECT_FALSE(is_utf8(bad)) << hex_encode(bad);
  }
}

TEST(Ascii, LowerAndTrim) {
  EXPECT_EQ(ascii_lower("AbZ-É"), "abz-É");
  EXPECT_EQ(trim(" \t a b\r\n"), "a b");
  EXPECT_EQ(trim(" \n "), "");
}

TEST(Base64Url, HasItsOwnLettersAndNoPadding) {
  EXPECT_EQ(base64url_encode(""), "");
  EXPECT_EQ(base64url_encode("\xfb\xff\xfe"), "-__-");
  EXPECT_EQ(base64url_encode("a"), "YQ");
}

}  // namespace
}  // namespace sluice
