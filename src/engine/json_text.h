#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sluice {

enum class JsonKind { kNull, kBool, kNumber, kString, kArray, kObject };

/// A value inside of a JSON text that was checked as a whole; lives as long as the text. Nothing is
/// copied and nothing is nested in memory, so deep or large documents cost no more than a look at
/// each of their bytes.
class JsonValue {
 public:
  /// Nothing unless the text is one JSON value by RFC 8259, not nested deeper than 1,000.
  static std::optional<JsonValue> parse(std::string_view text);

  JsonKind kind() const;
  /// As it stands in the text.
  std::string_view raw() const { return raw_; }
  /// Of an array or object; 0 for anything else.
  size_t size() const;

  /// The member of that name, the first where there are several; nothing in what is no object.
  std::optional<JsonValue> member(std::string_view name) const;
  /// The element or the member's value at a place that counts from 1, or from the end with -1.
  std::optional<JsonValue> at(int64_t place) const;

  /// One after the other: start with `first()`, then `next()` until there is nothing.
  struct Item {
    std::string_view key;  ///< With quotes; empty in an array.
    std::string_view value;
    std::string_view rest;
    JsonValue as_value() const { return JsonValue(value); }
  };
  std::optional<Item> first() const;
  static std::optional<Item> next(const Item& item);

  /// Of a string: the characters it stands for. A half of a surrogate pair becomes U+FFFD.
  std::string string() const { return decode(raw_); }
  static std::string decode(std::string_view quoted);
  /// Of a number.
  double real() const;
  /// Of a number without a fraction that has 64 bits.
  std::optional<int64_t> integer() const;
  /// Of a number without a fraction, sign or exponent, up to 2^64 - 1.
  bool is_unsigned() const;
  bool is_true() const { return raw_ == "true"; }

  /// The value without white space, numbers and strings in their shortest form.
  void append_compact(std::string& out) const;

 private:
  explicit JsonValue(std::string_view raw) : raw_(raw) {}
  static std::optional<Item> item_at(std::string_view rest, bool in_object);

  std::string_view raw_;
};

}  // namespace sluice
