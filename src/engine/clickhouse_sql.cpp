#include "engine/clickhouse_sql.h"

#include "base/error.h"
#include "base/limits.h"
#include "domain/clickhouse_text.h"

namespace sluice {
namespace {

std::string common_tables(const Query& query) {
  std::string out;
  for (const NamedQuery& view : query.views) {
    out += (out.empty() ? "" : ",\n") + quote_clickhouse_identifier(view.name) + " AS (\n" +
           clickhouse_body(view.sql) + "\n)";
  }
  return out;
}

std::string with_views(const Query& query, const std::string& body, const FirstWord& first) {
  const std::string tables = common_tables(query);
  if (first.lower != "with") return "WITH " + tables + "\n" + body;
  const std::string_view rest = std::string_view(body).substr(first.end);
  const FirstWord second = first_clickhouse_word(rest);
  if (second.lower == "recursive") {
    return "WITH RECURSIVE " + tables + ",\n" + std::string(rest.substr(second.end));
  }
  return "WITH " + tables + ",\n" + std::string(rest);
}

}  // namespace

std::string compose_clickhouse(const Query& query) {
  if (query.sql.size() > limits::kSqlBytes) {
    throw Error(ErrorCode::kTooLarge, "The SQL has " + std::to_string(query.sql.size()) +
                                          " bytes; at most " + std::to_string(limits::kSqlBytes) +
                                          " are allowed.");
  }
  const std::string body = clickhouse_body(query.sql);
  if (body.find('\0') != std::string::npos) {
    throw Error(ErrorCode::kInvalid, "The SQL holds a NUL character.", "Remove it.");
  }
  const FirstWord first = first_clickhouse_word(body);
  if (first.lower.empty()) {
    throw Error(ErrorCode::kInvalid, "The SQL is empty.", "Give one SELECT.");
  }
  if (first.lower != "select" && first.lower != "with" && first.lower != "(") {
    throw Error(ErrorCode::kForbidden,
                "The SQL may only read, but it begins with '" + first.lower.substr(0, 40) + "'.",
                "Begin it with SELECT or WITH.");
  }
  return query.views.empty() ? body : with_views(query, body, first);
}

}  // namespace sluice
