#include "engine/sql_values.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstring>
#include <new>

#include "base/encoding.h"

namespace sluice {
namespace {

/// Its place in SQLite's order.
int class_of(int type) { return type == SQLITE_BLOB ? 2 : type == SQLITE_TEXT ? 1 : 0; }

int sign_of(double difference) { return difference < 0 ? -1 : difference > 0 ? 1 : 0; }

int compare_numbers(sqlite3_value* a, sqlite3_value* b) {
  if (sqlite3_value_type(a) == SQLITE_INTEGER && sqlite3_value_type(b) == SQLITE_INTEGER) {
    const int64_t left = sqlite3_value_int64(a);
    const int64_t right = sqlite3_value_int64(b);
    return left < right ? -1 : left > right ? 1 : 0;
  }
  const double left = sqlite3_value_double(a);
  const double right = sqlite3_value_double(b);
  return left < right ? -1 : sign_of(left > right ? 1 : 0);
}

std::string_view bytes_of(sqlite3_value* value) {
  const void* const bytes = sqlite3_value_type(value) == SQLITE_BLOB ? sqlite3_value_blob(value)
                                                                     : sqlite3_value_text(value);
  const int size = sqlite3_value_bytes(value);
  if (bytes == nullptr || size <= 0) return {};
  return {static_cast<const char*>(bytes), static_cast<size_t>(size)};
}

/// How many bytes the UTF-8 character at the beginning has; 0 where there is none.
size_t character_size(std::string_view text) {
  const auto first = static_cast<unsigned char>(text.front());
  const size_t size = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  if (size > text.size() || !is_utf8(text.substr(0, size))) return 0;
  return size;
}

}  // namespace

int compare_values(sqlite3_value* a, sqlite3_value* b) {
  const int left = class_of(sqlite3_value_type(a));
  const int right = class_of(sqlite3_value_type(b));
  if (left != right) return left - right;
  if (left == 0) return compare_numbers(a, b);
  return bytes_of(a).compare(bytes_of(b));
}

KeptValue keep_value(sqlite3_value* value) {
  KeptValue kept(sqlite3_value_dup(value));
  if (!kept) throw std::bad_alloc();
  return kept;
}

size_t kept_bytes(sqlite3_value* value) {
  constexpr size_t kOverhead = 64;
  const int type = sqlite3_value_type(value);
  const bool has_bytes = type == SQLITE_TEXT || type == SQLITE_BLOB;
  return kOverhead + (has_bytes ? bytes_of(value).size() : 0);
}

void append_plain_real(std::string& out, double number) {
  if (!std::isfinite(number)) {
    out += std::isnan(number) ? "nan" : number < 0 ? "-inf" : "inf";
    return;
  }
  std::array<char, 40> buffer{};
  const auto end =
      std::to_chars(buffer.begin(), buffer.end(), number, std::chars_format::scientific).ptr;
  std::string_view text(buffer.data(), static_cast<size_t>(end - buffer.begin()));
  if (text.front() == '-') {
    out += '-';
    text.remove_prefix(1);
  }
  const size_t e = text.find('e');
  int exponent = 0;
  const std::string_view power = text.substr(e + (text[e + 1] == '+' ? 2 : 1));
  std::from_chars(power.data(), power.data() + power.size(), exponent);
  std::string digits(text.substr(0, e));
  if (digits.size() > 1) digits.erase(1, 1);
  const auto count = static_cast<int>(digits.size());
  if (exponent < -6 || exponent >= 21) {
    if (count > 1) digits.insert(1, ".");
    out += digits + "e" + std::to_string(exponent);
  } else if (exponent < 0) {
    out += "0." + std::string(static_cast<size_t>(-exponent - 1), '0') + digits;
  } else if (count <= exponent + 1) {
    out += digits + std::string(static_cast<size_t>(exponent + 1 - count), '0');
  } else {
    out += digits.insert(static_cast<size_t>(exponent) + 1, ".");
  }
}

void append_json_value(std::string& out, const SqlCall& call, size_t i) {
  switch (call.type(i)) {
    case SQLITE_NULL:
      out += "null";
      return;
    case SQLITE_INTEGER:
      out += std::to_string(call.integer(i));
      return;
    case SQLITE_FLOAT: {
      const double number = call.real(i);
      if (!std::isfinite(number)) {
        out += "null";  // As ClickHouse; JSON has no word for it.
        return;
      }
      return append_plain_real(out, number);
    }
    case SQLITE_TEXT:
      if (call.is_json(i)) {
        out += call.text(i);
        return;
      }
      return append_repaired_json_string(out, call.text(i));
    default:
      throw call.failed("a JSON array can't hold a BLOB; hex() or base64Encode() make text of it");
  }
}

void append_repaired_json_string(std::string& out, std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  out += '"';
  while (!text.empty()) {
    const char c = text.front();
    if (static_cast<unsigned char>(c) >= 0x80) {
      const size_t size = character_size(text);
      out += size == 0 ? std::string_view("\xEF\xBF\xBD") : text.substr(0, size);
      text.remove_prefix(std::max<size_t>(size, 1));
      continue;
    }
    text.remove_prefix(1);
    const size_t place = std::string_view("\"\\\b\f\n\r\t").find(c);
    if (place != std::string_view::npos) {
      out += '\\';
      out += "\"\\bfnrt"[place];
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += "\\u00";
      out += kHex[static_cast<unsigned char>(c) >> 4U];
      out += kHex[static_cast<unsigned char>(c) & 15U];
    } else {
      out += c;
    }
  }
  out += '"';
}

}  // namespace sluice
