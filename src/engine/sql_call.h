#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/error.h"
#include "base/random.h"
#include "base/time_zone.h"

namespace sluice {

/// What the functions of one connection have in common. One thread at a time.
class FunctionWorld {
 public:
  /// `must_end` says whether the statement has to end now; it and `random`, which may be null,
  /// outlive this.
  FunctionWorld(Timestamp moment, Random* random, std::function<bool()> must_end)
      : moment_(moment), random_(random), must_end_(std::move(must_end)) {}
  FunctionWorld(const FunctionWorld&) = delete;
  FunctionWorld& operator=(const FunctionWorld&) = delete;

  /// What now() is, for the whole statement.
  Timestamp moment() const { return moment_; }
  /// Null where there is none.
  Random* random() const { return random_; }
  /// For what takes long within one call, where SQLite does not look at its deadline.
  bool must_end() const { return must_end_(); }
  /// Looked up once for each name. Throws as TimeZone::find does.
  const TimeZone& zone(std::string_view name);
  /// Bytes that unfinished aggregates hold together; see MemoryShare.
  size_t& aggregate_bytes() { return aggregate_bytes_; }

 private:
  Timestamp moment_;
  Random* random_;
  std::function<bool()> must_end_;
  std::map<std::string, TimeZone, std::less<>> zones_;
  size_t aggregate_bytes_ = 0;
};

/// One call of a function: its arguments, and where the result goes. Texts live as long as the
/// call. What throws Error becomes the statement's error.
class SqlCall {
 public:
  using Arguments = std::span<sqlite3_value* const>;
  SqlCall(sqlite3_context* context, Arguments arguments, std::string_view name,
          FunctionWorld& world)
      : context_(context), arguments_(arguments), name_(name), world_(world) {}

  std::string_view name() const { return name_; }
  FunctionWorld& world() const { return world_; }
  size_t size() const { return arguments_.size(); }
  /// The same call without what is not between these.
  SqlCall between(size_t first, size_t count) const {
    return {context_, arguments_.subspan(first, count), name_, world_};
  }

  sqlite3_value* value(size_t i) const { return arguments_[i]; }
  /// SQLITE_INTEGER, SQLITE_FLOAT, SQLITE_TEXT, SQLITE_BLOB or SQLITE_NULL.
  int type(size_t i) const { return sqlite3_value_type(value(i)); }
  bool is_null(size_t i) const { return type(i) == SQLITE_NULL; }
  bool is_number(size_t i) const { return type(i) == SQLITE_INTEGER || type(i) == SQLITE_FLOAT; }
  bool has_null() const;
  /// Whether SQLite takes the value for true.
  bool is_true(size_t i) const;
  /// Whether it is an array or object that another function has made.
  bool is_json(size_t i) const { return sqlite3_value_subtype(value(i)) == kJsonSubtype; }
  /// The bytes of a text or BLOB; of a number, what it is written as.
  std::string_view text(size_t i) const;
  /// A number, a real one without its fraction, or text that is an integer; else an error.
  int64_t integer(size_t i) const;
  int64_t integer(size_t i, int64_t least, int64_t most) const;
  /// A number, or text that is one; else an error.
  double real(size_t i) const;
  /// The time zone that the argument names; null where there is no such argument.
  const TimeZone* zone(size_t i) const;

  /// What `keep_with` has put beside an argument that is the same for all rows; null if nothing.
  void* kept_with(size_t i) const { return sqlite3_get_auxdata(context_, static_cast<int>(i)); }
  /// Gives `kept` to the argument, of use until the call ends at least. Throws std::bad_alloc.
  void* keep_with(size_t i, void* kept, void (*free)(void*)) const;

  void give_null() const { sqlite3_result_null(context_); }
  void give(int64_t number) const { sqlite3_result_int64(context_, number); }
  void give(double number) const { sqlite3_result_double(context_, number); }
  void give_truth(bool truth) const { sqlite3_result_int(context_, truth ? 1 : 0); }
  void give_text(std::string_view text) const;
  void give_blob(std::string_view bytes) const;
  /// Text where the bytes are UTF-8 without NUL, else a BLOB.
  void give_bytes(std::string_view bytes) const;
  /// Text that SQLite's JSON functions take for JSON.
  void give_json(std::string_view json) const;
  void give_value(sqlite3_value* value) const { sqlite3_result_value(context_, value); }
  void give_argument(size_t i) const;

  /// Throws kTooLarge where a value of so many bytes may not be.
  void check_size(uint64_t bytes) const;
  /// Throws kCancelled where the statement has to end.
  void check_going_on() const;
  /// `name(): argument 2, 'xyz', <what>`.
  Error wrong(size_t i, const std::string& what) const;
  /// `name(): <what>`.
  Error failed(const std::string& what, ErrorCode code = ErrorCode::kInvalid) const;

 private:
  /// sqlite.org/json1.html: "JSON subtype" is the letter J.
  static constexpr unsigned kJsonSubtype = 'J';

  sqlite3_context* context_;
  Arguments arguments_;
  std::string_view name_;
  FunctionWorld& world_;
};

}  // namespace sluice
