#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace sluice {

/// Which type of a column some values of it suggest. One thread.
class TypeGuess {
 public:
  void see_null() { nulls_ = true; }
  /// A value of JSON, as it is written there.
  void see_json(std::string_view value);
  /// A field of CSV, where everything is text: numbers and `true` are told by how they look. What
  /// begins with a zero that counts for nothing ("007") is text.
  void see_csv(std::string_view field);

  bool is_list() const { return list_ && !scalar_; }
  /// Whether a text was seen that is neither a number nor a time.
  bool is_text() const { return text_; }
  /// The type, Nullable where NULL was seen: `Int64`, `Nullable(DateTime64(3))`, `Array(String)`.
  /// Lists of mixed elements are of texts; what is of no type is String.
  std::string type() const;

 private:
  void see_text(std::string_view text);
  std::string plain_type() const;

  bool nulls_ = false;
  bool scalar_ = false;
  bool boolean_ = false;
  bool integer_ = false;
  bool real_ = false;
  bool date_ = false;
  bool time_ = false;
  bool text_ = false;
  bool list_ = false;
  bool object_ = false;
  size_t fraction_ = 0;  ///< Digits of a second that times have.
  std::unique_ptr<TypeGuess> elements_;
};

}  // namespace sluice
