#pragma once

#include <sqlite3.h>

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/sql_aggregate.h"
#include "engine/sql_call.h"

namespace sluice {

/// Lines of the tables below. `usage` is how it is called, for errors and the documentation; the
/// name is what stands before its bracket. Unless it takes NULL, a function with a NULL among its
/// arguments gives NULL without being asked.
struct SqlFunction {
  std::string_view usage;
  int least = 0;  ///< Arguments.
  int most = 0;
  void (*call)(const SqlCall& call) = nullptr;
  unsigned flags = 0;
};
inline constexpr unsigned kTakesNull = 1;
/// Another result for each row; the others always give the same for the same arguments.
inline constexpr unsigned kVaries = 2;

struct SqlAggregate {
  std::string_view usage;
  int least = 0;
  int most = 0;
  std::unique_ptr<Aggregate> (*make)(FunctionWorld& world) = nullptr;
};
/// As many arguments as SQLite allows.
inline constexpr int kAnyNumber = 100;

/// The functions by subject; docs/sql-functions.md lists them in this order.
std::span<const SqlFunction> time_functions();
std::span<const SqlFunction> time_part_functions();
std::span<const SqlFunction> time_arithmetic_functions();
std::span<const SqlFunction> time_text_functions();
std::span<const SqlFunction> conversion_functions();
std::span<const SqlFunction> logic_functions();
std::span<const SqlFunction> text_functions();
std::span<const SqlFunction> pattern_functions();
std::span<const SqlFunction> url_functions();
std::span<const SqlFunction> encoding_functions();
std::span<const SqlFunction> json_functions();
std::span<const SqlFunction> array_functions();
std::span<const SqlAggregate> plain_aggregates();
std::span<const SqlAggregate> array_aggregates();
std::span<const SqlAggregate> quantile_aggregates();

/// The functions people expect of ClickHouse, on one SQLite connection. Must outlive the
/// connection's statements.
class SqlFunctions {
 public:
  SqlFunctions(sqlite3* connection, Timestamp moment, Random* random,
               std::function<bool()> must_end);
  ~SqlFunctions();
  SqlFunctions(const SqlFunctions&) = delete;
  SqlFunctions& operator=(const SqlFunctions&) = delete;

  /// Registers those that the statement may call. All of them would take longer than most
  /// statements do.
  void add_called_in(std::string_view sql);

 private:
  struct Bound;
  void add(const SqlFunction& function);
  void add(const SqlAggregate& aggregate);

  static void on_call(sqlite3_context* context, int count, sqlite3_value** values);
  static void on_step(sqlite3_context* context, int count, sqlite3_value** values);
  static void on_inverse(sqlite3_context* context, int count, sqlite3_value** values);
  static void on_value(sqlite3_context* context);
  static void on_final(sqlite3_context* context);

  sqlite3* connection_;
  FunctionWorld world_;
  std::vector<std::unique_ptr<Bound>> bound_;
};

/// Whether it is the name of one of our aggregates, in any case.
bool is_sql_aggregate(std::string_view name);
/// How one of ours is called; nothing where there is none of that name.
std::optional<std::string> usage_of_sql_function(std::string_view name);
/// Of ours and of SQLite's own; for "did you mean".
std::optional<std::string> nearest_sql_function(std::string_view name);

}  // namespace sluice
