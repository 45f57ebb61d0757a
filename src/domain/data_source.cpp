#include "domain/data_source.h"

#include <set>

#include "base/encoding.h"
#include "base/error.h"
#include "base/limits.h"
#include "domain/data_type.h"
#include "domain/data_value.h"
#include "domain/json_path.h"

namespace sluice {
namespace {

Error bad_schema(std::string message, std::string hint) {
  return {ErrorCode::kInvalid, std::move(message), std::move(hint)};
}

std::string in_column(std::string_view name) {
  return "Column '" + std::string(name.substr(0, limits::kNameBytes)) + "'";
}

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/// Backquotes stand around names, and around JSON paths, which a key of JSON may be part of; no
/// backquote stands inside.
void check_column_name(std::string_view name) {
  bool ok =
      !name.empty() && name.size() <= limits::kNameBytes && !(name[0] >= '0' && name[0] <= '9');
  for (const char c : name) ok = ok && is_word(c);
  if (!ok) {
    throw bad_schema(
        "The column name '" + std::string(name.substr(0, limits::kNameBytes)) + "' is not allowed.",
        "Use letters, digits and underscores, not starting with a digit, at most " +
            std::to_string(limits::kNameBytes) +
            " characters. The name in JSON may differ: `name` String `json:$.other`.");
  }
  const std::string lower = ascii_lower(name);
  if (lower == "rowid" || lower == "_rowid_") {
    throw bad_schema("The column name '" + std::string(name) + "' is not allowed.",
                     "It is SQLite's name for the number of a row; choose another.");
  }
}

class SchemaReader {
 public:
  explicit SchemaReader(std::string_view text) : text_(text) {}

  std::vector<DataColumn> read() {
    std::vector<DataColumn> columns;
    std::set<std::string> names;
    for (skip_space(); !text_.empty(); skip_space()) {
      columns.push_back(read_column());
      const std::string& name = columns.back().name;
      if (!names.insert(ascii_lower(name)).second) {
        throw bad_schema(in_column(name) + " is there twice.",
                         "Names are compared without regard to case; rename one of them.");
      }
      if (columns.size() > limits::kColumns) {
        throw bad_schema(
            "The schema has more than " + std::to_string(limits::kColumns) + " columns.",
            "Keep rare fields together in one column of type JSON or String.");
      }
      if (!text_.empty() && !take(',')) {
        throw bad_schema(in_column(name) + ": '" + shown_rest() + "' can't be read.",
                         "Columns are `name` Type `json:$.path` DEFAULT value, with commas between "
                         "them.");
      }
    }
    if (columns.empty()) {
      throw bad_schema("The schema has no column.", "Write it like `id` Int64, `name` String.");
    }
    return columns;
  }

 private:
  DataColumn read_column() {
    DataColumn column;
    column.name = take_name();
    check_column_name(column.name);
    try {
      column.type = take_data_type(text_).text;
      while (read_clause(column)) {
      }
      settle_type(column);
      if (!column.json_path.empty()) parse_json_path(column.json_path);
      if (column.fallback) check_fallback(column);
    } catch (const Error& error) {
      if (error.message().starts_with("Column '")) throw;
      throw error.within(in_column(column.name));
    }
    return column;
  }

  static void check_fallback(const DataColumn& column) {
    ValueFitter fitter(column);
    if (fitter.fit_fallback(*column.fallback, Timestamp())) return;
    throw bad_schema(
        "its DEFAULT does not fit: " + fitter.reason(),
        "Write a literal that " + column.type + " can hold, like DEFAULT 0, '' or now().");
  }

  /// What may stand behind the type, in any order. False where nothing of it is next.
  bool read_clause(DataColumn& column) {
    skip_space();
    if (text_.starts_with('`')) {
      const std::string path = take_path();
      if (!path.starts_with("json:")) {
        throw bad_schema("'" + path.substr(0, 40) + "' stands where a JSON path may be.",
                         "JSON paths are like `json:$.user.name`.");
      }
      column.json_path = path.substr(5);
      return true;
    }
    if (take_keyword("DEFAULT")) {
      column.fallback = take_expression();
      return true;
    }
    if (take_keyword("CODEC")) {
      take_expression();  // SQLite's pages are not compressed.
      return true;
    }
    if (take_keyword("NOT") && take_keyword("NULL")) return true;
    if (take_keyword("NULL")) {
      if (!parse_data_type(column.type).nullable) column.type = "Nullable(" + column.type + ")";
      return true;
    }
    for (const char* word : {"MATERIALIZED", "ALIAS", "EPHEMERAL", "TTL"}) {
      if (!take_keyword(word)) continue;
      throw bad_schema("columns can't have " + std::string(word) + ".",
                       "Compute the value in a pipe instead.");
    }
    return false;
  }

