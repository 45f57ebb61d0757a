#pragma once

#include <sqlite3.h>

#include <set>
#include <string>

namespace sluice {

/// Allows a connection nothing but reading, by an allow-list: SQLITE_OPEN_READONLY alone still lets
/// VACUUM INTO and ATTACH through (sqlite.org/c3ref/set_authorizer.html). Remembers what was read
/// and what was refused. Must outlive its use by the connection; not thread-safe.
class ReadOnlyGuard {
 public:
  ReadOnlyGuard() = default;
  ReadOnlyGuard(const ReadOnlyGuard&) = delete;
  ReadOnlyGuard& operator=(const ReadOnlyGuard&) = delete;

  void attach_to(sqlite3* connection);
  /// Starts over for the next statement.
  void forget();

  /// "INSERT into orders": what the last statement tried and must not; empty if nothing.
  const std::string& refused() const { return refused_; }
  /// Names read by the statement itself, not by views inside it: `schema.table`, or `table` where
  /// the schema is main or temp.
  const std::set<std::string>& tables() const { return tables_; }

 private:
  static int callback(void* self, int action, const char* first, const char* second,
                      const char* schema, const char* inner);
  int decide(int action, const char* first, const char* second, const char* schema,
             const char* inner);
  int decide_read(const char* table, const char* schema, const char* inner);
  int decide_function(const char* name);
  int refuse(std::string what);

  std::string refused_;
  std::set<std::string> tables_;
};

}  // namespace sluice
