#include "data/cell_text.h"

#include <algorithm>
#include <string_view>

#include "data/time_text.h"
#include "data/value_text.h"

namespace sluice {

char* write_cell(char* out, const Cell& cell) {
  constexpr std::string_view kFalse = "false";
  constexpr std::string_view kTrue = "true";
  switch (cell.type) {
    case ValueType::kInteger:
      return write_integer(out, cell.integer);
    case ValueType::kReal:
      return write_real(out, cell.real);
    case ValueType::kSingle:
      return write_single(out, static_cast<float>(cell.real));
    case ValueType::kBoolean: {
      const std::string_view text = cell.integer != 0 ? kTrue : kFalse;
      return std::copy(text.begin(), text.end(), out);
    }
    case ValueType::kDate:
      return write_date(out, cell.integer);
    case ValueType::kTimestamp:
      return write_timestamp(out, cell.integer, TimestampUnit::of(cell.size));
    case ValueType::kNull:
    case ValueType::kText:
    case ValueType::kBlob:
    case ValueType::kNumber:
    case ValueType::kNested:
      break;
  }
  return out;
}

}  // namespace sluice
