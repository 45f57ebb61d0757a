#pragma once

#include <string>
#include <string_view>

#include "domain/template_value.h"

namespace sluice {

struct TemplateToken {
  enum class Kind { kEnd, kName, kConstant, kSign };
  Kind kind = Kind::kEnd;
  size_t at = 0;     ///< In bytes of the template.
  std::string text;  ///< The name, or the sign: `(`, `==`, ...
  TemplateValue constant;
};

/// The words of one expression, with Python's spelling of names, numbers and texts.
class TemplateTokens {
 public:
  /// `whole` is kept by reference.
  TemplateTokens(std::string_view whole, size_t at, size_t end)
      : whole_(whole), at_(at), end_(end) {}

  /// The next word. Throws kInvalid for what is none, with its place.
  TemplateToken next();

 private:
  TemplateToken read_text(char quote);
  TemplateToken read_number();

  std::string_view whole_;
  size_t at_;
  size_t end_;
};

/// Throws kInvalid: the place, then the message.
[[noreturn]] void refuse_template(std::string_view whole, size_t at, const std::string& message,
                                  const std::string& hint = {});

}  // namespace sluice
