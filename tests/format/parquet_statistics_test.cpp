#include "format/parquet_statistics.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "base/encoding.h"
#include "format/column_checks.h"

namespace sluice {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

template <class Number>
ParquetStatistics bounds_of(const std::vector<Number>& numbers) {
  NumberBounds<Number> bounds;
  // In two stretches.
  bounds.add(std::span(numbers).first(numbers.size() / 2));
  bounds.add(std::span(numbers).subspan(numbers.size() / 2));
  ParquetStatistics statistics;
  bounds.put_into(statistics);
  return statistics;
}

ParquetStatistics bounds_of(const std::vector<std::string>& texts, bool utf8 = true) {
  TextBounds bounds;
  for (const std::string& text : texts) bounds.add(text);
  ParquetStatistics statistics;
  bounds.put_into(statistics, utf8);
  return statistics;
}

TEST(ParquetStatistics, Integers) {
  const ParquetStatistics found = bounds_of<int64_t>({5, -3, 9, 0});
  EXPECT_EQ(found.min, plain(int64_t{-3}));
  EXPECT_EQ(found.max, plain(int64_t{9}));
  EXPECT_FALSE(bounds_of<int64_t>({}).min.has_value());
  EXPECT_EQ(bounds_of<int32_t>({7}).max, plain(int32_t{7}));
  EXPECT_EQ(bounds_of<uint64_t>({~uint64_t{0}, 1}).max, plain(~uint64_t{0}));
}

TEST(ParquetStatistics, NanIsNoBound) {
  const ParquetStatistics found = bounds_of<double>({kNan, kNan, 2, kNan, 1, kNan});
  EXPECT_EQ(found.min, plain(1.0));
  EXPECT_EQ(found.max, plain(2.0));
  EXPECT_FALSE(bounds_of<double>({kNan, kNan}).min.has_value());
  EXPECT_FALSE(bounds_of<double>({kNan, kNan}).max.has_value());
  EXPECT_EQ(count_nans(std::vector<double>{kNan, 1, kNan}), 2);
}

TEST(ParquetStatistics, ABoundOfZeroIncludesBothZeros) {
  for (const double zero : {0.0, -0.0}) {
    const ParquetStatistics found = bounds_of<double>({zero, zero});
    EXPECT_EQ(found.min, plain(-0.0));
    EXPECT_EQ(found.max, plain(0.0));
  }
  EXPECT_EQ(bounds_of<double>({-0.0, 1}).min, plain(-0.0));
  EXPECT_EQ(bounds_of<int64_t>({0}).min, plain(int64_t{0}));
}

TEST(ParquetStatistics, LongDecimalsHaveASign) {
  const auto fixed = [](unsigned char first, unsigned char last) {
    ParquetFixed bytes{};
    bytes.front() = static_cast<char>(first);
    bytes.back() = static_cast<char>(last);
    return bytes;
  };
  const ParquetStatistics found =
      bounds_of<ParquetFixed>({fixed(0, 1), fixed(0xff, 0x10), fixed(0x80, 0), fixed(0, 0x90)});
  EXPECT_EQ(found.min, plain(fixed(0x80, 0)));
  EXPECT_EQ(found.max, plain(fixed(0, 0x90)));
}

TEST(ParquetStatistics, ShortTextsAreExact) {
  const ParquetStatistics found = bounds_of({"b", "\xc3\xbc", "", "a", std::string("a\0", 2)});
  EXPECT_EQ(found.min, "");
  EXPECT_EQ(found.max, "\xc3\xbc");
  EXPECT_TRUE(found.min_exact && found.max_exact);
  EXPECT_FALSE(bounds_of(std::vector<std::string>{}).min.has_value());
  const std::string longest(64, 'x');
  EXPECT_EQ(bounds_of({longest}).max, longest);
  EXPECT_TRUE(bounds_of({longest}).max_exact);
}

TEST(ParquetStatistics, TextsThatDifferLateAreCompared) {
  const std::string same = "2026-04-";
  const ParquetStatistics found = bounds_of({same + "12", same + "11", same, same + "13"});
  EXPECT_EQ(found.min, same);
  EXPECT_EQ(found.max, same + "13");
}

TEST(ParquetStatistics, LongTextsAreCutToBounds) {
  const ParquetStatistics found = bounds_of({std::string(100, 'x') + "y"});
  EXPECT_EQ(found.min, std::string(64, 'x'));
  EXPECT_EQ(found.max, std::string(63, 'x') + "y");
  EXPECT_FALSE(found.min_exact || found.max_exact);
}

TEST(ParquetStatistics, ACutIsNeverWithinACharacter) {
  const std::string umlaut = "\xc3\xbc";
  std::string text = "x";
  for (int i = 0; i < 50; ++i) text += umlaut;
  const ParquetStatistics found = bounds_of({text});
  EXPECT_EQ(found.min, text.substr(0, 63));
  EXPECT_EQ(found.max, text.substr(0, 61) + "\xc3\xbd");
  EXPECT_EQ(cut_utf8(umlaut, 1), "");
  EXPECT_EQ(cut_utf8(umlaut, 2), umlaut);
}

TEST(ParquetStatistics, RaisedTexts) {
  EXPECT_EQ(raised_utf8("ab"), "ac");
  EXPECT_EQ(raised_utf8("a\x7f"), "a\xc2\x80");
  EXPECT_EQ(raised_utf8("\xdf\xbf"), "\xe0\xa0\x80");
  EXPECT_EQ(raised_utf8("\xed\x9f\xbf"), "\xee\x80\x80");  // Over the surrogates.
  EXPECT_EQ(raised_utf8("\xef\xbf\xbf"), "\xf0\x90\x80\x80");
  EXPECT_EQ(raised_utf8("a\xf4\x8f\xbf\xbf"), "b");  // Nothing is above U+10FFFF.
  EXPECT_EQ(raised_utf8("\xf4\x8f\xbf\xbf"), std::nullopt);
  EXPECT_EQ(raised_utf8(""), std::nullopt);
  EXPECT_EQ(raised_bytes("a\xff\xff"), "b");
  EXPECT_EQ(raised_bytes("\x7f"), "\x80");
  EXPECT_EQ(raised_bytes("\xff\xff"), std::nullopt);
}

TEST(ParquetStatistics, EveryCharacterIsRaisedToTheNext) {
  std::string before;
  for (uint32_t code = 1; code <= 0x10ffff; code += code < 0x1000 ? 1 : 977) {
    if (code >= 0xd800 && code <= 0xdfff) continue;
    std::string text;
    const auto put = [&](uint32_t byte) { text.push_back(static_cast<char>(byte)); };
    if (code < 0x80) {
      put(code);
    } else {
      const int more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
      put((0xf00U >> more & 0xff) | code >> (6 * more));
      for (int i = more; i-- > 0;) put(0x80 | (code >> (6 * i) & 63));
    }
    const std::optional<std::string> raised = raised_utf8(text);
    if (!raised) continue;
    ASSERT_TRUE(is_utf8(*raised)) << code;
    ASSERT_GT(*raised, text + "\xf4\x8f\xbf\xbf") << code;
  }
}

TEST(ParquetStatistics, BytesAreCutAnywhere) {
  const ParquetStatistics found = bounds_of({std::string(70, '\xc3')}, false);
  EXPECT_EQ(found.min, std::string(64, '\xc3'));
  EXPECT_EQ(found.max, std::string(63, '\xc3') + "\xc4");
  const ParquetStatistics highest = bounds_of({std::string(70, '\xff')}, false);
  EXPECT_EQ(highest.min, std::string(64, '\xff'));
  EXPECT_FALSE(highest.max.has_value());
}

TEST(ParquetStatistics, WhatIsWritten) {
  ParquetStatistics statistics;
  statistics.min = "a";
  statistics.max = "b";
  statistics.max_exact = false;
  statistics.nulls = 3;
  std::string out;
  ThriftWriter writer(out);
  writer.begin_struct();
  write_statistics(writer, 12, statistics);
  writer.end_struct();
  std::string_view left = out;
  const Thrift read = ThriftReader(left).structure()[12];
  EXPECT_EQ(read[3].number, 3);
  EXPECT_EQ(read[5].bytes, "b");
  EXPECT_EQ(read[6].bytes, "a");
  EXPECT_EQ(read[7].number, 0);
  EXPECT_EQ(read[8].number, 1);
  EXPECT_FALSE(read.has(1) || read.has(2) || read.has(4) || read.has(9));
}

}  // namespace
}  // namespace sluice
