#include "intake/rle_decoder.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "intake/made_parquet.h"
#include "support/caught.h"

namespace sluice {
namespace {

using namespace std::string_view_literals;

std::vector<uint32_t> decoded(std::string_view bytes, unsigned width, size_t count) {
  RleDecoder decoder(bytes, width);
  std::vector<uint32_t> numbers(count);
  decoder.read(numbers.data(), count);
  return numbers;
}

TEST(RleDecoder, TheExampleOfTheFormat) {
  // Encodings.md: 0 to 7 in three bits.
  EXPECT_EQ(decoded("\x03\x88\xc6\xfa"sv, 3, 8), (std::vector<uint32_t>{0, 1, 2, 3, 4, 5, 6, 7}));
}

TEST(RleDecoder, RunsAndPackedNumbersFollowEachOther) {
  const std::string bytes = "\x06\x05" + packed_run({1, 2, 3, 4, 5, 6, 7, 0}, 3) + "\x04\x02";
  EXPECT_EQ(decoded(bytes, 3, 13), (std::vector<uint32_t>{5, 5, 5, 1, 2, 3, 4, 5, 6, 7, 0, 2, 2}));
  EXPECT_EQ(decoded("\x04\x01\x02\x03\x04"sv, 32, 2),
            (std::vector<uint32_t>{0x04030201, 0x04030201}));
  EXPECT_EQ(decoded("\x06"sv, 0, 3), (std::vector<uint32_t>{0, 0, 0}));
  EXPECT_EQ(decoded("\x03"sv, 0, 8), std::vector<uint32_t>(8, 0));
}

TEST(RleDecoder, EveryWidthInPiecesOfAnySize) {
  std::mt19937 random(1);
  for (unsigned width = 1; width <= 32; ++width) {
    std::vector<uint32_t> numbers(800);
    for (uint32_t& number : numbers) number = static_cast<uint32_t>(random() >> (32 - width));
    const std::string bytes = packed_run(numbers, width);
    RleDecoder decoder(bytes, width);
    std::vector<uint32_t> read(numbers.size());
    for (size_t at = 0; at < read.size();) {
      const size_t piece = std::min<size_t>(read.size() - at, random() % 70);
      decoder.read(read.data() + at, piece);
      at += piece;
    }
    EXPECT_EQ(read, numbers) << width;
  }
}

TEST(RleDecoder, ALastGroupMayBeCut) {
  const std::string bytes = packed_run({1, 2, 3}, 8).substr(0, 4);
  EXPECT_EQ(decoded(bytes, 8, 3), (std::vector<uint32_t>{1, 2, 3}));
  EXPECT_ERROR(decoded(bytes, 8, 4), kInvalid);
}

TEST(RleDecoder, WhatMakesNoSenseIsInvalid) {
  EXPECT_ERROR(decoded("", 1, 1), kInvalid);
  EXPECT_ERROR(decoded("\x06"sv, 8, 3), kInvalid);
  EXPECT_ERROR(decoded("\x00\x00\x00\x00"sv, 8, 1), kInvalid);
  EXPECT_ERROR(decoded("\x03"sv, 8, 1), kInvalid);
  EXPECT_ERROR(decoded("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\x01"sv, 8, 1), kInvalid);
  EXPECT_ERROR(RleDecoder("\x02\x01"sv, 33), kInvalid);
}

}  // namespace
}  // namespace sluice
