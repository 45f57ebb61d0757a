#include "domain/file_template.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>

#include "base/encoding.h"
#include "base/error.h"

namespace sluice {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using Kind = TemplatePiece::Kind;

std::string failure(std::string_view text) {
  try {
    FileTemplate::parse(text);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kInvalid);
    EXPECT_FALSE(error.hint().empty());
    return error.what();
  }
  return "accepted";
}

std::string in_name(std::string_view value) {
  std::string out;
  append_name_value(out, value);
  return out;
}

TEST(FileTemplate, Pieces) {
  const auto parsed = FileTemplate::parse("dt={ts, '%Y-%m-%d'}/{ country }_{8}");
  const auto& pieces = parsed.pieces();
  ASSERT_EQ(pieces.size(), 6U);
  EXPECT_EQ(pieces[0].text, "dt=");
  EXPECT_EQ(pieces[1].kind, Kind::kDate);
  EXPECT_EQ(pieces[1].text, "ts");
  EXPECT_EQ(pieces[2].text, "/");
  EXPECT_EQ(pieces[3].kind, Kind::kName);
  EXPECT_EQ(pieces[3].text, "country");
  EXPECT_EQ(pieces[5].kind, Kind::kSpread);
  EXPECT_EQ(pieces[5].parts, 8U);
  EXPECT_THAT(parsed.placeholders(), ElementsAre("ts", "country"));
}

TEST(FileTemplate, PlaceholdersOnce) {
  EXPECT_THAT(FileTemplate::parse("{b}/{a}/{b, \"%Y\"}").placeholders(), ElementsAre("b", "a"));
  EXPECT_THAT(FileTemplate::parse("plain").placeholders(), ElementsAre());
}

TEST(FileTemplate, RefusesWhatLeavesItsFolder) {
  for (const char* bad : {"..", ".", "../x", "a/../b", "a/..", "./a", "/a", "a/", "a//b", "/",
                          "a\\b", "{a, '..'}", "{a, '%Y'}/{b, './%m/..'}", "{a, '/%Y'}"}) {
    EXPECT_NE(failure(bad), "accepted") << bad;
  }
  for (const char* good : {"...", ".hidden", "a..b", "{a}/..b", ".{a}", "{a, '%Y/%m'}"}) {
    EXPECT_EQ(failure(good), "accepted") << good;
  }
}

TEST(FileTemplate, RefusesWhatIsNoTemplate) {
  EXPECT_THAT(failure(""), HasSubstr("empty"));
  EXPECT_THAT(failure("a\nb"), HasSubstr("control character"));
  EXPECT_THAT(failure(std::string("a\0b", 3)), HasSubstr("control character"));
  EXPECT_THAT(failure("a\xff"), HasSubstr("UTF-8"));
  EXPECT_THAT(failure(std::string(1025, 'a')), HasSubstr("1024"));
  for (const char* bad : {"{", "}", "{a", "a}", "{a}}", "{{a}}", "{}", "{ }", "{a,}", "{a, %Y}",
                          "{a, '%Y}", "{a, ''}", "{, '%Y'}", "{'a'}", "{0}", "{1001}",
                          "{99999999999999999999}", "{2}{3}", "{a, '%M'}"}) {
    EXPECT_NE(failure(bad), "accepted") << bad;
  }
  EXPECT_EQ(failure("{1000}"), "accepted");
}

TEST(FileTemplate, NamesAreColumnsOrVariables) {
  const auto parsed = FileTemplate::parse("{a}/{day, '%Y'}");
  const RunVariables day = {{"day", "2026-11-23"}};
  EXPECT_NO_THROW(parsed.check_names({"a", "b"}, day));
  EXPECT_NO_THROW(parsed.check_names({"a", "day"}, {{"day", "no date, but the column wins"}}));
  EXPECT_THROW(parsed.check_names({"a", "a"}, day), Error);
  EXPECT_THROW(parsed.check_names({"a"}, {{"day", "yesterday"}}), Error);
  try {
    parsed.check_names({"b", "c"}, day);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kInvalid);
    EXPECT_THAT(error.what(), HasSubstr("{a}"));
    EXPECT_THAT(error.what(), HasSubstr("Columns: b, c."));
  }
}

TEST(FileTemplate, SingleFile) {
  EXPECT_TRUE(FileTemplate::parse("x/{v}").is_single_file({"a"}));
  EXPECT_TRUE(FileTemplate::parse("x_{1}").is_single_file({"a"}));
  EXPECT_FALSE(FileTemplate::parse("x/{a}").is_single_file({"a"}));
  EXPECT_FALSE(FileTemplate::parse("x_{2}").is_single_file({"a"}));
}

