#include "base/json_reader.h"

#include <cstdint>
#include <cstring>
#include <optional>

#include "base/limits.h"

namespace sluice {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

constexpr std::string_view kEscapes = "\"\\/bfnrt";
constexpr uint64_t kOnes = 0x0101010101010101;
constexpr uint64_t kHighs = 0x8080808080808080;

/// Whether a quote, a backslash or a control character is among eight bytes.
bool has_special(uint64_t word) {
  const uint64_t quote = word ^ (kOnes * '"');
  const uint64_t slash = word ^ (kOnes * '\\');
  const uint64_t found =
      ((quote - kOnes) & ~quote) | ((slash - kOnes) & ~slash) | ((word - kOnes * 0x20) & ~word);
  return (found & kHighs) != 0;
}

const char* skip_plain(const char* at, const char* end) {
  while (end - at >= 8) {
    uint64_t word = 0;
    std::memcpy(&word, at, sizeof word);
    if (has_special(word)) break;
    at += 8;
  }
  while (at != end && *at != '"' && *at != '\\' && static_cast<unsigned char>(*at) >= 0x20) ++at;
  return at;
}

int hex_digit(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::optional<uint32_t> read_hex(std::string_view text) {
  if (text.size() < 4) return std::nullopt;
  uint32_t value = 0;
  for (size_t i = 0; i < 4; ++i) {
    const int digit = hex_digit(text[i]);
    if (digit < 0) return std::nullopt;
    value = value * 16 + static_cast<uint32_t>(digit);
  }
  return value;
}

void append_utf8(std::string& out, uint32_t code) {
  auto tail = [&](uint32_t bits) { out += static_cast<char>(0x80 | (bits & 0x3f)); };
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xc0 | code >> 6);
    tail(code);
  } else if (code < 0x10000) {
    out += static_cast<char>(0xe0 | code >> 12);
    tail(code >> 6);
    tail(code);
  } else {
    out += static_cast<char>(0xf0 | code >> 18);
    tail(code >> 12);
    tail(code >> 6);
    tail(code);
  }
}

/// The character of `\uXXXX` or of two of them; `rest` begins behind the first `\u`.
bool append_unicode(std::string& out, std::string_view& rest) {
  const std::optional<uint32_t> first = read_hex(rest);
  if (!first) return false;
  rest.remove_prefix(4);
  uint32_t code = *first;
  if (code >= 0xdc00 && code < 0xe000) return false;
  if (code >= 0xd800 && code < 0xdc00) {
    if (!rest.starts_with("\\u")) return false;
    const std::optional<uint32_t> second = read_hex(rest.substr(2));
    if (!second || *second < 0xdc00 || *second >= 0xe000) return false;
    rest.remove_prefix(6);
    code = 0x10000 + ((code - 0xd800) << 10) + (*second - 0xdc00);
  }
  append_utf8(out, code);
  return true;
}

}  // namespace

bool JsonReader::string(std::string_view& inside, bool& escaped) {
  if (next() != '"') return fail("has no string where one has to be");
  const char* const begin = ++at_;
  escaped = false;
  while (true) {
    at_ = skip_plain(at_, end_);
    if (at_ == end_) return fail("ends inside of a string");
    if (*at_ == '"') break;
    if (*at_ != '\\') return fail("has a control character in a string");
    escaped = true;
    if (++at_ == end_) return fail("ends inside of a string");
    if (*at_ == 'u') {
      const auto left = static_cast<size_t>(end_ - at_);
      if (!read_hex({at_ + 1, left - 1})) return fail("has a \\u without four hex digits");
      at_ += 4;
    } else if (kEscapes.find(*at_) == std::string_view::npos) {
      return fail("has an escape that JSON does not know");
    }
    ++at_;
  }
  inside = {begin, static_cast<size_t>(at_ - begin)};
  ++at_;
  return true;
}

bool JsonReader::number(std::string_view& text, bool& whole) {
  next();
  const char* const begin = at_;
  auto digits = [&] {
    if (at_ == end_ || !is_digit(*at_)) return false;
    while (at_ != end_ && is_digit(*at_)) ++at_;
    return true;
  };
  if (at_ != end_ && *at_ == '-') ++at_;
  const bool zero = at_ != end_ && *at_ == '0';
  const char* const first = at_;
  if (!digits()) return fail("has no value where one has to be");
  if (zero && at_ - first > 1) return fail("has a number that begins with 0");
  whole = true;
  if (at_ != end_ && *at_ == '.') {
    ++at_;
    whole = false;
    if (!digits()) return fail("has a number without a digit behind its point");
  }
  if (at_ != end_ && (*at_ == 'e' || *at_ == 'E')) {
    ++at_;
    whole = false;
    if (at_ != end_ && (*at_ == '+' || *at_ == '-')) ++at_;
    if (!digits()) return fail("has a number without a digit in its exponent");
  }
  text = {begin, static_cast<size_t>(at_ - begin)};
  return true;
}

bool JsonReader::word(std::string_view word) {
  next();
  const auto left = static_cast<size_t>(end_ - at_);
  if (left < word.size() || std::memcmp(at_, word.data(), word.size()) != 0) {
    return fail("has a word that is not true, false or null");
  }
  at_ += word.size();
  return true;
}

bool JsonReader::value(std::string_view& text, size_t depth) {
  next();
  const char* const begin = at_;
  if (!skip(depth)) return false;
  text = {begin, static_cast<size_t>(at_ - begin)};
  return true;
}

bool JsonReader::skip(size_t depth) {
  std::string_view text;
  bool flag = false;
  switch (next()) {
    case '"':
      return string(text, flag);
    case '{':
      return skip_object(depth);
    case '[':
      return skip_array(depth);
    case 't':
      return word("true");
    case 'f':
      return word("false");
    case 'n':
      return word("null");
    case '\0':
      if (at_ == end_) return fail("ends before a value");
      [[fallthrough]];
    default:
      return number(text, flag);
  }
}

bool JsonReader::skip_object(size_t depth) {
  if (depth == 0) return fail("is nested too deep");
  ++at_;
  if (take('}')) return true;
  do {
    std::string_view key;
    bool escaped = false;
    if (!string(key, escaped)) return false;
    if (!take(':')) return fail("has no ':' behind a key");
    if (!skip(depth - 1)) return false;
  } while (take(','));
  return take('}') || fail(at_end() ? "ends inside of an object" : "has no ',' between two fields");
}

bool JsonReader::skip_array(size_t depth) {
  if (depth == 0) return fail("is nested too deep");
  ++at_;
  if (take(']')) return true;
  do {
    if (!skip(depth - 1)) return false;
  } while (take(','));
  return take(']') || fail(at_end() ? "ends inside of an array" : "has no ',' between two values");
}

bool unescape_json(std::string_view inside, std::string& out) {
  while (!inside.empty()) {
    const size_t plain = inside.find('\\');
    out += inside.substr(0, plain);
    if (plain == std::string_view::npos || plain + 1 >= inside.size()) break;
    const char code = inside[plain + 1];
    inside.remove_prefix(plain + 2);
    switch (code) {
      case 'b':
        out += '\b';
        break;
      case 'f':
        out += '\f';
        break;
      case 'n':
        out += '\n';
        break;
      case 'r':
        out += '\r';
        break;
      case 't':
        out += '\t';
        break;
      case 'u':
        if (!append_unicode(out, inside)) return false;
        break;
      default:
        out += code;
    }
  }
  return true;
}

bool is_json(std::string_view text) {
  JsonReader reader(text);
  std::string_view value;
  return reader.value(value, limits::kJsonDepth) && reader.at_end();
}

}  // namespace sluice
