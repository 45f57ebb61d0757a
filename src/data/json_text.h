#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace sluice {

/// The letter behind the backslash of a short escape, 'u' for the others, 0 for bytes that stand
/// for themselves in a JSON string.
inline constexpr std::array<char, 256> kJsonEscapes = [] {
  std::array<char, 256> table{};
  for (size_t c = 0; c < 0x20; ++c) table[c] = 'u';
  table['\b'] = 'b';
  table['\f'] = 'f';
  table['\n'] = 'n';
  table['\r'] = 'r';
  table['\t'] = 't';
  table['"'] = '"';
  table['\\'] = '\\';
  return table;
}();

/// What a byte of text takes at most once it is escaped.
inline constexpr size_t kJsonEscapeBytes = 6;

/// Writes the inside of a JSON string at `out`, which has room for the worst case; returns the end.
char* write_json_escaped(char* out, std::string_view text);
/// Adds a JSON string with its quotes. `text` is UTF-8.
void append_json_string(std::string& out, std::string_view text);

}  // namespace sluice
