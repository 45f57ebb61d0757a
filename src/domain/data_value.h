#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/time_zone.h"
#include "domain/data_type.h"

namespace sluice {

/// Whether the column's DEFAULT is the time (`now()`, `now64(6)`, `today()`).
bool defaults_to_time(const DataColumn& column);

/// Makes values what a column of a data source stores (DataKind says what that is), or says why
/// they can't be. docs/data.md has the rules for people. One thread.
class ValueFitter {
 public:
  enum class Result { kNull, kInteger, kReal, kText };

  explicit ValueFitter(const DataColumn& column);

  // True: `result` and the value that belongs to it hold until the next call; false: `reason` does.
  bool fit(std::string_view text);
  bool fit(int64_t value);
  bool fit(double value);
  /// The value of a DEFAULT: a literal of SQL, `now()` or `today()` (`now` says when that is).
  bool fit_fallback(std::string_view expression, Timestamp now);

  Result result() const { return result_; }
  int64_t integer() const { return integer_; }
  double real() const { return real_; }
  /// May lie in the text that was fitted.
  std::string_view text() const { return text_; }
  /// A sentence that quotes the value, cut short.
  const std::string& reason() const { return reason_; }

 private:
  enum class Rule {
    kString,
    kFixedString,
    kUuid,
    kIpv4,
    kIpv6,
    kEnum,
    kInteger,
    kReal,
    kDecimal,
    kBoolean,
    kDate,
    kDateTime,
    kJson
  };
  static Rule rule_of(const DataType& type);

  bool fit_string(std::string_view text);
  bool fit_uuid(std::string_view text);
  bool fit_address(std::string_view text);
  bool fit_enum(std::string_view text);
  bool fit_whole(std::string_view text);
  bool fit_real(std::string_view text);
  bool fit_decimal(std::string_view text);
  bool fit_boolean(std::string_view text);
  bool fit_date(std::string_view text);
  bool fit_json(std::string_view text);
  bool take_moment(const std::optional<Timestamp>& time, std::string_view shown);

  bool take_null();
  bool take_integer(int64_t value);
  bool take_real(double value);
  bool take_text(std::string_view text);
  /// Takes what was put into `made_`.
  bool take_made() { return take_text(made_); }
  /// Keeps the text where what was fitted is gone after the call; true.
  bool keep_text();
  /// "'<shown>' <what>."
  bool refuse(std::string_view shown, std::string_view what);

  DataType type_;
  Rule rule_;
  TimeZone zone_;
  int64_t least_ = 0;
  int64_t most_ = 0;
  Result result_ = Result::kNull;
  int64_t integer_ = 0;
  double real_ = 0;
  std::string_view text_;
  std::string made_;
  std::string reason_;
};

/// Text cut to `bytes`, no character in the middle, for showing it.
std::string_view cut_text(std::string_view text, size_t bytes);

}  // namespace sluice
