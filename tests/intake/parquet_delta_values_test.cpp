#include "intake/parquet_delta_values.h"

#include <gtest/gtest.h>

#include <limits>

#include "intake/made_parquet.h"
#include "support/caught.h"

namespace sluice {
namespace {

std::vector<std::string> texts(ParquetValues& values, size_t count) {
  std::vector<std::string> all;
  std::vector<ParquetValue> some(count);
  while (all.size() < count) {
    const size_t now = values.read(some.data(), count - all.size());
    for (size_t i = 0; i < now; ++i) all.emplace_back(some[i].view());
  }
  return all;
}

ParquetNode leaf_of(ParquetType type, size_t width = 0) {
  ParquetNode leaf;
  leaf.type = type;
  leaf.width = width;
  return leaf;
}
const ParquetNode kTextLeaf = leaf_of(ParquetType::kByteArray);

TEST(ParquetDeltaValues, NumbersWrapAroundAtTheirWidth) {
  const std::string bytes = delta_packed({2147483647, 2147483648});
  const auto read = [&](ParquetType type) {
    const ParquetNode leaf = leaf_of(type);
    ParquetValue values[2];
    EXPECT_EQ(make_delta_numbers(leaf, bytes, 2)->read(values, 2), 2U);
    return values[1].integer;
  };
  EXPECT_EQ(read(ParquetType::kInt64), 2147483648);
  EXPECT_EQ(read(ParquetType::kInt32), std::numeric_limits<int32_t>::min());
}

TEST(ParquetDeltaValues, LengthsThenBytes) {
  const std::string bytes = delta_packed({1, 0, 3}) + "abcd";
  const auto values = make_delta_length_texts(bytes, 3);
  EXPECT_EQ(texts(*values, 3), (std::vector<std::string>{"a", "", "bcd"}));
  EXPECT_ERROR(texts(*values, 1), kInvalid);
  EXPECT_ERROR(texts(*make_delta_length_texts(delta_packed({5}) + "abcd", 1), 1), kInvalid);
  EXPECT_ERROR(texts(*make_delta_length_texts(delta_packed({-1}) + "abcd", 1), 1), kInvalid);
}

TEST(ParquetDeltaValues, PrefixesOfTheValueBefore) {
  const std::string bytes = delta_packed({0, 2, 3, 0}) + delta_packed({3, 1, 2, 0}) + "abcdxy";
  const auto values = make_delta_texts(kTextLeaf, bytes, 4);
  EXPECT_EQ(texts(*values, 2), (std::vector<std::string>{"abc", "abd"}));
  EXPECT_EQ(texts(*values, 2), (std::vector<std::string>{"abdxy", ""})) << "over the piece's end";
}

TEST(ParquetDeltaValues, AMillionBytesOutOfFewComeInPieces) {
  const std::string first(100000, 'x');
  std::vector<int64_t> prefixes(50, 100000);
  std::vector<int64_t> suffixes(50, 0);
  prefixes[0] = 0;
  suffixes[0] = 100000;
  const std::string bytes = delta_packed(prefixes) + delta_packed(suffixes) + first;
  const auto values = make_delta_texts(kTextLeaf, bytes, 50);
  std::vector<ParquetValue> some(50);
  EXPECT_LT(values->read(some.data(), 50), 10U);
  EXPECT_EQ(texts(*values, 40), std::vector<std::string>(40, first));
}

TEST(ParquetDeltaValues, WhatMakesNoSenseIsInvalid) {
  const auto read = [](const std::vector<int64_t>& prefixes, const std::vector<int64_t>& suffixes,
                       const ParquetNode& leaf = kTextLeaf) {
    const std::string bytes = delta_packed(prefixes) + delta_packed(suffixes) + "abcdef";
    texts(*make_delta_texts(leaf, bytes, prefixes.size()), prefixes.size());
  };
  EXPECT_ERROR(read({1}, {3}), kInvalid) << "there is no value before";
  EXPECT_ERROR(read({0, 4}, {3, 0}), kInvalid);
  EXPECT_ERROR(read({0, -1}, {3, 0}), kInvalid);
  EXPECT_ERROR(read({0, 0}, {3}), kInvalid) << "fewer suffixes";
  EXPECT_ERROR(read({0}, {7}), kInvalid);
  EXPECT_NO_THROW(read({0, 1}, {3, 2}, leaf_of(ParquetType::kFixedLenByteArray, 3)));
  EXPECT_ERROR(read({0, 1}, {3, 1}, leaf_of(ParquetType::kFixedLenByteArray, 3)), kInvalid);
  EXPECT_ERROR(make_delta_length_texts(delta_packed({1, 1, 1}), 2), kInvalid)
      << "more than the page has values";
}

}  // namespace
}  // namespace sluice
