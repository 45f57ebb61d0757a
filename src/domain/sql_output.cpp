#include "domain/sql_output.h"

#include "base/error.h"
#include "base/limits.h"
#include "domain/variable.h"

namespace sluice {
namespace {

bool stands_apart(char c) { return std::string_view(" \t\n\r\f(),;").find(c) != std::string::npos; }

}  // namespace

void SqlOutput::check_size(size_t more) const {
  if (sql_.size() + more <= limits::kSqlBytes) return;
  throw Error(ErrorCode::kTooLarge,
              "The statement has more than " + std::to_string(limits::kSqlBytes) +
                  " bytes once the template is filled in.",
              "Give shorter values.");
}

void SqlOutput::add_plain(char last, char c) {
  const bool sqlite = dialect_ == SqlDialect::kSqlite;
  if (c == '\'' || c == '"' || c == '`' || (c == '[' && sqlite)) {
    where_ = Where::kQuotes;
    close_ = c == '[' ? ']' : c;
  } else if ((last == '-' && c == '-') || (!sqlite && last == '#' && (c == ' ' || c == '!'))) {
    where_ = Where::kLineComment;
  } else if (last == '/' && c == '*') {
    where_ = Where::kBlockComment;
    last_ = 0;  // `/*/` does not end it.
  } else if (c == '$' && !sqlite) {
    throw Error(ErrorCode::kInvalid, "A dollar sign stands outside of quotes.",
                "Write texts in single quotes.");
  }
}

/// ClickHouse's backslash takes the byte behind it along.
bool SqlOutput::is_escaped(char c) {
  if (escaped_) {
    escaped_ = false;
    return true;
  }
  escaped_ = dialect_ == SqlDialect::kClickhouse && c == '\\';
  return escaped_;
}

void SqlOutput::add(char c) {
  const char last = last_;
  last_ = c;
  switch (where_) {
    case Where::kPlain:
      add_plain(last, c);
      break;
    case Where::kQuotes:
      // A doubled quote leaves and enters again.
      if (!is_escaped(c) && c == close_) where_ = Where::kPlain;
      break;
    case Where::kLineComment:
      if (c == '\n') where_ = Where::kPlain;
      break;
    case Where::kBlockComment:
      if (last == '*' && c == '/') {
        where_ = Where::kPlain;
        last_ = 0;
      }
      break;
  }
  sql_ += c;
}

void SqlOutput::look_for_secret(char c) {
  const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  // The word has its first letter once more only at its end, so nothing but that can begin it anew.
  if (lower != kSecretFunction[secret_letters_]) secret_letters_ = 0;
  if (lower == kSecretFunction[secret_letters_]) ++secret_letters_;
  if (secret_letters_ < kSecretFunction.size()) return;
  throw Error(ErrorCode::kForbidden, "The SQL itself says 'tb_secret'.",
              "A secret comes into it by the mark {{tb_secret('name')}} alone; for anything else "
              "choose another word.");
}

void SqlOutput::add_text(std::string_view text) {
  if (text.empty()) return;
  check_size(text.size() + 1);
  if (behind_value_ && !stands_apart(text.front())) add(' ');
  behind_value_ = false;
  for (const char c : text) {
    look_for_secret(c);
    add(c);
  }
}

void SqlOutput::add_value(std::string_view sql) {
  if (where_ == Where::kLineComment || where_ == Where::kBlockComment) return;
  if (where_ == Where::kQuotes) {
    throw Error(ErrorCode::kInvalid, "A value stands inside of quotes.",
                "Take the quotes away: a text brings its own. To join texts write "
                "'abc' || {{String(x)}}.");
  }
  check_size((dialect_ == SqlDialect::kSqlite ? 1 : 2) * sql.size() + 1);
  if (sql.empty()) return;
  if (!sql_.empty() && !stands_apart(sql_.back())) sql_ += ' ';
  for (const char c : sql) {
    sql_ += c;
    // Only what is quoted has any, and to ClickHouse it would take the next byte along.
    if (c == '\\' && dialect_ == SqlDialect::kClickhouse) sql_ += c;
  }
  last_ = 0;
  secret_letters_ = 0;
  behind_value_ = true;
}

}  // namespace sluice
