#include "intake/ndjson_records.h"

#include <charconv>
#include <optional>
#include <utility>

#include "base/error.h"
#include "base/json_reader.h"
#include "base/limits.h"
#include "intake/json_fields.h"
#include "intake/text_window.h"

namespace sluice {
namespace {

template <typename Number>
std::optional<Number> read_number(std::string_view text) {
  Number value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// Why a line is no row: a whole sentence.
std::string fault_of(std::string_view line, const JsonReader& reader) {
  const size_t first = line.find_first_not_of(" \t");
  if (first != std::string_view::npos && line[first] == '[') {
    return "The line is a JSON array; write its objects one a line, without commas between them.";
  }
  if (first != std::string_view::npos && line[first] != '{') {
    return "The line is no JSON object; write one object a line.";
  }
  return "The JSON " + std::string(reader.fault()) + ", in column " +
         std::to_string(reader.column()) + ".";
}

class NdjsonRecords final : public RecordSource {
 public:
  NdjsonRecords(std::unique_ptr<ByteStream> stream, const std::vector<DataColumn>& columns)
      : fields_(columns), window_(std::move(stream)) {
    for (const DataColumn& column : columns) kinds_.push_back(column.kind);
  }

  bool next(Batch& batch, std::vector<RejectedRow>& rejected) override {
    batch.reset(kinds_.size());
    rows_.clear();
    const size_t rejected_before = rejected.size();
    while (true) {
      window_.advance(std::exchange(used_, 0));
      if (window_.view().empty()) return false;
      read_lines(batch, rejected);
      if (batch.rows() > 0 || rejected.size() > rejected_before) return true;
      if (used_ > 0) continue;  // Blank lines.
      if (!window_.widen()) throw too_long();
    }
  }

  uint64_t line_of(size_t row) const override { return rows_[row].line; }
  std::string text_of(size_t row) const override {
    return shown_row(window_.view().substr(rows_[row].begin, rows_[row].size));
  }

 private:
  struct Row {
    uint64_t line = 0;
    size_t begin = 0;  ///< In the window.
    size_t size = 0;
  };

  /// The whole lines of the window, up to a batch.
  void read_lines(Batch& batch, std::vector<RejectedRow>& rejected) {
    const std::string_view view = window_.view();
    size_t faults = 0;
    while (used_ < view.size() && batch.rows() + faults < limits::kBatchRows &&
           batch.bytes() < limits::kBatchBytes) {
      size_t end = view.find('\n', used_);
      if (end == std::string_view::npos) {
        if (!window_.is_last()) break;
        end = view.size();
      }
      if (end - used_ > limits::kRowBytes) {
        if (batch.rows() + faults > 0) break;
        throw too_long();
      }
      ++line_;
      std::string_view line = view.substr(used_, end - used_);
      if (line.ends_with('\r')) line.remove_suffix(1);
      JsonReader reader(line);
      if (reader.at_end()) {
        // Blank.
      } else if (read_row(reader, batch)) {
        rows_.push_back({line_, used_, line.size()});
      } else {
        ++faults;
        rejected.push_back({line_, shown_row(line), {}, {fault_of(line, reader)}});
      }
      used_ = std::min(end + 1, view.size());
    }
  }

  Error too_long() const {
    return {ErrorCode::kTooLarge,
            "Line " + std::to_string(line_ + 1) + " is longer than " +
                std::to_string(limits::kRowBytes) + " bytes.",
            "NDJSON has one object a line; write a line break behind each object."};
  }

  bool read_row(JsonReader& reader, Batch& batch) {
    for (size_t column = 0; column < kinds_.size(); ++column) batch.add_null(column);
    most_bytes_ = batch.bytes() + limits::kTakenBytes;
    reader.next();
    const char* const begin = reader.at();
    if (!read_object(reader, fields_, limits::kJsonDepth, batch)) return false;
    if (!fields_.whole().empty()) {
      const std::string_view row(begin, static_cast<size_t>(reader.at() - begin));
      for (const size_t column : fields_.whole()) {
        if (!add_text(reader, column, row, batch)) return false;
      }
    }
    if (!reader.at_end()) return reader.fail("has something behind the object");
    batch.end_row();
    return true;
  }

  // NOLINTNEXTLINE(misc-no-recursion): as deep as the paths of the columns at most.
  bool read_object(JsonReader& reader, JsonFields& fields, size_t depth, Batch& batch) {
    if (depth == 0) return reader.fail("is nested too deep");
    if (!reader.take('{')) return reader.fail("has no object where one has to be");
    fields.begin_object();
    if (reader.take('}')) return true;
    do {
      std::string_view key;
      bool escaped = false;
      if (!reader.string(key, escaped)) return false;
      if (escaped) {
        key_.clear();
        if (!unescape_json(key, key_)) return reader.fail("has half of a surrogate pair");
        key = key_;
      }
      JsonFields::Field* const field = fields.find(key);
      if (!reader.take(':')) return reader.fail("has no ':' behind a key");
      std::string_view skipped;
      const bool read = field == nullptr ? reader.value(skipped, depth - 1)
                                         : read_field(reader, *field, depth - 1, batch);
      if (!read) return false;
    } while (reader.take(','));
    return reader.take('}') || reader.fail(reader.at_end() ? "ends inside of an object"
                                                           : "has no ',' between two fields");
  }

  // NOLINTNEXTLINE(misc-no-recursion)
  bool read_field(JsonReader& reader, JsonFields::Field& field, size_t depth, Batch& batch) {
    const char first = reader.next();
    if (first != '{' && first != '[' && field.lists.empty())
      return read_scalar(reader, field, batch);
    const char* const begin = reader.at();
    std::string_view text;
    if (first == '{' && field.inside) {
      if (!read_object(reader, *field.inside, depth, batch)) return false;
      text = {begin, static_cast<size_t>(reader.at() - begin)};
    } else if (!reader.value(text, depth)) {
      return false;
    }
    for (const size_t column : field.columns) {
      if (!add_text(reader, column, text, batch)) return false;
    }
    for (const JsonFields::List& list : field.lists) {
      const std::string found = json_at(text, list.steps);
      if (found != "null" && !add_text(reader, list.column, found, batch)) return false;
    }
    return true;
  }

  /// Many columns may want the same long value.
  bool add_text(JsonReader& reader, size_t column, std::string_view text, Batch& batch) const {
    batch.add_text(column, text);
    return batch.bytes() <= most_bytes_ || reader.fail("is wanted by too many columns at once");
  }

  bool read_scalar(JsonReader& reader, const JsonFields::Field& field, Batch& batch) {
    std::string_view text;
    bool flag = false;
    switch (reader.next()) {
      case '"':
        return reader.string(text, flag) && add_string(reader, field, text, flag, batch);
      case 't':
      case 'f': {
        const bool yes = reader.next() == 't';
        if (!reader.word(yes ? "true" : "false")) return false;
        for (const size_t column : field.columns) add_boolean(column, yes, batch);
        return true;
      }
      case 'n':
        if (!reader.word("null")) return false;
        for (const size_t column : field.columns) batch.add_null(column);
        return true;
      default:
        if (!reader.number(text, flag)) return false;
        for (const size_t column : field.columns) add_number(column, text, flag, batch);
        return true;
    }
  }

  bool add_string(JsonReader& reader, const JsonFields::Field& field, std::string_view inside,
                  bool escaped, Batch& batch) {
    if (escaped) {
      text_.clear();
      if (!unescape_json(inside, text_)) return reader.fail("has half of a surrogate pair");
    }
    for (const size_t column : field.columns) {
      const std::string_view quoted(inside.data() - 1, inside.size() + 2);
      const std::string_view plain = escaped ? text_ : inside;
      const std::string_view text = kinds_[column] == DataKind::kJson ? quoted : plain;
      if (!add_text(reader, column, text, batch)) return false;
    }
    return true;
  }

  void add_boolean(size_t column, bool yes, Batch& batch) const {
    const DataKind kind = kinds_[column];
    if (kind == DataKind::kText || kind == DataKind::kJson) {
      batch.add_text(column, yes ? "true" : "false");
    } else {
      batch.add_integer(column, yes ? 1 : 0);
    }
  }

  /// Where a number of 64 bits would not be what is written, its text is handed on.
  void add_number(size_t column, std::string_view text, bool whole, Batch& batch) const {
    const DataKind kind = kinds_[column];
    const bool as_text =
        kind == DataKind::kText || kind == DataKind::kJson || kind == DataKind::kDecimal;
    if (as_text) return batch.add_text(column, text);
    if (whole) {
      if (const auto value = read_number<int64_t>(text)) return batch.add_integer(column, *value);
    }
    if (kind == DataKind::kReal || (kind != DataKind::kInteger && !whole)) {
      if (const auto value = read_number<double>(text)) return batch.add_real(column, *value);
    }
    batch.add_text(column, text);
  }

  JsonFields fields_;
  std::vector<DataKind> kinds_;
  TextWindow window_;
  size_t most_bytes_ = 0;  ///< Of the batch, with the row that is being read.
  size_t used_ = 0;        ///< Bytes of the window that the last batch is of.
  uint64_t line_ = 0;      ///< The last one that was read.
  std::vector<Row> rows_;
  std::string key_;
  std::string text_;
};

}  // namespace

std::unique_ptr<RecordSource> make_ndjson_records(std::shared_ptr<const ByteRange> bytes,
                                                  const std::vector<DataColumn>& columns) {
  return std::make_unique<NdjsonRecords>(open_byte_stream(std::move(bytes)), columns);
}

}  // namespace sluice
