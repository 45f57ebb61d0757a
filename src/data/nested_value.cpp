#include "data/nested_value.h"

#include <cstring>

namespace sluice {

void NestedWriter::begin(uint32_t count) {
  append(ValueType::kNested);
  append(count);
}

void NestedWriter::put(const Cell& cell) {
  append(cell.type);
  if (cell.type == ValueType::kNull) return;
  append(cell.integer);  // The same eight bytes as `real`.
  if (cell.type == ValueType::kTimestamp) append(static_cast<uint8_t>(cell.size));
}

void NestedWriter::put_bytes(ValueType type, std::string_view bytes) {
  append(type);
  append(static_cast<uint32_t>(bytes.size()));
  out_.append(bytes);
}

template <class Value>
Value NestedReader::take() {
  Value value;
  std::memcpy(&value, left_.data(), sizeof value);
  left_.remove_prefix(sizeof value);
  return value;
}

NestedPart NestedReader::next() {
  NestedPart part;
  part.cell.type = take<ValueType>();
  switch (part.cell.type) {
    case ValueType::kNull:
      break;
    case ValueType::kNested:
      part.cell.size = take<uint32_t>();
      break;
    case ValueType::kText:
    case ValueType::kBlob:
    case ValueType::kNumber:
      part.cell.size = take<uint32_t>();
      part.bytes = left_.substr(0, part.cell.size);
      left_.remove_prefix(part.cell.size);
      break;
    case ValueType::kTimestamp:
      part.cell.integer = take<int64_t>();
      part.cell.size = take<uint8_t>();
      break;
    case ValueType::kInteger:
    case ValueType::kReal:
    case ValueType::kBoolean:
    case ValueType::kSingle:
    case ValueType::kDate:
      part.cell.integer = take<int64_t>();
  }
  return part;
}

}  // namespace sluice
