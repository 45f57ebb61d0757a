#include "data/thrift_decoder.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace sluice {
namespace {

/// 1: i32 1, 2: i64 -1, 3: binary "ab", 4: true, 5: false, 21: i16 300, 22: byte -2, 23: an empty
/// struct, 24: two empty structs, 25: a map of two, 26: a list of booleans, 27: double.
const std::string kEverything(
    "\x15\x02\x16\x01\x18\x02"
    "ab\x11\x12\x04\x2a\xd8\x04\x13\xfe\x1c\x00\x19\x2c\x00\x00\x1b\x02\x58\x02\x01x\x04\x01y"
    "\x19\x21\x01\x02\x17"
    "12345678\x00",
    45);

TEST(ThriftDecoder, ReadsWhatTheSpecificationWrites) {
  ThriftDecoder in(kEverything);
  ThriftField field;
  const auto next = [&](int64_t id) {
    EXPECT_TRUE(in.next(field));
    EXPECT_EQ(field.id, id);
    return field;
  };
  EXPECT_EQ(in.int32(next(1)), 1);
  EXPECT_EQ(in.integer(next(2)), -1);
  EXPECT_EQ(in.binary(next(3)), "ab");
  EXPECT_TRUE(in.boolean(next(4)));
  EXPECT_FALSE(in.boolean(next(5)));
  EXPECT_EQ(in.integer(next(21)), 300);
  EXPECT_EQ(in.integer(next(22)), -2);
  EXPECT_TRUE(in.structure(next(23)));
  ThriftField inner;
  EXPECT_FALSE(in.next(inner));
  EXPECT_EQ(in.list_of_structs(next(24)), 2U);
  EXPECT_FALSE(in.next(inner));
  EXPECT_FALSE(in.next(inner));
  in.skip(next(25));
  in.skip(next(26));
  in.skip(next(27));
  EXPECT_FALSE(in.next(field));
  EXPECT_FALSE(in.failed());
  EXPECT_EQ(in.left(), 0U);
}

TEST(ThriftDecoder, SkippingPassesEverything) {
  ThriftDecoder in(kEverything);
  int fields = 0;
  for (ThriftField field; in.next(field); ++fields) in.skip(field);
  EXPECT_FALSE(in.failed());
  EXPECT_EQ(fields, 12);
  EXPECT_EQ(in.left(), 0U);
}

TEST(ThriftDecoder, WhatIsCutShortHasFailed) {
  for (size_t size = 0; size < kEverything.size(); ++size) {
    ThriftDecoder in(std::string_view(kEverything).substr(0, size));
    for (ThriftField field; in.next(field);) in.skip(field);
    EXPECT_TRUE(in.failed()) << size;
  }
}

TEST(ThriftDecoder, AnotherTypeThanAskedForHasFailed) {
  const auto after = [](std::string_view bytes, const auto& read) {
    ThriftDecoder in(bytes);
    ThriftField field;
    EXPECT_TRUE(in.next(field));
    read(in, field);
    return in.failed();
  };
  const auto integer = [](ThriftDecoder& in, ThriftField& field) { in.integer(field); };
  const auto narrow = [](ThriftDecoder& in, ThriftField& field) { in.int32(field); };
  const auto binary = [](ThriftDecoder& in, ThriftField& field) { in.binary(field); };
  const auto list = [](ThriftDecoder& in, ThriftField& field) { in.list_of_structs(field); };
  EXPECT_TRUE(after("\x18\x01x", integer));
  EXPECT_FALSE(after("\x16\xff\xff\xff\xff\x0f", narrow)) << "the least i32";
  EXPECT_TRUE(after("\x16\x80\x80\x80\x80\x10", narrow)) << "one more than the largest";
  EXPECT_TRUE(after("\x15\x02", binary));
  EXPECT_TRUE(after("\x18\x7fxyz", binary)) << "longer than all there is";
  EXPECT_TRUE(after("\x19\x25\x02\x02", list)) << "a list of numbers";
  EXPECT_TRUE(after("\x19\xfc\xff\xff\xff\xff\x7f\x01", list)) << "more than there are bytes";
}

TEST(ThriftDecoder, ThousandsOfLevelsEndInFailure) {
  const std::string deep(10000, '\x1c');
  ThriftDecoder in(deep);
  ThriftField field;
  ASSERT_TRUE(in.next(field));
  in.skip(field);
  EXPECT_TRUE(in.failed());
  const std::string lists(10000, '\x19');
  ThriftDecoder of_lists(lists);
  field = {};
  ASSERT_TRUE(of_lists.next(field));
  of_lists.skip(field);
  EXPECT_TRUE(of_lists.failed());
}

TEST(ThriftDecoder, AnyBytesComeToAnEnd) {
  std::mt19937 random(6);
  for (int i = 0; i < 20000; ++i) {
    std::string bytes(random() % 60, '\0');
    for (char& byte : bytes) byte = static_cast<char>(random());
    ThriftDecoder in(bytes);
    size_t fields = 0;
    for (ThriftField field; in.next(field); ++fields) in.skip(field);
    EXPECT_LE(fields, bytes.size());
  }
}

}  // namespace
}  // namespace sluice
