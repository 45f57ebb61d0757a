#include "pipeline/key_builder.h"

#include <algorithm>
#include <array>

#include "base/encoding.h"
#include "base/error.h"
#include "base/limits.h"
#include "data/cell_text.h"
#include "data/time_text.h"
#include "data/value_text.h"

namespace sluice {
namespace {

std::string_view strip_slashes(std::string_view text) {
  while (text.starts_with('/')) text.remove_prefix(1);
  while (text.ends_with('/')) text.remove_suffix(1);
  return text;
}

/// As much of a value as an error message should show; `value` is UTF-8 and is cut between letters.
std::string quoted(std::string_view value) {
  constexpr size_t kMost = 80;
  if (value.size() <= kMost) return "'" + std::string(value) + "'";
  size_t end = kMost;
  while (end > 0 && (static_cast<unsigned char>(value[end]) & 0xC0) == 0x80) --end;
  return "'" + std::string(value.substr(0, end)) + "...'";
}

/// The text of a value that is in the cell itself.
std::string text_of(const Cell& cell) {
  std::array<char, kNumberBytes> text{};
  return {text.data(), write_cell(text.data(), cell)};
}

/// The value as it is in the data, not as it would stand in a name.
std::string shown(const Batch& batch, const Cell& cell) {
  if (cell.type == ValueType::kBlob) return "a BLOB";
  if (!has_bytes(cell.type)) return quoted(text_of(cell));
  const std::string text(batch.text(cell));
  return is_utf8(text) ? quoted(text) : "text that is not valid UTF-8";
}

Error bad_value(const std::string& column, const std::string& what, const std::string& hint) {
  return {ErrorCode::kInvalid, "The file template uses {" + column + "}: " + what + ".", hint};
}

Error nested_value(const std::string& column) {
  return bad_value(column, "its values are lists, maps or tuples, which no file name can hold",
                   "Use a column of plain values, or take one out of it in the query.");
}

/// Nothing outside of the years 0 to 9999, which are those that date formats know.
std::optional<Timestamp> moment(int64_t seconds, int64_t microseconds) {
  using std::chrono::year;
  constexpr std::chrono::sys_seconds kFirst = std::chrono::sys_days(year(0) / 1 / 1);
  constexpr std::chrono::sys_seconds kEnd = std::chrono::sys_days(year(10000) / 1 / 1);
  const std::chrono::sys_seconds time{std::chrono::seconds(seconds)};
  if (time < kFirst || time >= kEnd) return std::nullopt;
  return time + std::chrono::microseconds(microseconds);
}

std::optional<Timestamp> time_of_timestamp(const Cell& cell) {
  constexpr uint32_t kMicros = 6;
  const TimestampUnit unit = TimestampUnit::of(cell.size);
  const auto [seconds, fraction] = split_time(cell.integer, unit);
  return moment(seconds, unit.digits > kMicros
                             ? fraction / TimestampUnit{unit.digits - kMicros}.per_second()
                             : fraction * TimestampUnit{kMicros - unit.digits}.per_second());
}

/// The time that a date format is given; nothing where it can't be.
std::optional<Timestamp> time_of(const Batch& batch, const Cell& cell) {
  constexpr int64_t kDaySeconds = 86400;
  if (cell.type == ValueType::kInteger) return read_unix_time(cell.integer);
  if (cell.type == ValueType::kText) return read_date_text(batch.text(cell));
  if (cell.type == ValueType::kDate) return moment(cell.integer * kDaySeconds, 0);
  if (cell.type == ValueType::kTimestamp) return time_of_timestamp(cell);
  return std::nullopt;
}

void append_padded(std::string& out, uint64_t value, size_t width) {
  const std::string digits = std::to_string(value);
  out.append(width - std::min(width, digits.size()), '0');
  out += digits;
}

}  // namespace

KeyBuilder::KeyBuilder(const FileTemplate& file_template, std::string_view prefix,
                       std::string_view extension, const std::vector<ColumnInfo>& columns,
                       const RunVariables& variables)
    : names_(names_of(columns)) {
  file_template.check_names(names_, variables);
  prefix = strip_slashes(prefix);
  if (!prefix.empty()) add_text(std::string(prefix) + "/");
  for (const TemplatePiece& piece : file_template.pieces()) add_piece(piece, columns, variables);
  add_text(file_template.missing_extension(extension));
  single_ = steps_.empty();
  if (head_.size() > limits::kKeyBytes) {
    throw Error(ErrorCode::kInvalid,
                "The file name would be " + std::to_string(head_.size()) +
                    " bytes long; object names can't be over " + std::to_string(limits::kKeyBytes) +
                    ".",
                "Shorten the path or the file template.");
  }
}

void KeyBuilder::add_text(std::string_view text) {
  if (text.empty()) return;
  if (steps_.empty()) {
    head_ += text;
    return;
  }
  if (steps_.back().kind != Step::Kind::kText) steps_.emplace_back();
  steps_.back().text += text;
}

void KeyBuilder::add_piece(const TemplatePiece& piece, const std::vector<ColumnInfo>& columns,
                           const RunVariables& variables) {
  using Kind = TemplatePiece::Kind;
  if (piece.kind == Kind::kText) return add_text(piece.text);
  Step step;
  if (piece.kind == Kind::kSpread) {
    if (piece.parts == 1) return add_text("0");
    step.kind = Step::Kind::kSpread;
    step.parts = piece.parts;
    step.width = std::to_string(piece.parts - 1).size();
    steps_.push_back(std::move(step));
    return;
  }
  const auto column = std::find_if(columns.begin(), columns.end(),
                                   [&](const ColumnInfo& info) { return info.name == piece.text; });
  if (column == columns.end()) {
    return add_text(variable_in_name(piece, variables.at(piece.text)));
  }
  step.kind = piece.date ? Step::Kind::kDate : Step::Kind::kValue;
  if (column->type && is_nested(column->type->kind)) throw nested_value(column->name);
  step.column = static_cast<size_t>(column - columns.begin());
  if (piece.date) step.date = *piece.date;
  steps_.push_back(std::move(step));
}

std::optional<size_t> KeyBuilder::only_column() const {
  const bool dates = std::any_of(steps_.begin(), steps_.end(),
                                 [](const Step& step) { return step.kind == Step::Kind::kDate; });
  return dates ? std::nullopt : deciding_column();
}

std::optional<size_t> KeyBuilder::deciding_column() const {
  std::optional<size_t> only;
  for (const Step& step : steps_) {
    if (step.kind == Step::Kind::kText) continue;
    if (step.kind == Step::Kind::kSpread || (only && *only != step.column)) return std::nullopt;
    only = step.column;
  }
  return only;
}

void KeyBuilder::key_of(const Batch& batch, size_t row, std::string& key) {
  key = head_;
  for (const Step& step : steps_) append_step(step, batch, row, key);
  if (key.size() > limits::kKeyBytes) fail_too_long(batch, row, key.size());
  ++dealt_;
}

void KeyBuilder::append_step(const Step& step, const Batch& batch, size_t row,
                             std::string& key) const {
  switch (step.kind) {
    case Step::Kind::kText:
      key += step.text;
      return;
    case Step::Kind::kSpread:
      append_padded(key, dealt_ % step.parts, step.width);
      return;
    case Step::Kind::kValue:
      append_value(step, batch, batch.at(step.column, row), key);
      return;
    case Step::Kind::kDate:
      append_date(step, batch, batch.at(step.column, row), key);
  }
}

void KeyBuilder::append_value(const Step& step, const Batch& batch, const Cell& cell,
                              std::string& key) const {
  switch (cell.type) {
    case ValueType::kNull:
      key += kNullInName;
      return;
    case ValueType::kInteger:
      append_integer(key, cell.integer);
      return;
    case ValueType::kReal:
      append_real(key, cell.real);
      return;
    case ValueType::kBoolean:
    case ValueType::kSingle:
    case ValueType::kDate:
    case ValueType::kTimestamp:
      append_name_value(key, text_of(cell));
      return;
    case ValueType::kNumber:
      append_name_value(key, batch.text(cell));
      return;
    case ValueType::kNested:
      throw nested_value(names_[step.column]);
    case ValueType::kText:
      if (!is_utf8(batch.text(cell))) {
        throw bad_value(names_[step.column], "a value is text that is not valid UTF-8",
                        "Correct it in the query, for example with hex(), or leave it out.");
      }
      append_name_value(key, batch.text(cell));
      return;
    case ValueType::kBlob:
      append_name_value(key, base64_encode(batch.text(cell)));
  }
}

void KeyBuilder::append_date(const Step& step, const Batch& batch, const Cell& cell,
                             std::string& key) const {
  if (cell.type == ValueType::kNull) {
    key += kNullInName;
    return;
  }
  if (cell.type == ValueType::kNested) throw nested_value(names_[step.column]);
  if (const std::optional<Timestamp> time = time_of(batch, cell)) {
    step.date.append(key, *time);
    return;
  }
  throw bad_value(names_[step.column], "it formats a date, but a value is " + shown(batch, cell),
                  "Dates are text such as 2026-11-23 or 2026-11-23 08:30:00, or an INTEGER Unix "
                  "time; convert others in the query, for example with datetime().");
}

void KeyBuilder::fail_too_long(const Batch& batch, size_t row, size_t bytes) const {
  const Step* longest = nullptr;
  std::string longest_text;
  for (const Step& step : steps_) {
    if (step.kind != Step::Kind::kValue) continue;
    std::string text;
    append_step(step, batch, row, text);
    if (longest == nullptr || text.size() > longest_text.size()) {
      longest = &step;
      longest_text = std::move(text);
    }
  }
  const std::string limit = std::to_string(limits::kKeyBytes);
  const std::string hint = "Partition by a shorter value, for example with substr().";
  const std::string what = "a file name would be " + std::to_string(bytes) +
                           " bytes long, over the " + limit + " that stores take";
  if (longest == nullptr) {
    throw Error(ErrorCode::kInvalid, "With this path and file template " + what + ".",
                "Shorten the path or the file template.");
  }
  throw bad_value(names_[longest->column], what + ", because of the value " + quoted(longest_text),
                  hint);
}

}  // namespace sluice
