#include "intake/infer_columns.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "base/encoding.h"
#include "base/error.h"
#include "base/json_reader.h"
#include "base/limits.h"
#include "domain/json_path.h"
#include "intake/csv_records.h"
#include "intake/csv_text.h"
#include "intake/text_window.h"
#include "intake/type_guess.h"

namespace sluice {
namespace {

Error nothing_there(std::string message) {
  return {ErrorCode::kInvalid, std::move(message),
          "Send some rows, or say the columns yourself with a schema."};
}

/// Gives each column a name of its own and settles its type.
class ColumnList {
 public:
  void add(std::string name, const std::string& type, std::string json_path) {
    if (columns_.size() == limits::kColumns) {
      throw Error(ErrorCode::kInvalid,
                  "The rows have more than " + std::to_string(limits::kColumns) + " fields.",
                  "Say with a schema which of them you need.");
    }
    const std::string lower = ascii_lower(name);
    if (lower == "rowid" || lower == "_rowid_") name += '_';
    const std::string base = name;
    for (int number = 2; !names_.insert(ascii_lower(name)).second; ++number) {
      name = base;
      name += '_';
      name += std::to_string(number);
    }
    DataColumn column;
    column.name = std::move(name);
    column.type = type;
    column.json_path = std::move(json_path);
    settle_type(column);
    columns_.push_back(std::move(column));
  }
  std::vector<DataColumn> take() { return std::move(columns_); }

 private:
  std::vector<DataColumn> columns_;
  std::set<std::string> names_;
};

/// The fields of NDJSON rows, in the order in which they were first seen.
class JsonSurvey {
 public:
  /// False where the line is no object; `fault` then says why.
  bool look_at(std::string_view line) {
    JsonReader reader(line);
    std::string_view row;
    if (!reader.value(row, limits::kJsonDepth) || !reader.at_end()) {
      fault_ = std::string("The JSON ") + reader.fault() + ", in column " +
               std::to_string(reader.column());
      return false;
    }
    if (!row.starts_with('{')) {
      fault_ = "It is no JSON object";
      return false;
    }
    ++rows_;
    std::vector<std::string> keys;
    look_at_object(row, keys);
    return true;
  }

  size_t rows() const { return rows_; }
  const std::string& fault() const { return fault_; }

  std::vector<DataColumn> columns() {
    ColumnList list;
    for (Seen& field : fields_) {
      if (field.rows < rows_) field.guess.see_null();
      std::string name;
      for (const std::string& key : field.keys) {
        if (!name.empty()) name += '_';
        name += csv_column_name(key);
      }
      name.resize(std::min(name.size(), limits::kNameBytes - 8));
      std::string path = json_path_of(field.keys);
      if (field.guess.is_list()) path += "[:]";
      list.add(std::move(name), field.guess.type(), std::move(path));
    }
    return list.take();
  }

 private:
  struct Seen {
    std::vector<std::string> keys;
    TypeGuess guess;
    size_t rows = 0;
    size_t last_row = 0;
  };

  // NOLINTNEXTLINE(misc-no-recursion): at most limits::kJsonDepth deep.
  void look_at_object(std::string_view object, std::vector<std::string>& keys) {
    JsonReader reader(object);
    reader.take('{');
    if (reader.take('}')) return;
    do {
      std::string_view inside;
      std::string_view value;
      bool escaped = false;
      std::string key;
      if (!reader.string(inside, escaped) || !unescape_json(inside, key) || !reader.take(':') ||
          !reader.value(value, limits::kJsonDepth)) {
        return;
      }
      keys.push_back(std::move(key));
      JsonReader members(value);
      const bool has_members = members.take('{') && !members.take('}');
      if (has_members) {
        look_at_object(value, keys);
      } else {
        look_at_value(value, keys);
      }
      keys.pop_back();
    } while (reader.take(','));
  }

  void look_at_value(std::string_view value, const std::vector<std::string>& keys) {
    const auto [found, is_new] = place_.try_emplace(keys, fields_.size());
    if (is_new) {
      if (fields_.size() > limits::kColumns) return;  // Refused when the list is made.
      fields_.emplace_back();
      fields_.back().keys = keys;
    }
    if (found->second >= fields_.size()) return;
    Seen& field = fields_[found->second];
    field.guess.see_json(value);
    if (field.last_row != rows_) ++field.rows;
    field.last_row = rows_;
  }

