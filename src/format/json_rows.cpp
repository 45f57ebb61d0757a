#include "format/json_rows.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/encoding.h"
#include "base/error.h"

namespace sluice {
namespace {

constexpr size_t kEscapeBytes = 6;

/// The letter behind the backslash of a short escape, 'u' for the others, 0 for bytes that stand
/// for themselves.
constexpr std::array<char, 256> kEscapes = [] {
  std::array<char, 256> table{};
  for (size_t c = 0; c < 0x20; ++c) table[c] = 'u';
  table['\b'] = 'b';
  table['\f'] = 'f';
  table['\n'] = 'n';
  table['\r'] = 'r';
  table['\t'] = 't';
  table['"'] = '"';
  table['\\'] = '\\';
  return table;
}();

char* write_escaped(char* out, std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  for (char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const char escape = kEscapes[byte];
    if (escape == 0) {
      *out++ = c;
      continue;
    }
    *out++ = '\\';
    *out++ = escape;
    if (escape != 'u') continue;
    *out++ = '0';
    *out++ = '0';
    *out++ = kHex[byte >> 4];
    *out++ = kHex[byte & 15];
  }
  return out;
}

void check_unique(const std::vector<FileColumn>& columns, std::string_view format) {
  std::vector<std::string> names;
  names.reserve(columns.size());
  for (const FileColumn& column : columns) names.push_back(column.name);
  std::sort(names.begin(), names.end());
  const auto twice = std::adjacent_find(names.begin(), names.end());
  if (twice == names.end()) return;
  throw Error(ErrorCode::kInvalid, "The query has two columns named '" + *twice + "'.",
              std::string(format) + " needs a different name for each column; rename one with AS.");
}

}  // namespace

std::string json_text(std::string_view text) {
  std::string out(text.size() * kEscapeBytes + 2, '"');
  char* const end = write_escaped(out.data() + 1, text);
  *end = '"';
  out.resize(static_cast<size_t>(end + 1 - out.data()));
  return out;
}

JsonRules json_objects(std::vector<FileColumn> columns, std::string_view row_end,
                       JsonIntegers integers, std::string_view format) {
  check_unique(columns, format);
  JsonRules rules;
  for (const FileColumn& column : columns) {
    const std::string lead = (rules.leads.empty() ? "{" : ",") + json_text(column.name) + ":";
    rules.leads.emplace_back().append(lead);
  }
  rules.columns = std::move(columns);
  rules.row_end = row_end;
  rules.integers = integers;
  return rules;
}

JsonRules json_lists(std::vector<FileColumn> columns, std::string_view row_end,
                     JsonIntegers integers) {
  JsonRules rules;
  for (size_t i = 0; i < columns.size(); ++i) rules.leads.emplace_back().append(i == 0 ? "[" : ",");
  rules.columns = std::move(columns);
  rules.row_end = row_end;
  rules.integers = integers;
  return rules;
}

void JsonRows::check_utf8(std::string_view text, const std::string& column, const Batch& batch,
                          size_t row) {
  if (!is_utf8(text)) fail_not_utf8(column, batch.place(row));
}

/// In pieces, so that room is made for no more than six times a piece.
void JsonRows::put_escaped(std::string_view text) {
  constexpr size_t kPiece = 4096;
  for (size_t at = 0; at < text.size(); at += kPiece) {
    const std::string_view piece = text.substr(at, kPiece);
    char* out = writer_.room(piece.size() * kEscapeBytes);
    writer_.wrote(write_escaped(out, piece));
  }
}

}  // namespace sluice
