#include "engine/native_input.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/clickhouse_world.h"
#include "support/caught.h"

namespace sluice {
namespace {

/// The bytes in pieces of `size`.
MoreBytes in_pieces(std::string bytes, size_t size) {
  return [bytes = std::move(bytes), size, at = size_t{0}](std::string& out) mutable {
    if (at == bytes.size()) return false;
    out += bytes.substr(at, size);
    at = std::min(bytes.size(), at + size);
    return true;
  };
}

TEST(NativeInputTest, NumbersAndTextsComeWholeFromPiecesOfAnySize) {
  const std::string text(300, 'x');
  const std::string bytes = native_varint(7) + native_varint(1ULL << 62U) + native_string(text);
  for (const size_t size : {1U, 2U, 7U, 1000U}) {
    NativeInput input(in_pieces(bytes, size), 1000);
    EXPECT_EQ(input.take_varint(), 7U);
    EXPECT_EQ(input.take_varint(), 1ULL << 62U);
    EXPECT_EQ(input.take_string(), text);
    EXPECT_TRUE(input.at_end());
  }
}

TEST(NativeInputTest, AnEndInTheMiddleIsNoEnd) {
  NativeInput input(in_pieces("abc", 2), 1000);
  EXPECT_EQ(caught([&] { input.take(4); }).code(), ErrorCode::kUnavailable);
  EXPECT_EQ(input.unread(), "abc");
}

TEST(NativeInputTest, ABlockHasALimitAndForgettingBeginsTheNext) {
  NativeInput input(in_pieces(std::string(100, 'x'), 10), 40);
  input.take(40);
  EXPECT_EQ(caught([&] { input.take(1); }).code(), ErrorCode::kTooLarge);
  input.forget();
  EXPECT_EQ(input.take(40), 0U);
  EXPECT_EQ(caught([&] { input.take(SIZE_MAX); }).code(), ErrorCode::kTooLarge);
}

TEST(NativeInputTest, AVarintThatNeverEndsIsCorrupt) {
  NativeInput input(in_pieces(std::string(20, '\x80'), 20), 1000);
  EXPECT_EQ(caught([&] { input.take_varint(); }).code(), ErrorCode::kCorrupt);
}

TEST(NativeInputTest, TheRestCanBeLookedAt) {
  NativeInput input(in_pieces("0123456789", 3), 1000);
  input.take(1);
  input.read_rest(5);
  EXPECT_EQ(input.unread(), "12345");
  input.read_rest(100);
  EXPECT_EQ(input.unread(), "123456789");
  EXPECT_EQ(input.held(), "0123456789");
}

}  // namespace
}  // namespace sluice