  /// Up to the comma, backquote or CODEC behind it.
  std::string take_expression() {
    skip_space();
    int depth = 0;
    char quote = '\0';
    size_t end = 0;
    for (; end < text_.size(); ++end) {
      const char c = text_[end];
      if (quote != '\0') {
        if (c == '\\') ++end;
        if (c == quote) quote = '\0';
        continue;
      }
      if (depth == 0 && (c == ',' || c == '`' || ends_with_codec(end))) break;
      if (c == '\'' || c == '"') quote = c;
      if (c == '(' || c == '[') ++depth;
      if (c == ')' || c == ']') --depth;
      if (depth < 0) break;
    }
    std::string expression(trim(text_.substr(0, end)));
    if (quote != '\0' || depth != 0) {
      throw bad_schema("the expression '" + expression.substr(0, 40) + "' is not closed.",
                       "Close its quotes and parentheses.");
    }
    if (expression.empty()) throw bad_schema("DEFAULT has no value.", "For example DEFAULT 0.");
    text_.remove_prefix(end);
    return expression;
  }

  bool ends_with_codec(size_t at) const {
    return at > 0 && !is_word(text_[at - 1]) && ascii_lower(text_.substr(at, 6)) == "codec(";
  }

  std::string take_name() {
    if (text_.starts_with('`')) return take_until('`', "a name");
    if (text_.starts_with('"')) return take_until('"', "a name");
    size_t size = 0;
    while (size < text_.size() && text_[size] != ',' && !trim(text_.substr(size, 1)).empty()) {
      ++size;
    }
    std::string name(text_.substr(0, size));
    text_.remove_prefix(size);
    return name;
  }

  /// In backquotes; one inside of it is written twice.
  std::string take_path() {
    std::string path = take_until('`', "a JSON path");
    while (text_.starts_with('`')) path += '`' + take_until('`', "a JSON path");
    return path;
  }

  std::string take_until(char quote, std::string_view what) {
    const size_t end = text_.find(quote, 1);
    if (end == std::string_view::npos) {
      throw bad_schema(
          "The schema ends inside of " + std::string(what) + ": '" + shown_rest() + "'.",
          std::string("Close it with ") + quote + ".");
    }
    std::string inside(text_.substr(1, end - 1));
    text_.remove_prefix(end + 1);
    return inside;
  }

  bool take_keyword(std::string_view word) {
    skip_space();
    if (ascii_lower(text_.substr(0, word.size())) != ascii_lower(word)) return false;
    if (text_.size() > word.size() && is_word(text_[word.size()])) return false;
    text_.remove_prefix(word.size());
    return true;
  }

  bool take(char c) {
    skip_space();
    if (!text_.starts_with(c)) return false;
    text_.remove_prefix(1);
    return true;
  }
  void skip_space() {
    while (!text_.empty() && trim(text_.substr(0, 1)).empty()) text_.remove_prefix(1);
  }
  std::string shown_rest() const { return std::string(text_.substr(0, 40)); }

  std::string_view text_;
};

std::string with_doubled_quotes(const std::string& path) {
  std::string text;
  for (const char c : path) text += c == '`' ? std::string(2, c) : std::string(1, c);
  return text;
}

/// SQLite keeps reals with up to so many digits as they were written.
constexpr int kExactDigits = 15;

}  // namespace

std::vector<DataColumn> parse_schema(std::string_view text) { return SchemaReader(text).read(); }

std::string schema_text(const std::vector<DataColumn>& columns) {
  std::string text;
  for (const DataColumn& column : columns) {
    if (!text.empty()) text += ", ";
    text += "`" + column.name + "` " + column.type;
    if (!column.json_path.empty()) text += " `json:" + with_doubled_quotes(column.json_path) + "`";
    if (column.fallback) text += " DEFAULT " + *column.fallback;
  }
  return text;
}

void settle_type(DataColumn& column) {
  DataType type;
  try {
    type = parse_data_type(column.type);
  } catch (const Error& error) {
    throw error.within(in_column(column.name));
  }
  column.type = std::move(type.text);
  column.kind = type.kind;
  column.nullable = type.nullable;
  column.is_unsigned = type.is_unsigned;
  column.bits = type.bits;
  column.precision = type.precision;
  column.scale = type.scale;
}

std::string stored_type(const DataColumn& column) {
  switch (column.kind) {
    case DataKind::kInteger:
      return "INTEGER";
    case DataKind::kReal:
      return "REAL";
    case DataKind::kBoolean:
      return "BOOLEAN";
    case DataKind::kDate:
      return "DATE";
    case DataKind::kDateTime:
      return "DATETIME";
    case DataKind::kDecimal: {
      const std::string digits =
          "(" + std::to_string(column.precision) + "," + std::to_string(column.scale) + ")";
      return (column.precision <= kExactDigits ? "DECIMAL" : "DECIMAL BLOB") + digits;
    }
    case DataKind::kText:
    case DataKind::kJson:
      break;
  }
  return "TEXT";
}

}  // namespace sluice
