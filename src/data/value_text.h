#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace sluice {

/// Room that the functions below need at most.
inline constexpr size_t kNumberBytes = 32;

/// Write a number at `out`, which has room for kNumberBytes, and return the end of it.
char* write_integer(char* out, int64_t value);
/// The fewest digits that read back as the same double, always recognisable as a real number:
/// `5.0`, `0.1`, `1e+300`, `-0.0`. From 1e-4 up to 1e16 without exponent. `Inf`, `-Inf`, `NaN`.
char* write_real(char* out, double value);
/// The same for a float: the fewest digits that read back as the same float.
char* write_single(char* out, float value);

void append_integer(std::string& out, int64_t value);
void append_real(std::string& out, double value);

}  // namespace sluice
