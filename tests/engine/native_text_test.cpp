#include "engine/native_text.h"

#include <gtest/gtest.h>

#include <cstdint>

#include "base/encoding.h"

namespace sluice {
namespace {

using Write = void (*)(std::string&, const char*, int);

std::string written(Write write, const std::string& bytes, int scale = 0) {
  std::string out;
  write(out, bytes.data(), scale);
  return out;
}

template <class Number>
std::string bytes_of(Number value) {
  return {reinterpret_cast<const char*>(&value), sizeof value};
}

TEST(NativeTextTest, UuidsAreTwoIntegers) {
  EXPECT_EQ(written(&write_uuid, *hex_decode("d44b5961b3a4e08e00d5ab1e0c3b9c8a")),
            "8ee0a4b3-6159-4bd4-8a9c-3b0c1eabd500");
}

TEST(NativeTextTest, Addresses) {
  EXPECT_EQ(written(&write_ipv4, bytes_of<uint32_t>(0xC0A80A01)), "192.168.10.1");
  EXPECT_EQ(written(&write_ipv6, *hex_decode("20010db8000000000000000000000001")), "2001:db8::1");
  EXPECT_EQ(written(&write_ipv6, *hex_decode("00000000000000000000ffff01020304")),
            "::ffff:1.2.3.4");
}

TEST(NativeTextTest, TimesOfDayAndDurations) {
  EXPECT_EQ(written(&write_time32, bytes_of<int32_t>(45296)), "12:34:56");
  EXPECT_EQ(written(&write_time32, bytes_of<int32_t>(-3599999)), "-999:59:59");
  EXPECT_EQ(written(&write_time64, bytes_of<int64_t>(-45296007), 3), "-12:34:56.007");
  EXPECT_EQ(written(&write_time64, bytes_of<int64_t>(5), 0), "00:00:05");
}

}  // namespace
}  // namespace sluice