  std::vector<Seen> fields_;
  std::map<std::vector<std::string>, size_t> place_;
  size_t rows_ = 0;
  std::string fault_;
};

std::vector<DataColumn> infer_ndjson(TextWindow window) {
  JsonSurvey survey;
  uint64_t line_number = 0;
  uint64_t first_fault = 0;
  std::string fault;
  size_t at = 0;
  while (line_number < limits::kBatchRows) {
    const std::string_view view = window.view();
    size_t end = view.find('\n', at);
    if (end == std::string_view::npos) {
      // One row at least, however long it is; of others what is there.
      if (!window.is_last()) {
        if (survey.rows() == 0 && window.widen()) continue;
        break;
      }
      end = view.size();
    }
    if (at >= view.size()) break;
    ++line_number;
    const std::string_view line = view.substr(at, end - at);
    at = std::min(end + 1, view.size());
    if (trim(line).empty() || survey.look_at(line) || first_fault > 0) continue;
    first_fault = line_number;
    fault = survey.fault();
  }
  if (survey.rows() > 0) return survey.columns();
  if (first_fault == 0) throw nothing_there("There are no rows to tell the columns by.");
  throw nothing_there("No line is a row of NDJSON; line " + std::to_string(first_fault) + ": " +
                      fault + ".");
}

/// What the fields of a CSV file are, column by column.
struct CsvSurvey {
  std::vector<TypeGuess> guesses;
  size_t rows = 0;

  void look_at(const std::vector<std::string>& fields) {
    ++rows;
    if (guesses.size() < fields.size())
      guesses.resize(std::min(fields.size(), limits::kColumns + 1));
    for (size_t i = 0; i < guesses.size(); ++i) {
      const bool missing = i >= fields.size() || fields[i].empty() || fields[i] == "\\N";
      if (missing) {
        guesses[i].see_null();
      } else {
        guesses[i].see_csv(fields[i]);
      }
    }
  }
};

/// Whether the first row looks like names: texts, each only once, that either are like words or
/// stand over columns that are no text.
bool looks_like_header(const std::vector<std::string>& first, const CsvSurvey& rest) {
  std::set<std::string> names;
  bool words = true;
  bool differs = false;
  for (size_t i = 0; i < first.size(); ++i) {
    TypeGuess guess;
    guess.see_csv(first[i]);
    const std::string name = csv_column_name(first[i]);
    if (!guess.is_text() || !names.insert(ascii_lower(name)).second) return false;
    words = words && name == trim(first[i]);
    differs = differs || (i < rest.guesses.size() && !rest.guesses[i].is_text());
  }
  return words || (differs && rest.rows > 0);
}

std::vector<DataColumn> infer_csv(TextWindow window, const CsvDialect& dialect) {
  CsvText csv(dialect.delimiter);
  std::vector<std::string> first;
  CsvSurvey rest;
  size_t at = 0;
  size_t rows = 0;
  while (rows < limits::kBatchRows && at < window.view().size()) {
    const CsvText::Outcome outcome = csv.read(window.view().substr(at), window.is_last());
    if (outcome == CsvText::Outcome::kCutOff && rows == 0 && window.widen()) continue;
    if (outcome != CsvText::Outcome::kRow) break;
    at += csv.size();
    if (csv.is_blank()) continue;
    std::vector<std::string> fields;
    std::string scratch;
    for (const CsvText::Field& field : csv.fields()) fields.emplace_back(field.value(scratch));
    if (rows++ == 0) {
      first = std::move(fields);
    } else {
      rest.look_at(fields);
    }
  }
  if (rows == 0) throw nothing_there("There are no rows to tell the columns by.");
  const bool header =
      dialect.header == CsvDialect::Header::kYes ||
      (dialect.header == CsvDialect::Header::kDetect && looks_like_header(first, rest));
  if (!header) rest.look_at(first);
  if (header) rest.guesses.resize(first.size());
  ColumnList list;
  for (size_t i = 0; i < rest.guesses.size(); ++i) {
    list.add(header ? csv_column_name(first[i]) : "column_" + std::to_string(i + 1),
             rest.guesses[i].type(), {});
  }
  return list.take();
}

}  // namespace

std::vector<DataColumn> infer_text_columns(const RowInput& input) {
  TextWindow window(open_byte_stream(input.bytes));
  return input.format == RowFormat::kCsv ? infer_csv(std::move(window), input.csv)
                                         : infer_ndjson(std::move(window));
}

}  // namespace sluice
