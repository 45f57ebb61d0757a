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

/// The names in lower case that stand before an opening bracket, as a function's does, and REGEXP
/// and MATCH, operators that call the function of their name; each once.
std::vector<std::string> calls_in(std::string_view sql);

/// The statement with each `name(a)(b)` as `name(a, b)`, where `joins` says so of the name in lower
/// case: ClickHouse's way to give an aggregate its parameters, and no SQL of SQLite's. The result
/// is as long, and all else stands where it stood.
std::string join_parameters(std::string_view sql, bool (*joins)(std::string_view name));

/// A table as a statement names it; `file` is empty where no name stands before a dot.
struct TableName {
  std::string file;
  std::string table;
  bool operator==(const TableName&) const = default;
};
/// The tables that the statement names behind FROM and JOIN, also in its subqueries, in order and
/// without repeats; its own WITH names and table functions are not among them. Looks at the words
/// alone: whether there are such tables, and whether the statement is valid, it does not know.
std::vector<TableName> tables_in(std::string_view sql);

/// How often the statement reads from `table` (`file.table` or `table`, in any case and quoting)
/// right behind a FROM; a comma or JOIN is not looked at.
size_t count_from(std::string_view sql, std::string_view table);
/// The statement with `subquery` in brackets in place of the first of these, under the table's bare
/// name where it has no alias.
std::string replace_from(std::string_view sql, std::string_view table, std::string_view subquery);

/// `name` as a quoted SQL identifier.
std::string quote_identifier(std::string_view name);
/// `text` as a SQL string.
std::string quote_text(std::string_view text);

}  // namespace sluice
