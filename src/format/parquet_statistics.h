#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "format/parquet_metadata.h"
#include "format/thrift_writer.h"

namespace sluice {

/// Long decimals: 16 bytes or 32, big-endian two's complement.
using ParquetFixed = std::array<char, 16>;
using ParquetLongFixed = std::array<char, 32>;

/// Bounds that grow over several stretches of numbers.
template <class Number>
class NumberBounds {
 public:
  void add(std::span<const Number> numbers);
  /// Sets min and max.
  void put_into(ParquetStatistics& statistics) const;

 private:
  bool any_ = false;
  Number min_{};
  Number max_{};
};

/// How many of the numbers are NaN.
int64_t count_nans(std::span<const double> numbers);
int64_t count_nans(std::span<const float> numbers);

/// The bounds of texts or bytes in the order of their bytes, as far as statistics need them: of
/// each value only the begin is looked at.
class TextBounds {
 public:
  /// Statistics hold at most so many bytes of a value (a few more where `max` had to be raised).
  static constexpr size_t kMost = 64;

  void add(std::string_view value);
  /// Sets min and max. A value that is too long is cut: min at the end of a character, max at the
  /// next higher text (`utf8`) or bytes that can be written; where there is none, it is left out.
  void put_into(ParquetStatistics& statistics, bool utf8) const;
  void clear() { any_ = false; }

 private:
  void widen(std::string_view begin);

  bool any_ = false;
  // One byte more than is written, so that a cut value is known. The first eight bytes as a number
  // decide most comparisons.
  std::string min_;
  std::string max_;
  uint64_t min_head_ = 0;
  uint64_t max_head_ = 0;
};

/// The longest begin of at most `bytes` that does not end within a character.
std::string_view cut_utf8(std::string_view text, size_t bytes);
/// A text above every one that begins with `text`, of as many characters or fewer; nothing where
/// there is none. `text` is UTF-8.
std::optional<std::string> raised_utf8(std::string_view text);
/// The same for bytes.
std::optional<std::string> raised_bytes(std::string_view bytes);

/// Writes the struct Statistics as field `id`.
void write_statistics(ThriftWriter& writer, int id, const ParquetStatistics& statistics);

}  // namespace sluice
