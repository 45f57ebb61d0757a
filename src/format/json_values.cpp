#include "format/json_values.h"

#include "base/encoding.h"
#include "data/cell_text.h"
#include "data/json_text.h"

namespace sluice {
namespace {

/// Whether a double does not know the number: beyond 2^53, or with more significant digits than
/// every decimal may have that comes back from a double.
bool is_big(std::string_view number) {
  constexpr std::string_view kExactInDouble = "9007199254740992";
  constexpr size_t kDigitsOfDouble = 15;
  if (number.starts_with('-')) number.remove_prefix(1);
  const size_t point = std::min(number.find('.'), number.size());
  std::string_view whole = number.substr(0, point);
  whole.remove_prefix(std::min(whole.find_first_not_of('0'), whole.size()));
  if (whole.size() != kExactInDouble.size()) {
    if (whole.size() > kExactInDouble.size()) return true;
  } else if (whole > kExactInDouble) {
    return true;
  }
  std::string_view fraction = number.substr(std::min(point + 1, number.size()));
  fraction = fraction.substr(0, fraction.find_last_not_of('0') + 1);
  if (fraction.empty()) return false;
  if (whole.empty()) fraction.remove_prefix(fraction.find_first_not_of('0'));
  return whole.size() + fraction.size() > kDigitsOfDouble;
}

}  // namespace

void JsonValues::put_cell(const Cell& cell) {
  switch (cell.type) {
    case ValueType::kInteger:
      return put_integer(cell.integer);
    case ValueType::kReal:
      return put_real(cell.real);
    case ValueType::kSingle:
      if (!std::isfinite(cell.real)) return put_real(cell.real);
      break;
    case ValueType::kDate:
    case ValueType::kTimestamp:
      writer_.put('"');
      writer_.wrote(write_cell(writer_.room(kNumberBytes), cell));
      return writer_.put('"');
    case ValueType::kBoolean:
    case ValueType::kNull:
    case ValueType::kText:
    case ValueType::kBlob:
    case ValueType::kNumber:
    case ValueType::kNested:
      break;
  }
  writer_.wrote(write_cell(writer_.room(kNumberBytes), cell));
}

void JsonValues::put_number(std::string_view number) {
  const bool whole = number.find('.') == std::string_view::npos;
  const bool quoted = (integers_ == JsonIntegers::kText && whole) ||
                      (integers_ != JsonIntegers::kNumbers && is_big(number));
  if (quoted) writer_.put('"');
  writer_.put(number);
  if (quoted) writer_.put('"');
}

bool JsonValues::is_text(std::string_view text) { return is_utf8(text); }

/// In pieces, so that room is made for no more than six times a piece.
void JsonValues::put_escaped(std::string_view text) {
  constexpr size_t kPiece = 4096;
  for (size_t at = 0; at < text.size(); at += kPiece) {
    const std::string_view piece = text.substr(at, kPiece);
    char* out = writer_.room(piece.size() * kJsonEscapeBytes);
    writer_.wrote(write_json_escaped(out, piece));
  }
}

}  // namespace sluice
