#pragma once

#include <string>

namespace sluice {

// Values of ClickHouse's Native format that are text to everybody else, added to `out`. `scale` is
// of no use to most.

/// Two integers of eight bytes, the more significant one first.
void write_uuid(std::string& out, const char* at, int scale);
void write_ipv4(std::string& out, const char* at, int scale);
/// As RFC 5952 writes it.
void write_ipv6(std::string& out, const char* at, int scale);
/// Seconds in four bytes, or units of which `scale` digits are a second, in eight: `-12:34:56.789`.
void write_time32(std::string& out, const char* at, int scale);
void write_time64(std::string& out, const char* at, int scale);

}  // namespace sluice
