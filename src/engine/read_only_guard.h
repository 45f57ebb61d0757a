#pragma once

#include <sqlite3.h>

#include <compare>
#include <set>
#include <string>

namespace sluice {

/// Allows a connection nothing but reading, by an allow-list: SQLITE_OPEN_READONLY alone still lets
/// VACUUM INTO and ATTACH through (sqlite.org/c3ref/set_authorizer.html). Of the database `main`,
/// the warehouse, the tables `sluice_*` and the schema, which lists them, are not read either.
/// Remembers what was read and what was refused. Must outlive its use by the connection; not
/// thread-safe.
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
  /// A table or view that was read: `schema.table`, or `table` where the schema is main or temp.
  struct Read {
    std::string table;
    /// The view or common table expression that the read stands in; empty in the statement itself.
    std::string inside;
    auto operator<=>(const Read&) const = default;  // NOLINT(modernize-use-nullptr): a false alarm
  };
  const std::set<Read>& reads() const { return reads_; }

 private:
  static int callback(void* self, int action, const char* first, const char* second,
                      const char* schema, const char* inner);
  int decide(int action, const char* first, const char* second, const char* schema,
             const char* inner);
  int decide_read(const char* table, const char* schema, const char* inner);
  int decide_function(const char* name);
  int refuse(std::string what);

  std::string refused_;
  std::set<Read> reads_;
};

}  // namespace sluice
