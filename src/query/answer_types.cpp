#include "query/answer_types.h"

#include <optional>

#include "format/column_types.h"

namespace sluice {
namespace {

constexpr uint16_t bit(ValueType type) {
  return static_cast<uint16_t>(1U << static_cast<unsigned>(type));
}
constexpr uint16_t kInteger = bit(ValueType::kInteger);
constexpr uint16_t kReal = bit(ValueType::kReal);
constexpr uint16_t kText = bit(ValueType::kText);

std::string declared_name(const ColumnType& type) {
  switch (type.kind) {
    case ColumnKind::kInteger:
      return "Int64";
    case ColumnKind::kReal:
      return "Float64";
    case ColumnKind::kBoolean:
      return "UInt8";
    case ColumnKind::kDate:
      return "Date";
    case ColumnKind::kTimestamp:
      return "DateTime";
    case ColumnKind::kDecimal:
      return "Decimal(" + std::to_string(type.precision) + ", " + std::to_string(type.scale) + ")";
    case ColumnKind::kText:
    case ColumnKind::kBytes:
    // No declaration of a table comes to these.
    case ColumnKind::kUnsigned:
    case ColumnKind::kSingle:
    case ColumnKind::kList:
    case ColumnKind::kMap:
    case ColumnKind::kStruct:
      break;
  }
  return "String";
}

/// The type of these values, where a declaration says no more than they do.
std::string name_of(uint16_t values, const std::optional<ColumnType>& declared) {
  if (values == 0) return declared ? declared_name(*declared) : "String";
  if (values == kInteger) {
    return declared && declared->kind == ColumnKind::kBoolean ? "UInt8" : "Int64";
  }
  if (values == kReal || values == (kInteger | kReal)) return "Float64";
  const bool written = declared && (declared->kind == ColumnKind::kDate ||
                                    declared->kind == ColumnKind::kTimestamp ||
                                    declared->kind == ColumnKind::kDecimal);
  return values == kText && written ? declared_name(*declared) : "String";
}

}  // namespace

void AnswerTypes::look_at(const Batch& batch) {
  for (size_t column = 0; column < seen_.size(); ++column) {
    if (columns_[column].type) continue;
    uint16_t seen = seen_[column];
    for (size_t row = 0; row < batch.rows(); ++row) {
      seen = static_cast<uint16_t>(seen | bit(batch.at(column, row).type));
    }
    seen_[column] = seen;
  }
}

std::string AnswerTypes::type_of(size_t column) const {
  if (columns_[column].type) return columns_[column].declared_type;
  const uint16_t seen = seen_[column];
  const auto values = static_cast<uint16_t>(seen & ~bit(ValueType::kNull));
  const std::string name = name_of(values, declared_type(columns_[column].declared_type));
  return seen == values ? name : "Nullable(" + name + ")";
}

}  // namespace sluice
