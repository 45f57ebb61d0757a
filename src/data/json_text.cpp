#include "data/json_text.h"

#include <algorithm>

namespace sluice {

char* write_json_escaped(char* out, std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  for (char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const char escape = kJsonEscapes[byte];
    if (escape == 0) {
      *out++ = c;
      continue;
    }
    *out++ = '\\';
    *out++ = escape;
    if (escape != 'u') continue;
    *out++ = '0';
    *out++ = '0';
    *out++ = kHex[byte >> 4];
    *out++ = kHex[byte & 15];
  }
  return out;
}

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  const auto special = [](char c) { return kJsonEscapes[static_cast<unsigned char>(c)] != 0; };
  while (!text.empty()) {
    const auto plain = std::find_if(text.begin(), text.end(), special);
    out.append(text.begin(), plain);
    text.remove_prefix(static_cast<size_t>(plain - text.begin()));
    if (text.empty()) break;
    char escaped[kJsonEscapeBytes];
    out.append(escaped, write_json_escaped(escaped, text.substr(0, 1)));
    text.remove_prefix(1);
  }
  out += '"';
}

}  // namespace sluice
