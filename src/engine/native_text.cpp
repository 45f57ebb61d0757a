#include "engine/native_text.h"

#include <arpa/inet.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string_view>

#include "engine/wide_integer.h"

namespace sluice {
namespace {

template <class Number>
Number read(const char* at) {
  Number number;
  std::memcpy(&number, at, sizeof number);
  return number;
}

void write_clock(std::string& out, bool negative, uint64_t seconds) {
  constexpr uint64_t kHour = 3600;
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%s%02llu:%02llu:%02llu", negative ? "-" : "",
                static_cast<unsigned long long>(seconds / kHour),
                static_cast<unsigned long long>(seconds % kHour / 60),
                static_cast<unsigned long long>(seconds % 60));
  out += text.data();
}

}  // namespace

void write_uuid(std::string& out, const char* at, int) {
  const auto high = read<uint64_t>(at);
  const auto low = read<uint64_t>(at + sizeof high);
  std::array<char, 37> text{};
  std::snprintf(text.data(), text.size(), "%08x-%04x-%04x-%04x-%012llx",
                static_cast<unsigned>(high >> 32U), static_cast<unsigned>(high >> 16U & 0xFFFFU),
                static_cast<unsigned>(high & 0xFFFFU), static_cast<unsigned>(low >> 48U),
                static_cast<unsigned long long>(low & 0xFFFFFFFFFFFFULL));
  out += text.data();
}

void write_ipv4(std::string& out, const char* at, int) {
  const auto address = read<uint32_t>(at);
  for (int shift = 24; shift >= 0; shift -= 8) {
    out += std::to_string(address >> static_cast<unsigned>(shift) & 0xFFU);
    if (shift > 0) out += '.';
  }
}

void write_ipv6(std::string& out, const char* at, int) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  inet_ntop(AF_INET6, at, text.data(), text.size());
  out += text.data();
}

void write_time32(std::string& out, const char* at, int) {
  const int64_t value = read<int32_t>(at);
  write_clock(out, value < 0, static_cast<uint64_t>(value < 0 ? -value : value));
}

void write_time64(std::string& out, const char* at, int scale) {
  const auto value = read<int64_t>(at);
  uint64_t unit = 1;
  for (int i = 0; i < scale; ++i) unit *= 10;
  const uint64_t size = value < 0 ? 0 - static_cast<uint64_t>(value) : static_cast<uint64_t>(value);
  write_clock(out, value < 0, size / unit);
  if (scale == 0) return;
  const std::string digits = std::to_string(size % unit);
  out += '.';
  out.append(static_cast<size_t>(scale) - digits.size(), '0');
  out += digits;
}

}  // namespace sluice
