#include "engine/sqlite_error.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "base/encoding.h"
#include "domain/sql_text.h"
#include "engine/sql_functions.h"
#include "engine/sql_moment.h"

namespace sluice {
namespace {

/// " (line 2, column 7)" of a byte offset into the statement; nothing where it is unknown.
std::string place_of(const std::string& sql, int offset) {
  if (offset < 0 || static_cast<size_t>(offset) > sql.size()) return {};
  const auto until = sql.begin() + offset;
  const auto line = std::count(sql.begin(), until, '\n') + 1;
  const size_t line_start = sql.rfind('\n', offset == 0 ? 0 : static_cast<size_t>(offset) - 1);
  const size_t start = line == 1 || line_start == std::string::npos ? 0 : line_start + 1;
  return " (line " + std::to_string(line) + ", column " +
         std::to_string(static_cast<size_t>(offset) - start + 1) + ")";
}

/// What stands behind `mark` in what SQLite said.
std::optional<std::string> named_in(const std::string& said, std::string_view mark) {
  if (!said.starts_with(mark)) return std::nullopt;
  return said.substr(mark.size());
}

/// Functions of ClickHouse that SQLite's SQL has no room for, and what to write.
struct Instead {
  std::string_view name;
  std::string_view hint;
};
constexpr std::array<Instead, 13> kInstead = {{
    {"arrayjoin",
     "Join with json_each(array); each of its rows has an element in the column value."},
    {"arraymap", "SQLite has no lambdas; compute with the rows of json_each(array)."},
    {"arrayfilter", "SQLite has no lambdas; select from the rows of json_each(array)."},
    {"arraysort", "Order the rows of json_each(array) and take groupArray(value)."},
    {"array", "Write json_array(...)."},
    {"tuple", "Write json_array(...)."},
    {"map", "Write json_object(...)."},
    {"arraylength", "Write JSONLength(array)."},
    {"cityhash64", "Its 64 bits without a sign do not fit SQLite's integers; use hex(MD5(text))."},
    {"siphash64", "Its 64 bits without a sign do not fit SQLite's integers; use hex(MD5(text))."},
    {"xxhash64", "Its 64 bits without a sign do not fit SQLite's integers; use hex(MD5(text))."},
    {"tointervalday", "Write addDays(time, count) or subtractDays(time, count)."},
    {"cast", "Write toDate(x), toInt64(x), toString(x) and so on."},
}};

std::string hint_for_function(const std::string& name) {
  const std::string lower = ascii_lower(name);
  for (const Instead& instead : kInstead) {
    if (instead.name == lower) return std::string(instead.hint);
  }
  const std::optional<std::string> nearest = nearest_sql_function(name);
  const std::string list = "docs/sql-functions.md lists the functions there are.";
  return nearest ? "Did you mean " + *nearest + "()? " + list : list;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// What of ClickHouse's grammar may be behind a syntax error.
std::string hint_for_syntax(const std::string& said, const std::string& sql) {
  const std::vector<std::string> words = words_in(sql);
  const auto has = [&](std::string_view wanted) {
    return std::any_of(words.begin(), words.end(),
                       [&](const std::string& word) { return ascii_lower(word) == wanted; });
  };
  if (has("interval")) {
    return "SQLite has no INTERVAL: write addDays(time, 1), subtractHours(time, 2) or "
           "toStartOfInterval(time, 15, 'minute').";
  }
  if (ascii_lower(said).find("near \"isnull\"") != std::string::npos) return "Write x IS NULL.";
  const std::vector<std::string> calls = calls_in(sql);
  for (const std::string_view side : {"left", "right"}) {
    if (std::find(calls.begin(), calls.end(), side) == calls.end()) continue;
    return "To SQLite LEFT and RIGHT belong to joins; write leftUTF8(text, 2) or substr(text, 1, "
           "2).";
  }
  return {};
}

/// What to do about SQL that SQLite does not take; empty where that is not known.
std::string hint_for(const std::string& said, const std::string& sql) {
  if (said.find("circularly defined") != std::string::npos) {
    return "A pipe and a table of one name: write main.TABLE or FILE.TABLE in the pipe.";
  }
  if (const auto name = named_in(said, "no such function: ")) return hint_for_function(*name);
  if (const auto name = named_in(said, "wrong number of arguments to function ")) {
    const auto usage = usage_of_sql_function(name->substr(0, name->find('(')));
    return usage ? "It is called " + *usage + "." : "";
  }
  if (const auto name = named_in(said, "no such column: ")) {
    if (name->find_first_of(",'") != std::string::npos ||
        (!name->empty() && is_digit((*name)[0]))) {
      return "SQLite takes square brackets for quotes: write an array as json_array(...).";
    }
    const bool is_unit = read_time_unit(*name).has_value() && name->size() > 2;
    return is_unit ? "If it is the unit of a time, write it as text: '" + *name + "'." : "";
  }
  if (said == "unrecognized token: \":\"") {
    return "SQLite has no casts with ::; write toDate(x), toInt64(x), toString(x) and so on.";
  }
  return said.find("syntax error") == std::string::npos ? std::string()
                                                        : hint_for_syntax(said, sql);
}

}  // namespace

Error sqlite_error(sqlite3* connection, int code, const std::string& doing,
                   const std::string& sql) {
  const std::string said = sqlite3_errmsg(connection);
  const std::string what =
      doing + ": " + said + place_of(sql, sqlite3_error_offset(connection)) + ".";
  switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {ErrorCode::kBusy, what, "Another program holds a lock on the database; run again."};
    case SQLITE_FULL:
      return {ErrorCode::kStorage, what, "Free space on the disk that holds temporary files."};
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
      return {ErrorCode::kStorage, what, "Check that the database file and its disk are well."};
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return {ErrorCode::kCorrupt, what,
              "Check the file with: sqlite3 FILE 'PRAGMA integrity_check'."};
    case SQLITE_TOOBIG:
      return {ErrorCode::kTooLarge, what, "One value of the result is too large; make it smaller."};
    case SQLITE_NOMEM:
      return {ErrorCode::kTooLarge, what,
              "The statement needs too much memory; read less at once."};
    default:
      return {ErrorCode::kInvalid, what, hint_for(said, sql)};
  }
}

}  // namespace sluice
