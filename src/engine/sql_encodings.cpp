#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string>

#include "base/encoding.h"
#include "base/hash.h"
#include "engine/sql_functions.h"

namespace sluice {
namespace {

void md5_of(const SqlCall& call) { call.give_blob(md5(call.text(0))); }
void sha256_of(const SqlCall& call) { call.give_blob(sha256(call.text(0))); }

/// An odd number of digits lacks a zero before them.
void unhex(const SqlCall& call) {
  const std::string_view given = call.text(0);
  std::string digits(given.size() % 2, '0');
  digits += given;
  const std::optional<std::string> bytes = hex_decode(digits);
  if (!bytes) throw call.wrong(0, "is not made of hexadecimal digits");
  call.give_bytes(*bytes);
}

int sixth_of(char c, bool for_urls) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == (for_urls ? '-' : '+')) return 62;
  return c == (for_urls ? '_' : '/') ? 63 : -1;
}

/// RFC 4648, section 4 with padding or section 5 with or without.
std::optional<std::string> base64_decode(std::string_view text, bool for_urls) {
  const bool is_whole = text.size() % 4 == 0;
  if (!for_urls && !is_whole) return std::nullopt;
  for (int i = 0; i < 2 && is_whole && text.ends_with('='); ++i) text.remove_suffix(1);
  if (text.size() % 4 == 1) return std::nullopt;
  std::string out;
  out.reserve(text.size() / 4 * 3 + 2);
  uint32_t bits = 0;
  int held = 0;
  for (const char c : text) {
    const int sixth = sixth_of(c, for_urls);
    if (sixth < 0) return std::nullopt;
    bits = bits << 6U | static_cast<uint32_t>(sixth);
    held += 6;
    if (held < 8) continue;
    held -= 8;
    out += static_cast<char>(bits >> static_cast<unsigned>(held) & 0xFFU);
  }
  return out;
}

void encode64(const SqlCall& call) {
  const std::string_view bytes = call.text(0);
  call.check_size(bytes.size() / 3 * 4 + 4);
  call.give_text(base64_encode(bytes));
}

void encode64_url(const SqlCall& call) {
  const std::string_view bytes = call.text(0);
  call.check_size(bytes.size() / 3 * 4 + 4);
  call.give_text(base64url_encode(bytes));
}

template <bool kForUrls, bool kTry>
void decode64(const SqlCall& call) {
  const std::optional<std::string> bytes = base64_decode(call.text(0), kForUrls);
  if (bytes) return call.give_bytes(*bytes);
  if (!kTry) throw call.wrong(0, "is no Base64; there is try...Decode");
  call.give_text({});
}

void number_to_address(const SqlCall& call) {
  const int64_t number = call.integer(0, 0, UINT32_MAX);
  std::string out;
  for (int shift = 24; shift >= 0; shift -= 8) {
    out += std::to_string(number >> shift & 0xFF);
    if (shift > 0) out += '.';
  }
  call.give_text(out);
}

std::optional<int64_t> address_in(std::string_view text) {
  int64_t number = 0;
  const char* at = text.data();
  const char* const end = at + text.size();
  for (int i = 0; i < 4; ++i) {
    uint8_t byte = 0;
    const auto [behind, failed] = std::from_chars(at, end, byte);
    const bool goes_on = i < 3;
    if (failed != std::errc() || (goes_on ? behind == end || *behind != '.' : behind != end)) {
      return std::nullopt;
    }
    number = number * 256 + byte;
    at = behind + (goes_on ? 1 : 0);
  }
  return number;
}

void address_to_number(const SqlCall& call) {
  const std::optional<int64_t> number = address_in(call.text(0));
  if (!number) throw call.wrong(0, "is no IPv4 address");
  call.give(*number);
}

void address_to_number_or_null(const SqlCall& call) {
  const std::optional<int64_t> number = address_in(call.text(0));
  number ? call.give(*number) : call.give_null();
}

constexpr auto kTable = std::to_array<SqlFunction>({
    {"MD5(text)", 1, 1, md5_of},
    {"SHA256(text)", 1, 1, sha256_of},
    {"unhex(digits)", 1, 1, unhex},
    {"base64Encode(text)", 1, 1, encode64},
    {"base64Decode(text)", 1, 1, decode64<false, false>},
    {"tryBase64Decode(text)", 1, 1, decode64<false, true>},
    {"base64URLEncode(text)", 1, 1, encode64_url},
    {"base64URLDecode(text)", 1, 1, decode64<true, false>},
    {"tryBase64URLDecode(text)", 1, 1, decode64<true, true>},
    {"IPv4NumToString(number)", 1, 1, number_to_address},
    {"IPv4StringToNum(text)", 1, 1, address_to_number},
    {"IPv4StringToNumOrNull(text)", 1, 1, address_to_number_or_null},
});

}  // namespace

std::span<const SqlFunction> encoding_functions() { return kTable; }

}  // namespace sluice
