#include "domain/json_literal.h"

namespace sluice {
namespace {

/// Takes the text in single quotes at the front of `rest`; nothing if it is not closed.
std::optional<std::string> take_text(std::string_view& rest) {
  std::string text;
  for (size_t i = 1; i < rest.size(); ++i) {
    const char c = rest[i];
    if (c == '\\' && i + 1 < rest.size()) {
      const char code = rest[++i];
      text += code == 'n' ? '\n' : code == 't' ? '\t' : code == 'r' ? '\r' : code;
    } else if (c == '\'' && rest.substr(i + 1).starts_with('\'')) {
      text += c;
      ++i;
    } else if (c == '\'') {
      rest.remove_prefix(i + 1);
      return text;
    } else {
      text += c;
    }
  }
  return std::nullopt;
}

void append_quoted(std::string& out, std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  out += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') out += '\\';
    if (byte >= 0x20) {
      out += c;
    } else {
      out += "\\u00";
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
    }
  }
  out += '"';
}

}  // namespace

std::string json_of_literal(std::string_view literal) {
  std::string json;
  std::string_view rest = literal;
  while (!rest.empty()) {
    const char c = rest.front();
    if (c == '\'') {
      const std::optional<std::string> text = take_text(rest);
      if (!text) return {};
      append_quoted(json, *text);
      continue;
    }
    json += c == '(' ? '[' : c == ')' ? ']' : c;
    rest.remove_prefix(1);
  }
  return json;
}

std::optional<std::string> sql_text_value(std::string_view literal) {
  if (!literal.starts_with('\'')) return std::nullopt;
  std::optional<std::string> text = take_text(literal);
  if (!literal.empty()) return std::nullopt;
  return text;
}

}  // namespace sluice
