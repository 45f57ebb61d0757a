#include "intake/parquet_annotation.h"

#include <gtest/gtest.h>

#include "format/thrift_writer.h"
#include "support/caught.h"

namespace sluice {
namespace {

/// The union LogicalType that `write` puts its choice into.
template <class Write>
ParquetLogicalType logical(const Write& write) {
  std::string bytes;
  ThriftWriter writer(bytes);
  writer.begin_struct();
  writer.begin_struct(10);
  write(writer);
  writer.end_struct();
  writer.end_struct();
  ThriftDecoder in(bytes);
  ThriftField field;
  EXPECT_TRUE(in.next(field));
  const ParquetLogicalType type = read_logical_type(in, field);
  EXPECT_FALSE(in.failed());
  return type;
}

ParquetNode settled(ParquetType type, const ParquetLogicalType& logical_type, size_t width = 0) {
  ParquetNode leaf;
  leaf.name = "x";
  leaf.type = type;
  leaf.width = width;
  settle_meaning(leaf, logical_type);
  return leaf;
}

ParquetLogicalType says(ParquetAnnotation annotation) {
  ParquetLogicalType type;
  type.annotation = annotation;
  return type;
}

TEST(ParquetAnnotation, LogicalTypesWithTheirFields) {
  const auto time = logical([](ThriftWriter& writer) {
    writer.begin_struct(8);
    writer.boolean(1, true);
    writer.begin_struct(2);
    writer.empty_struct(3);
    writer.end_struct();
    writer.end_struct();
  });
  EXPECT_EQ(time.annotation, ParquetAnnotation::kTimestamp);
  EXPECT_EQ(time.scale, 9);
  EXPECT_TRUE(time.utc);
  const auto decimal = logical([](ThriftWriter& writer) {
    writer.begin_struct(5);
    writer.int32(1, 2);
    writer.int32(2, 10);
    writer.end_struct();
  });
  EXPECT_EQ(decimal.annotation, ParquetAnnotation::kDecimal);
  EXPECT_EQ(decimal.scale, 2);
  EXPECT_EQ(decimal.precision, 10);
  const auto integer = logical([](ThriftWriter& writer) {
    writer.begin_struct(10);
    writer.byte(1, 16);
    writer.boolean(2, false);
    writer.end_struct();
  });
  EXPECT_EQ(integer.annotation, ParquetAnnotation::kInteger);
  EXPECT_EQ(integer.bits, 16);
  EXPECT_FALSE(integer.is_signed);
  EXPECT_EQ(logical([](ThriftWriter& writer) { writer.empty_struct(14); }).annotation,
            ParquetAnnotation::kUuid);
  EXPECT_EQ(logical([](ThriftWriter& writer) { writer.empty_struct(99); }).annotation,
            ParquetAnnotation::kNone);
}

TEST(ParquetAnnotation, ConvertedTypes) {
  EXPECT_EQ(converted_type(0).annotation, ParquetAnnotation::kString);
  EXPECT_EQ(converted_type(3).annotation, ParquetAnnotation::kList);
  EXPECT_EQ(converted_type(7).scale, 3);
  EXPECT_EQ(converted_type(8).scale, 6);
  EXPECT_EQ(converted_type(9).annotation, ParquetAnnotation::kTimestamp);
  EXPECT_EQ(converted_type(10).scale, 6);
  EXPECT_TRUE(converted_type(10).utc);
  EXPECT_EQ(converted_type(12).bits, 16);
  EXPECT_FALSE(converted_type(14).is_signed);
  EXPECT_EQ(converted_type(15).bits, 8);
  EXPECT_TRUE(converted_type(18).is_signed);
  EXPECT_EQ(converted_type(18).bits, 64);
  EXPECT_EQ(converted_type(19).annotation, ParquetAnnotation::kJson);
  EXPECT_EQ(converted_type(21).annotation, ParquetAnnotation::kInterval);
  EXPECT_EQ(converted_type(-1).annotation, ParquetAnnotation::kNone);
  EXPECT_EQ(converted_type(22).annotation, ParquetAnnotation::kNone);
}

TEST(ParquetAnnotation, WhatCanNotBeOfATypeIsLeftOut) {
  EXPECT_EQ(settled(ParquetType::kInt32, says(ParquetAnnotation::kString)).meaning,
            ParquetMeaning::kInteger);
  EXPECT_EQ(settled(ParquetType::kDouble, says(ParquetAnnotation::kDecimal)).meaning,
            ParquetMeaning::kReal);
  EXPECT_EQ(settled(ParquetType::kInt64, says(ParquetAnnotation::kDate)).meaning,
            ParquetMeaning::kInteger);
  EXPECT_EQ(settled(ParquetType::kFixedLenByteArray, says(ParquetAnnotation::kUuid), 15).meaning,
            ParquetMeaning::kBytes);
  EXPECT_EQ(settled(ParquetType::kFixedLenByteArray, says(ParquetAnnotation::kFloat16), 3).meaning,
            ParquetMeaning::kBytes);
  EXPECT_EQ(settled(ParquetType::kInt64, says(ParquetAnnotation::kTimestamp)).meaning,
            ParquetMeaning::kInteger)
      << "without a unit";
}

TEST(ParquetAnnotation, MeaningsAndTheirDetails) {
  EXPECT_EQ(settled(ParquetType::kInt32, converted_type(11)).bits, 8);
  EXPECT_EQ(settled(ParquetType::kInt32, converted_type(14)).bits, 32) << "64 do not fit";
  EXPECT_EQ(settled(ParquetType::kInt64, converted_type(14)).meaning, ParquetMeaning::kUnsigned);
  EXPECT_EQ(settled(ParquetType::kByteArray, converted_type(4)).meaning, ParquetMeaning::kText);
  EXPECT_EQ(settled(ParquetType::kInt96, {}).meaning, ParquetMeaning::kInt96);
  EXPECT_TRUE(settled(ParquetType::kInt64, converted_type(9)).utc);
  EXPECT_FALSE(settled(ParquetType::kInt32, converted_type(7)).utc) << "a time of day";
}

TEST(ParquetAnnotation, DecimalsWithoutSensibleDigitsAreInvalid) {
  ParquetLogicalType decimal = says(ParquetAnnotation::kDecimal);
  for (const auto& [precision, scale] : {std::pair{0, 0}, {77, 0}, {5, 6}, {5, -1}, {-1, 0}}) {
    decimal.precision = precision;
    decimal.scale = scale;
    EXPECT_ERROR(settled(ParquetType::kInt32, decimal), kInvalid);
  }
  decimal.precision = 76;
  decimal.scale = 76;
  EXPECT_EQ(settled(ParquetType::kByteArray, decimal).scale, 76);
}

}  // namespace
}  // namespace sluice
