#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sluice {

/// The statement without comments, spaces and semicolons behind it, and without semicolons before
/// it, so that it can stand inside another one. An unterminated comment at the end counts as a
/// comment, as in SQLite. Does not judge the rest: a second statement stays in.
std::string strip_statement_end(std::string_view sql);

/// Every word of the statement that may name a table: bare and quoted identifiers, in order,
/// without repeats. A superset (keywords, columns and functions are in it); string literals and
/// comments are not.
std::vector<std::string> words_in(std::string_view sql);

/// `name` as a quoted SQL identifier.
std::string quote_identifier(std::string_view name);

}  // namespace sluice