TEST(FileTemplate, ExtensionIsAddedWhereItIsMissing) {
  auto missing = [](std::string_view text, std::string_view extension) {
    return FileTemplate::parse(text).missing_extension(extension);
  };
  EXPECT_EQ(missing("x", ".csv"), ".csv");
  EXPECT_EQ(missing("x.csv", ".csv"), "");
  EXPECT_EQ(missing("x", ".csv.gz"), ".csv.gz");
  EXPECT_EQ(missing("x.csv", ".csv.gz"), ".gz");
  EXPECT_EQ(missing("x.csv.gz", ".csv.gz"), "");
  EXPECT_EQ(missing("x.csv.gz", ".csv"), ".csv");
  EXPECT_EQ(missing("x.ndjson", ".csv"), ".csv");
  EXPECT_EQ(missing("{a}", ".csv.gz"), ".csv.gz");
  EXPECT_EQ(missing("{a}.csv", ".csv.gz"), ".gz");
}

TEST(FileTemplate, NumbersStandBeforeTheExtension) {
  EXPECT_EQ(numbered_key("a/x.csv.gz", 1, ".csv.gz"), "a/x.1.csv.gz");
  EXPECT_EQ(numbered_key("a/x.csv", 12, ".csv"), "a/x.12.csv");
  EXPECT_EQ(numbered_key("a.b/x", 2, ".csv"), "a.b/x.2");
  EXPECT_THROW(numbered_key(std::string(1023, 'a'), 1, ".csv"), Error);
}

TEST(NameValue, Encoding) {
  EXPECT_EQ(in_name("plain-Value_1.2~é 漢"), "plain-Value_1.2~é 漢");
  EXPECT_EQ(in_name(""), "__EMPTY__");
  EXPECT_EQ(in_name("."), "%2E");
  EXPECT_EQ(in_name(".."), "%2E%2E");
  EXPECT_EQ(in_name("..."), "...");
  EXPECT_EQ(in_name("../../etc"), "..%2F..%2Fetc");
  EXPECT_EQ(in_name("a\\b{c}"), "a%5Cb%7Bc%7D");
  EXPECT_EQ(in_name(std::string_view("\0\x1f\x7f\n", 4)), "%00%1F%7F%0A");
  EXPECT_EQ(in_name("50%"), "50%25");
  EXPECT_NE(in_name("a%2Fb"), in_name("a/b"));
  // Text that reads like one of our words is not taken for it.
  EXPECT_EQ(in_name("__EMPTY__"), "%5F_EMPTY__");
  EXPECT_EQ(in_name("__HIVE_DEFAULT_PARTITION__"), "%5F_HIVE_DEFAULT_PARTITION__");
}

TEST(NameValue, Variables) {
  auto parsed = FileTemplate::parse("{v}/{v, '%Y/%m'}");
  EXPECT_EQ(variable_in_name(parsed.pieces()[0], "a/b"), "a%2Fb");
  EXPECT_EQ(variable_in_name(parsed.pieces()[2], "2026-11-23"), "2026/11");
  EXPECT_THROW(variable_in_name(parsed.pieces()[2], "soon"), Error);
  EXPECT_THROW(variable_in_name(parsed.pieces()[0], "\xff"), Error);
}

std::string percent_decode(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
    } else {
      out += hex_decode(text.substr(i + 1, 2)).value();
      i += 2;
    }
  }
  return out;
}

TEST(NameValueProperty, DistinctValuesStayDistinctInsideTheirFolder) {
  const unsigned seed = std::random_device()();
  std::cout << "seed " << seed << "\n";
  std::mt19937 random(seed);
  const std::vector<std::string> letters = {
      ".",  "..", "/", "\\", "%", "2", "F", "{", "}", "a", "é", "_", std::string(1, '\0'),
      "\n", "%2", " "};
  std::map<std::string, std::string> seen = {{"__HIVE_DEFAULT_PARTITION__", "(NULL)"}};
  auto check = [&](const std::string& value) {
    const std::string name = in_name(value);
    const auto [found, is_new] = seen.emplace(name, value);
    ASSERT_TRUE(is_new || found->second == value) << name << " seed " << seed;
    ASSERT_EQ(name.find('/'), std::string::npos) << name;
    ASSERT_TRUE(name != "." && name != ".." && !name.empty());
    if (!value.empty()) {
      ASSERT_EQ(percent_decode(name), value);
    }
  };
  check("__EMPTY__");
  check("__HIVE_DEFAULT_PARTITION__");
  for (int i = 0; i < 50000; ++i) {
    std::string value;
    for (size_t length = random() % 5; length > 0; --length) {
      value += letters[random() % letters.size()];
    }
    check(value);
    if (HasFatalFailure()) return;
  }
}

}  // namespace
}  // namespace sluice
