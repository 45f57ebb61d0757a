#pragma once

#include <string>
#include <string_view>

#include "domain/sql_dialect.h"

namespace sluice {

/// A statement as a template writes it. Knows at every byte whether the statement is inside of
/// quotes or a comment, so that no value can end what the text has begun.
class SqlOutput {
 public:
  explicit SqlOutput(SqlDialect dialect = SqlDialect::kSqlite) : dialect_(dialect) {}

  /// Text of the template, as it is. Throws kForbidden where the word kSecretFunction stands in it,
  /// kInvalid for ClickHouse's quotes of dollar signs.
  void add_text(std::string_view text);
  /// A literal, a quoted name, or what was put together from these, by SQLite's rules; set off by
  /// spaces where it would grow together with what stands beside it. In a comment it is left out.
  /// Throws kInvalid inside of quotes.
  void add_value(std::string_view sql);

  const std::string& sql() const { return sql_; }

 private:
  enum class Where { kPlain, kQuotes, kLineComment, kBlockComment };

  void add(char c);
  void add_plain(char last, char c);
  bool is_escaped(char c);
  void look_for_secret(char c);
  void check_size(size_t more) const;

  SqlDialect dialect_;
  std::string sql_;
  Where where_ = Where::kPlain;
  char close_ = 0;        ///< What ends the quotes.
  bool escaped_ = false;  ///< ClickHouse: the byte before was a backslash inside of quotes.
  /// The byte before, where it could begin something together with the next one.
  char last_ = 0;
  bool behind_value_ = false;
  size_t secret_letters_ = 0;  ///< Of kSecretFunction that the text has just had.
};

}  // namespace sluice
