#include "domain/sql_tokens.h"

#include "base/encoding.h"

namespace sluice {
namespace {

using Kind = SqlTokenKind;

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f'; }
bool starts_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}
bool goes_on(char c) { return starts_word(c) || (c >= '0' && c <= '9') || c == '$'; }

size_t run_of(std::string_view sql, bool (*in)(char)) {
  size_t size = 1;
  while (size < sql.size() && in(sql[size])) ++size;
  return size;
}

/// A quoted run; the quote is doubled to stand for itself.
size_t quoted_run(std::string_view sql, char close) {
  size_t at = 1;
  while (at < sql.size()) {
    if (sql[at] == close) {
      if (close == ']' || at + 1 >= sql.size() || sql[at + 1] != close) return at + 1;
      ++at;
    }
    ++at;
  }
  return sql.size();
}

size_t ends_behind(std::string_view sql, std::string_view mark, size_t from) {
  const size_t found = sql.find(mark, from);
  return found == std::string_view::npos ? sql.size() : found + mark.size();
}

std::string unquoted(std::string_view token) {
  const char quote = token.front();
  std::string_view inside = token.substr(1, token.size() >= 2 ? token.size() - 2 : 0);
  std::string out;
  for (size_t i = 0; i < inside.size(); ++i) {
    out += inside[i];
    if (quote != '[' && inside[i] == quote) ++i;
  }
  return out;
}

}  // namespace

SqlToken first_sql_token(std::string_view sql) {
  const char c = sql.front();
  if (is_space(c)) return {Kind::kSpace, sql.substr(0, run_of(sql, is_space))};
  if (sql.starts_with("--")) return {Kind::kComment, sql.substr(0, ends_behind(sql, "\n", 2))};
  if (sql.starts_with("/*")) return {Kind::kComment, sql.substr(0, ends_behind(sql, "*/", 2))};
  if (c == '\'') return {Kind::kString, sql.substr(0, quoted_run(sql, '\''))};
  if (c == '"' || c == '`') return {Kind::kQuotedWord, sql.substr(0, quoted_run(sql, c))};
  if (c == '[') return {Kind::kQuotedWord, sql.substr(0, quoted_run(sql, ']'))};
  if (starts_word(c)) return {Kind::kWord, sql.substr(0, run_of(sql, goes_on))};
  return {Kind::kOther, sql.substr(0, 1)};
}

bool is_name(const SqlToken& token) {
  return token.kind == Kind::kWord || token.kind == Kind::kQuotedWord;
}

std::string as_written(const SqlToken& token) {
  return token.kind == Kind::kWord ? std::string(token.text) : unquoted(token.text);
}

std::string name_of(const SqlToken& token) { return ascii_lower(as_written(token)); }

std::vector<PlacedSqlToken> sql_tokens_of(std::string_view sql) {
  std::vector<PlacedSqlToken> tokens;
  for (size_t at = 0; at < sql.size();) {
    const SqlToken token = first_sql_token(sql.substr(at));
    if (token.kind != Kind::kSpace && token.kind != Kind::kComment) tokens.push_back({token, at});
    at += token.text.size();
  }
  return tokens;
}

}  // namespace sluice
