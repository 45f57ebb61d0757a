#pragma once

#include <cstddef>
#include <string>
#include <string_view>

// The text of statements by ClickHouse's lexical rules (clickhouse.com/docs/sql-reference/syntax):
// in quotes of any kind a backslash escapes, and `#` begins a comment, too.
namespace sluice {

/// The end of the quoted run that begins at `at`; a quote inside is escaped or doubled.
size_t behind_clickhouse_quotes(std::string_view text, size_t at);

/// The statement without comments, spaces and semicolons at its end.
std::string clickhouse_body(std::string_view sql);

/// A statement's first word in lower case (or its first sign), and where it ends.
struct FirstWord {
  std::string lower;
  size_t end = 0;
};
FirstWord first_clickhouse_word(std::string_view sql);

/// `name` as a quoted identifier.
std::string quote_clickhouse_identifier(std::string_view name);
/// `text` as a string.
std::string quote_clickhouse_text(std::string_view text);

}  // namespace sluice
