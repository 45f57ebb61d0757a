#include "intake/level_decoder.h"

#include <gtest/gtest.h>

#include <vector>

#include "intake/made_parquet.h"
#include "support/caught.h"

namespace sluice {
namespace {

using namespace std::string_view_literals;

std::vector<uint32_t> read(LevelDecoder decoder, size_t count) {
  std::vector<uint32_t> levels(count);
  decoder.read(levels.data(), count);
  return levels;
}

TEST(LevelDecoder, PagesOfVersionOneHaveThemInFront) {
  const std::string page = with_length("\x04\x02") + "values";
  PageBytes in(page);
  EXPECT_EQ(read(LevelDecoder::take_from(in, ParquetEncoding::kRle, 2, 2), 2),
            (std::vector<uint32_t>{2, 2}));
  EXPECT_EQ(in.rest(), "values");
}

TEST(LevelDecoder, TheDeprecatedPackingBeginsWithTheHighestBit) {
  // Encodings.md: 0 to 7 in three bits.
  PageBytes in("\x05\x39\x77values"sv);
  EXPECT_EQ(read(LevelDecoder::take_from(in, ParquetEncoding::kBitPacked, 7, 8), 8),
            (std::vector<uint32_t>{0, 1, 2, 3, 4, 5, 6, 7}));
  EXPECT_EQ(in.rest(), "values");
}

TEST(LevelDecoder, WithoutLevelsAllAreZeroAndNothingIsTaken) {
  PageBytes in("values");
  EXPECT_EQ(read(LevelDecoder::take_from(in, ParquetEncoding::kPlain, 0, 3), 3),
            (std::vector<uint32_t>{0, 0, 0}));
  EXPECT_EQ(in.rest(), "values");
}

TEST(LevelDecoder, WhatIsNoLevelIsInvalid) {
  PageBytes plain("values");
  EXPECT_ERROR(LevelDecoder::take_from(plain, ParquetEncoding::kPlain, 1, 3), kInvalid);
  PageBytes cut("\x10\x00\x00\x00\x02"sv);
  EXPECT_ERROR(LevelDecoder::take_from(cut, ParquetEncoding::kRle, 1, 3), kInvalid);
  EXPECT_ERROR(read(LevelDecoder::of("\x04\x03", 2), 2), kInvalid) << "3 of at most 2";
  EXPECT_ERROR(read(LevelDecoder::of("\x04\x01", 1), 3), kInvalid) << "too few";
  PageBytes packed("\xff"sv);
  EXPECT_ERROR(read(LevelDecoder::take_from(packed, ParquetEncoding::kBitPacked, 2, 4), 4),
               kInvalid);
  PageBytes short_one("\xff"sv);
  EXPECT_ERROR(read(LevelDecoder::take_from(short_one, ParquetEncoding::kBitPacked, 1, 8), 9),
               kInvalid);
}

}  // namespace
}  // namespace sluice
