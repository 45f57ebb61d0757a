#include "intake/parquet_annotation.h"

#include <iterator>
#include <string>

#include "intake/page_bytes.h"

namespace sluice {
namespace {

using Annotation = ParquetAnnotation;

/// Digits of a fraction by the union TimeUnit.
int read_time_unit(ThriftDecoder& in, const ThriftField& field) {
  int digits = 0;
  if (!in.structure(field)) return digits;
  for (ThriftField unit; in.next(unit);) {
    if (unit.id >= 1 && unit.id <= 3) digits = 3 * static_cast<int>(unit.id);
    in.skip(unit);
  }
  return digits;
}

void read_decimal_type(ThriftDecoder& in, ParquetLogicalType& type) {
  for (ThriftField field; in.next(field);) {
    if (field.id == 1) {
      type.scale = in.int32(field);
    } else if (field.id == 2) {
      type.precision = in.int32(field);
    } else {
      in.skip(field);
    }
  }
}

/// TimeType and TimestampType.
void read_time_type(ThriftDecoder& in, ParquetLogicalType& type) {
  for (ThriftField field; in.next(field);) {
    if (field.id == 1) {
      type.utc = in.boolean(field);
    } else if (field.id == 2) {
      type.scale = read_time_unit(in, field);
    } else {
      in.skip(field);
    }
  }
}

void read_integer_type(ThriftDecoder& in, ParquetLogicalType& type) {
  for (ThriftField field; in.next(field);) {
    if (field.id == 1) {
      type.bits = in.int32(field);
    } else if (field.id == 2) {
      type.is_signed = in.boolean(field);
    } else {
      in.skip(field);
    }
  }
}

/// By the number of the choice in the union LogicalType.
Annotation annotation_of(int64_t choice) {
  constexpr Annotation kChoices[] = {
      Annotation::kNone,      Annotation::kString,  Annotation::kMap,     Annotation::kList,
      Annotation::kEnum,      Annotation::kDecimal, Annotation::kDate,    Annotation::kTime,
      Annotation::kTimestamp, Annotation::kNone,    Annotation::kInteger, Annotation::kNone,
      Annotation::kJson,      Annotation::kNone,    Annotation::kUuid,    Annotation::kFloat16,
      Annotation::kVariant};
  const bool known = choice >= 0 && choice < static_cast<int64_t>(std::size(kChoices));
  return known ? kChoices[choice] : Annotation::kNone;
}

bool is_number(const ParquetNode& leaf) {
  return leaf.type == ParquetType::kInt32 || leaf.type == ParquetType::kInt64;
}

/// What values are that nothing is said about.
ParquetMeaning plain_meaning(ParquetType type) {
  switch (type) {
    case ParquetType::kBoolean:
      return ParquetMeaning::kBoolean;
    case ParquetType::kInt32:
    case ParquetType::kInt64:
      return ParquetMeaning::kInteger;
    case ParquetType::kInt96:
      return ParquetMeaning::kInt96;
    case ParquetType::kFloat:
    case ParquetType::kDouble:
      return ParquetMeaning::kReal;
    case ParquetType::kByteArray:
    case ParquetType::kFixedLenByteArray:
      break;
  }
  return ParquetMeaning::kBytes;
}

void settle_decimal(ParquetNode& leaf, const ParquetLogicalType& logical) {
  /// What 32 bytes hold; nobody writes more.
  constexpr int kMostDigits = 76;
  if (logical.precision < 1 || logical.precision > kMostDigits || logical.scale < 0 ||
      logical.scale > logical.precision) {
    fail_damaged("column '" + shown_name(leaf.name) + "' is a decimal of " +
                 std::to_string(logical.precision) + " digits, " + std::to_string(logical.scale) +
                 " of them behind the point");
  }
  leaf.meaning = ParquetMeaning::kDecimal;
  leaf.precision = logical.precision;
  leaf.scale = logical.scale;
}

void settle_integer(ParquetNode& leaf, const ParquetLogicalType& logical) {
  const int most = leaf.type == ParquetType::kInt32 ? 32 : 64;
  const bool known =
      logical.bits == 8 || logical.bits == 16 || logical.bits == 32 || logical.bits == 64;
  if (known && logical.bits <= most) leaf.bits = logical.bits;
  if (!logical.is_signed) leaf.meaning = ParquetMeaning::kUnsigned;
}

void settle_time(ParquetNode& leaf, const ParquetLogicalType& logical, ParquetMeaning meaning) {
  if (logical.scale == 0) return;
  leaf.meaning = meaning;
  leaf.scale = logical.scale;
  leaf.utc = logical.utc && meaning == ParquetMeaning::kTimestamp;
}

bool is_fixed(const ParquetNode& leaf, size_t width) {
  return leaf.type == ParquetType::kFixedLenByteArray && leaf.width == width;
}

}  // namespace

ParquetLogicalType read_logical_type(ThriftDecoder& in, const ThriftField& field) {
  ParquetLogicalType type;
  if (!in.structure(field)) return type;
  for (ThriftField choice; in.next(choice);) {
    type.annotation = annotation_of(choice.id);
    if (!in.structure(choice)) return type;
    if (type.annotation == Annotation::kDecimal) {
      read_decimal_type(in, type);
    } else if (type.annotation == Annotation::kTime || type.annotation == Annotation::kTimestamp) {
      read_time_type(in, type);
    } else if (type.annotation == Annotation::kInteger) {
      read_integer_type(in, type);
    } else {
      in.skip(choice);
    }
  }
  return type;
}

ParquetLogicalType converted_type(int32_t number) {
  constexpr Annotation kTypes[] = {
      Annotation::kString, Annotation::kMap,       Annotation::kMap,      Annotation::kList,
      Annotation::kEnum,   Annotation::kDecimal,   Annotation::kDate,     Annotation::kTime,
      Annotation::kTime,   Annotation::kTimestamp, Annotation::kTimestamp};
  constexpr int32_t kTimeMicros = 8;
  constexpr int32_t kTimestampMicros = 10;
  constexpr int32_t kFirstUnsigned = 11;
  constexpr int32_t kFirstSigned = 15;
  constexpr int32_t kJson = 19;
  constexpr int32_t kInterval = 21;
  ParquetLogicalType type;
  if (number >= 0 && number < kFirstUnsigned) {
    type.annotation = kTypes[number];
    type.utc = true;
    type.scale = number == kTimeMicros || number == kTimestampMicros ? 6 : 3;
  } else if (number >= kFirstUnsigned && number < kJson) {
    type.annotation = Annotation::kInteger;
    type.is_signed = number >= kFirstSigned;
    type.bits = 8 << (number - (type.is_signed ? kFirstSigned : kFirstUnsigned));
  } else if (number == kJson) {
    type.annotation = Annotation::kJson;
  } else if (number == kInterval) {
    type.annotation = Annotation::kInterval;
  }
  return type;
}

void settle_meaning(ParquetNode& leaf, const ParquetLogicalType& logical) {
  leaf.meaning = plain_meaning(leaf.type);
  leaf.bits = leaf.type == ParquetType::kInt32 ? 32 : 64;
  const bool bytes = leaf.type == ParquetType::kByteArray;
  switch (logical.annotation) {
    case Annotation::kString:
    case Annotation::kEnum:
      if (bytes) leaf.meaning = ParquetMeaning::kText;
      return;
    case Annotation::kJson:
      if (bytes) leaf.meaning = ParquetMeaning::kJson;
      return;
    case Annotation::kDecimal:
      if (is_number(leaf) || bytes || leaf.type == ParquetType::kFixedLenByteArray) {
        settle_decimal(leaf, logical);
      }
      return;
    case Annotation::kDate:
      if (leaf.type == ParquetType::kInt32) leaf.meaning = ParquetMeaning::kDate;
      return;
    case Annotation::kTime:
      if (is_number(leaf)) settle_time(leaf, logical, ParquetMeaning::kTime);
      return;
    case Annotation::kTimestamp:
      if (leaf.type == ParquetType::kInt64) settle_time(leaf, logical, ParquetMeaning::kTimestamp);
      return;
    case Annotation::kInteger:
      if (is_number(leaf)) settle_integer(leaf, logical);
      return;
    case Annotation::kUuid:
      if (is_fixed(leaf, 16)) leaf.meaning = ParquetMeaning::kUuid;
      return;
    case Annotation::kFloat16:
      if (is_fixed(leaf, 2)) leaf.meaning = ParquetMeaning::kHalf;
      return;
    case Annotation::kInterval:
      if (is_fixed(leaf, 12)) leaf.meaning = ParquetMeaning::kInterval;
      return;
    case Annotation::kNone:
    case Annotation::kMap:
    case Annotation::kList:
    case Annotation::kVariant:
      return;
  }
}

}  // namespace sluice
