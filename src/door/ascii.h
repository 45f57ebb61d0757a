#pragma once

#include <algorithm>
#include <string_view>

/// The few byte rules of RFC 9110 that the door needs. Independent of the locale.
namespace sluice {

inline char lower_ascii(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

inline bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, lower_ascii, lower_ascii);
}

/// A `tchar` of RFC 9110, section 5.6.2.
inline bool is_token_char(char c) {
  const bool letter = lower_ascii(c) >= 'a' && lower_ascii(c) <= 'z';
  const bool digit = c >= '0' && c <= '9';
  return letter || digit ||
         (c != '\0' && std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos);
}

inline bool is_token(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, is_token_char);
}

/// A byte that has no place in a head but as CR LF; a tab is none of them.
inline bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && byte != '\t') || byte == 0x7f;
}

/// Without the optional white space (SP, HTAB) at both ends.
inline std::string_view trim_blanks(std::string_view text) {
  const size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

}  // namespace sluice
