#include "intake/byte_stream.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "base/limits.h"
#include "support/caught.h"
#include "support/packed_bytes.h"

namespace sluice {
namespace {

using testing::HasSubstr;

std::string unpacked(std::string bytes, size_t piece = 1000) {
  const auto stream = open_byte_stream(range_in_memory(std::move(bytes)));
  std::string out;
  std::vector<char> buffer(piece);
  while (const size_t got = stream->read(buffer.data(), buffer.size())) {
    out.append(buffer.data(), got);
  }
  return out;
}

std::string sample(size_t size) {
  std::mt19937 random(7);
  std::string text;
  while (text.size() < size) text += "row " + std::to_string(random() % 1000) + "\n";
  return text;
}

TEST(ByteStream, PlainBytes) {
  EXPECT_EQ(unpacked(""), "");
  EXPECT_EQ(unpacked("a"), "a");
  EXPECT_EQ(unpacked(sample(300'000), 77), sample(300'000));
}

TEST(ByteStream, Gzip) {
  const std::string text = sample(300'000);
  EXPECT_EQ(unpacked(gzip_bytes(text)), text);
  EXPECT_EQ(unpacked(gzip_bytes("")), "");
  EXPECT_EQ(unpacked(gzip_bytes("a") + gzip_bytes("") + gzip_bytes(text), 13), "a" + text);
  EXPECT_EQ(unpacked(gzip_bytes("a") + std::string(100'000, '\0')), "a");
}

TEST(ByteStream, Zstd) {
  const std::string text = sample(300'000);
  EXPECT_EQ(unpacked(zstd_bytes(text)), text);
  EXPECT_EQ(unpacked(zstd_bytes("")), "");
  EXPECT_EQ(unpacked(zstd_bytes("a") + zstd_bytes(text), 13), "a" + text);
  EXPECT_EQ(unpacked(std::string("\x50\x2a\x4d\x18\x02\0\0\0xy", 10) + zstd_bytes("a")), "a");
}

/// Cut off anywhere it is an error, never a shorter text.
TEST(ByteStream, CutOff) {
  const std::string text = sample(5000);
  for (const std::string& whole : {gzip_bytes(text), zstd_bytes(text)}) {
    for (size_t size = 4; size < whole.size(); ++size) {
      const Error error = caught([&] { unpacked(whole.substr(0, size)); });
      ASSERT_EQ(error.code(), ErrorCode::kInvalid) << size;
      ASSERT_THAT(error.message(), HasSubstr("is cut off at byte")) << size;
    }
  }
}

/// With a bit flipped it is an error or, where that bit says nothing, the same text.
TEST(ByteStream, Broken) {
  const std::string text = sample(5000);
  for (const std::string& whole : {gzip_bytes(text), zstd_bytes(text)}) {
    int errors = 0;
    for (size_t i = 4; i < whole.size(); ++i) {
      std::string broken = whole;
      broken[i] = static_cast<char>(broken[i] ^ 0x10);
      try {
        ASSERT_EQ(unpacked(broken), text) << i;
      } catch (const Error& error) {
        ASSERT_TRUE(error.code() == ErrorCode::kInvalid || error.code() == ErrorCode::kTooLarge);
        ++errors;
      }
    }
    EXPECT_GT(errors, static_cast<int>(whole.size() * 9 / 10));
  }
  EXPECT_THAT(caught([] { unpacked(gzip_bytes("a") + "b"); }).message(),
              HasSubstr("is followed by something else at byte"));
  EXPECT_THAT(caught([] { unpacked(gzip_bytes("a") + std::string(99, '\0') + "b"); }).message(),
              HasSubstr("something else"));
  EXPECT_ERROR(unpacked(zstd_bytes("a") + "bcde"), kInvalid);
}

TEST(ByteStream, WhatSwellsIsGivenUp) {
  const std::string zeros(2 * limits::kUnpackedAlways, 'a');
  for (const std::string& bomb : {gzip_bytes(zeros), zstd_bytes(zeros)}) {
    ASSERT_LT(bomb.size() * limits::kUnpackedTimes, zeros.size());
    const auto stream = open_byte_stream(range_in_memory(bomb));
    std::vector<char> buffer(1 << 16);
    uint64_t total = 0;
    const Error error = caught([&] {
      while (const size_t got = stream->read(buffer.data(), buffer.size())) total += got;
    });
    EXPECT_EQ(error.code(), ErrorCode::kTooLarge);
    EXPECT_THAT(error.message(), HasSubstr(std::to_string(limits::kUnpackedAlways)));
    EXPECT_LE(total, limits::kUnpackedAlways);
  }
}

TEST(ByteStream, WindowsOfZstdAreBounded) {
  const std::string text = sample(100'000);
  EXPECT_EQ(unpacked(zstd_bytes(text, limits::kZstdWindowLog)), text);
  EXPECT_ERROR(unpacked(zstd_bytes(text, limits::kZstdWindowLog + 2)), kInvalid);
}

TEST(ByteStream, OthersAreNamed) {
  for (const auto& [begin, name] : {std::pair{"BZh91AY", "bzip2"},
                                    {"\xfd"
                                     "7zXZ",
                                     "xz"},
                                    {"PK\x03\x04zip", "zip"},
                                    {"\x04\x22\x4d\x18", "lz4"},
                                    {"PAR1", "Parquet"},
                                    {"\xff\xfe"
                                     "a",
                                     "UTF-16"}}) {
    const Error error = caught([&] { open_byte_stream(range_in_memory(begin)); });
    EXPECT_EQ(error.code(), ErrorCode::kInvalid);
    EXPECT_THAT(error.message(), HasSubstr(name));
  }
}

}  // namespace
}  // namespace sluice
