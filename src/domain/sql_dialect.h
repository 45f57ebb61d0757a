#pragma once

#include <string>
#include <string_view>

namespace sluice {

/// Whose lexical rules a statement follows.
enum class SqlDialect {
  kSqlite,      ///< sqlite.org/lang.html
  kClickhouse,  ///< clickhouse.com/docs/sql-reference/syntax
};

/// The dialect of an engine by its name; empty: the embedded one.
inline SqlDialect dialect_of(const std::string& engine) {
  return engine.empty() ? SqlDialect::kSqlite : SqlDialect::kClickhouse;
}

}  // namespace sluice
