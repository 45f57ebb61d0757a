#include "format/thrift_writer.h"

#include <gtest/gtest.h>

#include <limits>

#include "format/parquet_reader.h"

namespace sluice {
namespace {

TEST(ThriftWriter, BytesOfTheSpecification) {
  std::string out;
  ThriftWriter writer(out);
  writer.begin_struct();
  writer.int32(1, 1);
  writer.int64(2, -1);
  writer.binary(3, "ab");
  writer.boolean(4, true);
  writer.boolean(5, false);
  writer.int16(21, 300);
  writer.byte(22, -2);
  writer.empty_struct(23);
  writer.list(24, ThriftWriter::Element::kInt32, 2);
  writer.element(5);
  writer.element(-3);
  writer.end_struct();
  const std::string wanted(
      "\x15\x02"  // 1: i32
      "\x16\x01"  // 2: i64
      "\x18\x02"
      "ab"                // 3: binary
      "\x11\x12"          // 4, 5: the type is the value
      "\x04\x2a\xd8\x04"  // 21: too far for a step
      "\x13\xfe"          // 22: byte
      "\x1c\x00"          // 23: a struct that ends at once
      "\x19\x25\x0a\x05"  // 24: two i32
      "\x00",
      23);
  EXPECT_EQ(out, wanted);
}

TEST(ThriftWriter, WhatIsWrittenIsRead) {
  std::string out;
  ThriftWriter writer(out);
  writer.begin_struct();
  writer.int64(1, std::numeric_limits<int64_t>::min());
  writer.int64(2, std::numeric_limits<int64_t>::max());
  writer.begin_struct(3);
  writer.binary(100, std::string(1000, 'x'));
  writer.end_struct();
  writer.list(4, ThriftWriter::Element::kStruct, 15);
  for (int i = 0; i < 15; ++i) {
    writer.begin_struct();
    writer.int32(1, i);
    writer.end_struct();
  }
  writer.list(5, ThriftWriter::Element::kBinary, 1);
  writer.element("name");
  writer.end_struct();

  std::string_view left = out;
  const Thrift read = ThriftReader(left).structure();
  EXPECT_TRUE(left.empty());
  EXPECT_EQ(read[1].number, std::numeric_limits<int64_t>::min());
  EXPECT_EQ(read[2].number, std::numeric_limits<int64_t>::max());
  EXPECT_EQ(read[3][100].bytes.size(), 1000U);
  ASSERT_EQ(read[4].list.size(), 15U);
  EXPECT_EQ(read[4].list[14][1].number, 14);
  EXPECT_EQ(read[5].list.at(0).bytes, "name");
}

TEST(ThriftWriter, Varints) {
  const auto varint = [](uint64_t value) {
    std::string out;
    append_varint(out, value);
    return out;
  };
  EXPECT_EQ(varint(0), std::string(1, '\0'));
  EXPECT_EQ(varint(127), "\x7f");
  EXPECT_EQ(varint(128), "\x80\x01");
  EXPECT_EQ(varint(~uint64_t{0}), "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01");
}

}  // namespace
}  // namespace sluice
