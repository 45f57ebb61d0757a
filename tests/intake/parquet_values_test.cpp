#include "intake/parquet_values.h"

#include <gtest/gtest.h>

#include "intake/made_parquet.h"
#include "support/caught.h"

namespace sluice {
namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;

ParquetNode leaf_of(ParquetType type, size_t width = 0) {
  ParquetNode leaf;
  leaf.type = type;
  leaf.width = width;
  return leaf;
}

struct Values {
  ParquetNode leaf;
  ParquetEncoding encoding;
  std::string bytes;
  std::vector<ParquetValue> dictionary = {};

  /// `count` of them, as many at a time as come.
  template <class Each>
  auto read(size_t count, const Each& each) const {
    ParquetPage page;
    page.encoding = encoding;
    page.values = count;
    const auto values =
        make_parquet_values(leaf, page, bytes, dictionary.empty() ? nullptr : &dictionary);
    std::vector<decltype(each(ParquetValue()))> all;
    std::vector<ParquetValue> some(count);
    while (all.size() < count) {
      const size_t now = values->read(some.data(), count - all.size());
      for (size_t i = 0; i < now; ++i) all.push_back(each(some[i]));
    }
    return all;
  }
  std::vector<int64_t> integers(size_t count) const {
    return read(count, [](const ParquetValue& value) { return value.integer; });
  }
  std::vector<double> reals(size_t count) const {
    return read(count, [](const ParquetValue& value) { return value.real; });
  }
  std::vector<std::string> texts(size_t count) const {
    return read(count, [](const ParquetValue& value) {
      return value.size == 0 ? "" : std::string(value.view());
    });
  }
};

TEST(ParquetValues, PlainOfEveryType) {
  using enum ParquetType;
  constexpr auto kPlain = ParquetEncoding::kPlain;
  EXPECT_EQ((Values{leaf_of(kInt32), kPlain, plain<int32_t>({-1, 5})}.integers(2)),
            (std::vector<int64_t>{-1, 5}));
  EXPECT_EQ((Values{leaf_of(kInt64), kPlain, plain<int64_t>({-1, 5})}.integers(2)),
            (std::vector<int64_t>{-1, 5}));
  EXPECT_EQ((Values{leaf_of(kFloat), kPlain, plain<float>({1.5F})}.reals(1)),
            (std::vector<double>{1.5}));
  EXPECT_EQ((Values{leaf_of(kDouble), kPlain, plain<double>({-2.5})}.reals(1)),
            (std::vector<double>{-2.5}));
  EXPECT_EQ((Values{leaf_of(kBoolean), kPlain, "\x05\x01"}.integers(9)),
            (std::vector<int64_t>{1, 0, 1, 0, 0, 0, 0, 0, 1}));
  EXPECT_EQ((Values{leaf_of(kByteArray), kPlain, plain_texts({"a", "", "bc"})}.texts(3)),
            (std::vector<std::string>{"a", "", "bc"}));
  EXPECT_EQ((Values{leaf_of(kFixedLenByteArray, 3), kPlain, "abcdef"}.texts(2)),
            (std::vector<std::string>{"abc", "def"}));
  EXPECT_EQ((Values{leaf_of(kInt96), kPlain, "0123456789ab"}.texts(1)),
            (std::vector<std::string>{"0123456789ab"}));
}

TEST(ParquetValues, PlainThatEndsTooSoon) {
  using enum ParquetType;
  constexpr auto kPlain = ParquetEncoding::kPlain;
  EXPECT_ERROR((Values{leaf_of(kInt32), kPlain, "abc"}.integers(1)), kInvalid);
  EXPECT_ERROR((Values{leaf_of(kBoolean), kPlain, "a"}.integers(9)), kInvalid);
  EXPECT_ERROR((Values{leaf_of(kByteArray), kPlain, "\xff\xff\xff\xff x"}.texts(1)), kInvalid);
  EXPECT_ERROR((Values{leaf_of(kByteArray), kPlain, "abc"}.texts(1)), kInvalid);
  EXPECT_ERROR((Values{leaf_of(kFixedLenByteArray, 9), kPlain, "abcdef"}.texts(1)), kInvalid);
}

TEST(ParquetValues, NumbersOfADictionary) {
  std::vector<ParquetValue> dictionary(3);
  for (int64_t i = 0; i < 3; ++i) dictionary[static_cast<size_t>(i)].integer = 10 * i;
  Values values{leaf_of(ParquetType::kInt64), ParquetEncoding::kRleDictionary,
                "\x02" + packed_run({2, 0, 1, 1}, 2), dictionary};
  EXPECT_EQ(values.integers(4), (std::vector<int64_t>{20, 0, 10, 10}));
  values.encoding = ParquetEncoding::kPlainDictionary;
  EXPECT_EQ(values.integers(1), std::vector<int64_t>{20});
  values.bytes = "\x02" + packed_run({3}, 2);
  const Error error = caught([&] { values.integers(1); });
  EXPECT_EQ(error.code(), ErrorCode::kInvalid);
  EXPECT_NE(error.message().find("number 3 in a dictionary of 3"), std::string::npos);
  values.bytes = "\x21\x02\x01";
  EXPECT_ERROR(values.integers(1), kInvalid);
  values.dictionary.clear();
  EXPECT_NE(caught([&] { values.integers(1); }).message().find("there is none"), std::string::npos);
}

TEST(ParquetValues, RunsOfBooleans) {
  const Values values{leaf_of(ParquetType::kBoolean), ParquetEncoding::kRle,
                      with_length("\x06\x01\x04\x00"sv)};
  EXPECT_EQ(values.integers(5), (std::vector<int64_t>{1, 1, 1, 0, 0}));
  EXPECT_ERROR(values.integers(6), kInvalid);
}

TEST(ParquetValues, StreamsOfBytes) {
  using enum ParquetType;
  constexpr auto kSplit = ParquetEncoding::kByteStreamSplit;
  EXPECT_EQ((Values{leaf_of(kFixedLenByteArray, 3), kSplit, "adbecf"}.texts(2)),
            (std::vector<std::string>{"abc", "def"}));
  EXPECT_EQ((Values{leaf_of(kInt32), kSplit, "\x01\x02\x00\x00\x00\x00\x00\xff"s}.integers(2)),
            (std::vector<int64_t>{1, 0x02 - 0x1000000}));
  const std::string many = plain<double>(std::vector<double>(3000, 0.0));
  EXPECT_EQ((Values{leaf_of(kDouble), kSplit, many}.reals(3000)), std::vector<double>(3000, 0.0));
  EXPECT_ERROR((Values{leaf_of(kDouble), kSplit, many}.reals(3001)), kInvalid);
  EXPECT_ERROR((Values{leaf_of(kDouble), kSplit, "1234567"}.reals(1)), kInvalid);
}

TEST(ParquetValues, EncodingsThatATypeCanNotHaveAreNamed) {
  using enum ParquetType;
  const auto refused = [](ParquetType type, ParquetEncoding encoding) {
    return caught([&] {
             Values{leaf_of(type, 4), encoding, std::string(64, '\0')}.integers(1);
           })
        .message();
  };
  EXPECT_NE(refused(kByteArray, ParquetEncoding::kRle).find("the encoding RLE, "),
            std::string::npos);
  EXPECT_NE(refused(kDouble, ParquetEncoding::kDeltaBinaryPacked).find("DELTA_BINARY_PACKED"),
            std::string::npos);
  EXPECT_NE(refused(kInt32, ParquetEncoding::kDeltaByteArray).find("DELTA_BYTE_ARRAY"),
            std::string::npos);
  EXPECT_NE(refused(kInt32, ParquetEncoding::kDeltaLengthByteArray).find("DELTA_LENGTH_BYTE_ARRAY"),
            std::string::npos);
  EXPECT_NE(refused(kByteArray, ParquetEncoding::kByteStreamSplit).find("BYTE_STREAM_SPLIT"),
            std::string::npos);
  EXPECT_NE(refused(kInt32, ParquetEncoding::kBitPacked).find("BIT_PACKED"), std::string::npos);
  EXPECT_NE(refused(kInt32, ParquetEncoding(77)).find("the encoding 77, "), std::string::npos);
}

}  // namespace
}  // namespace sluice
