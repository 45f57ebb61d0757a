#include "domain/clickhouse_text.h"

#include "base/encoding.h"

namespace sluice {
namespace {

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

size_t behind(std::string_view sql, size_t from, std::string_view mark) {
  const size_t found = sql.find(mark, from);
  return found == std::string_view::npos ? sql.size() : found + mark.size();
}

/// The end of a comment or of white space that begins at `at`; `at` where something else does.
size_t behind_nothing(std::string_view sql, size_t at) {
  const std::string_view rest = sql.substr(at);
  if (is_space(rest.front())) return at + 1;
  if (rest.starts_with("--") || rest.starts_with("# ") || rest.starts_with("#!")) {
    return behind(sql, at, "\n");
  }
  if (rest.starts_with("/*")) return behind(sql, at + 2, "*/");
  return at;
}

std::string quoted(std::string_view text, char quote) {
  std::string out(1, quote);
  for (const char c : text) {
    if (c == quote || c == '\\') out += '\\';
    out += c;
  }
  return out + quote;
}

}  // namespace

size_t behind_clickhouse_quotes(std::string_view sql, size_t at) {
  const char quote = sql[at];
  for (++at; at < sql.size(); ++at) {
    if (sql[at] == '\\') {
      ++at;
    } else if (sql[at] == quote) {
      return at + 1;
    }
  }
  return sql.size();
}

FirstWord first_clickhouse_word(std::string_view sql) {
  size_t at = 0;
  while (at < sql.size()) {
    const size_t next = behind_nothing(sql, at);
    if (next == at) break;
    at = next;
  }
  const size_t begin = at;
  while (at < sql.size() && is_letter(sql[at])) ++at;
  if (at == begin && at < sql.size()) ++at;
  return {ascii_lower(sql.substr(begin, at - begin)), at};
}

std::string quote_clickhouse_identifier(std::string_view name) { return quoted(name, '`'); }

std::string quote_clickhouse_text(std::string_view text) { return quoted(text, '\''); }

std::string clickhouse_body(std::string_view sql) {
  size_t end = 0;
  for (size_t at = 0; at < sql.size();) {
    const char c = sql[at];
    size_t next = behind_nothing(sql, at);
    if (next == at) {
      next = c == '\'' || c == '"' || c == '`' ? behind_clickhouse_quotes(sql, at) : at + 1;
      if (c != ';') end = next;
    }
    at = next;
  }
  return std::string(sql.substr(0, end));
}

}  // namespace sluice
