#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace sluice {

enum class SqlTokenKind { kSpace, kComment, kWord, kQuotedWord, kString, kOther };

/// A run of a statement's text, which it points into. What is unterminated goes to the end.
struct SqlToken {
  SqlTokenKind kind = SqlTokenKind::kOther;
  std::string_view text;
};

/// The first token of a statement that is not empty, by SQLite's lexical rules
/// (sqlite.org/lang.html). Numbers and operators come byte by byte.
SqlToken first_sql_token(std::string_view sql);

/// Whether it is a bare or quoted identifier.
bool is_name(const SqlToken& token);
/// A name without its quotes.
std::string as_written(const SqlToken& token);
/// The same in lower case: names compare without case.
std::string name_of(const SqlToken& token);

/// A token and where it begins.
struct PlacedSqlToken {
  SqlToken token;
  size_t at = 0;
};

/// The statement's tokens without spaces and comments.
std::vector<PlacedSqlToken> sql_tokens_of(std::string_view sql);

}  // namespace sluice
