#include "intake/delta_decoder.h"

#include <gtest/gtest.h>

#include <limits>
#include <random>
#include <vector>

#include "intake/made_parquet.h"
#include "support/caught.h"

namespace sluice {
namespace {

using namespace std::string_view_literals;

std::vector<int64_t> decoded(std::string_view bytes) {
  DeltaDecoder decoder(bytes);
  std::vector<int64_t> numbers(static_cast<size_t>(decoder.left()));
  decoder.read(numbers.data(), numbers.size());
  return numbers;
}

TEST(DeltaDecoder, TheExampleOfTheFormat) {
  // Encodings.md: 7, 5, 3, 1, 2, 3, 4, 5 has deltas -2, -2, -2, 1...: least -2, then two bits each.
  const std::string bytes = "\x80\x01\x04\x08\x0e\x03" +
                            std::string("\x02\x00\x00\x00\xc0\x3f\x00\x00\x00\x00\x00\x00", 12);
  EXPECT_EQ(decoded(bytes), (std::vector<int64_t>{7, 5, 3, 1, 2, 3, 4, 5}));
}

TEST(DeltaDecoder, FewNumbersOfOnlyTheHeader) {
  EXPECT_EQ(decoded(delta_packed({})), std::vector<int64_t>());
  EXPECT_EQ(decoded(delta_packed({-5})), std::vector<int64_t>{-5});
}

TEST(DeltaDecoder, AnyNumbersInPiecesOfAnySize) {
  std::mt19937_64 random(2);
  std::vector<int64_t> numbers = {0, std::numeric_limits<int64_t>::min(),
                                  std::numeric_limits<int64_t>::max(), -1};
  while (numbers.size() < 1000) numbers.push_back(static_cast<int64_t>(random()));
  const std::string bytes = delta_packed(numbers) + "behind";
  DeltaDecoder decoder(bytes);
  std::vector<int64_t> read(numbers.size());
  for (size_t at = 0; at < read.size();) {
    const size_t piece = std::min<size_t>(read.size() - at, random() % 50);
    decoder.read(read.data() + at, piece);
    at += piece;
  }
  EXPECT_EQ(read, numbers);
  EXPECT_EQ(decoder.left(), 0U);
  EXPECT_EQ(DeltaDecoder(bytes).behind(), "behind");
}

TEST(DeltaDecoder, WhatMakesNoSenseIsInvalid) {
  int64_t number = 0;
  EXPECT_ERROR(DeltaDecoder(""), kInvalid);
  EXPECT_ERROR(DeltaDecoder("\x00\x04\x01\x00"sv), kInvalid) << "blocks of nothing";
  EXPECT_ERROR(DeltaDecoder("\x80\x01\x00\x01\x00"sv), kInvalid) << "no miniblocks";
  EXPECT_ERROR(DeltaDecoder("\x80\x01\x20\x01\x00"sv), kInvalid) << "miniblocks of 4";
  EXPECT_ERROR(DeltaDecoder("\xff\xff\xff\xff\x0f\x01\x01\x00"sv), kInvalid) << "a huge block";
  EXPECT_ERROR(DeltaDecoder(delta_packed({})).read(&number, 1), kInvalid);
  const std::string cut = delta_packed({1, 2, 3});
  EXPECT_ERROR(decoded(std::string_view(cut).substr(0, cut.size() - 1)), kInvalid);
  EXPECT_ERROR(decoded("\x80\x01\x04\x02\x00\x00\x41\x00\x00\x00"sv), kInvalid) << "65 bits";
}

}  // namespace
}  // namespace sluice
