#include "format/parquet_statistics.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <type_traits>

namespace sluice {
namespace {

template <class Number>
bool less(Number a, Number b) {
  return a < b;
}
/// Signed: only the first byte has the sign.
template <size_t kSize>
bool less(const std::array<char, kSize>& a, const std::array<char, kSize>& b) {
  const auto sign_a = static_cast<signed char>(a[0]);
  const auto sign_b = static_cast<signed char>(b[0]);
  return sign_a != sign_b ? sign_a < sign_b : std::memcmp(a.data(), b.data(), kSize) < 0;
}

template <class Number>
bool is_nan(const Number& number) {
  if constexpr (std::is_floating_point_v<Number>) return std::isnan(number);
  return false;
}

template <class Number>
std::string plain(const Number& number) {
  return {reinterpret_cast<const char*>(&number), sizeof number};
}

/// parquet.thrift, ColumnOrder: a bound that is zero has the sign that includes both zeros.
template <class Number>
Number with_sign(Number number, double zero) {
  if constexpr (std::is_floating_point_v<Number>) {
    return number == 0 ? static_cast<Number>(zero) : number;
  }
  return number;
}

/// The first eight bytes as a number of the same order; shorter ones are filled up with 0.
uint64_t head_of(std::string_view text) {
  uint64_t word = 0;
  std::memcpy(&word, text.data(), std::min(text.size(), sizeof word));
  return __builtin_bswap64(word);
}

bool continues_character(char byte) { return (static_cast<unsigned char>(byte) & 0xc0) == 0x80; }

/// The code point of one whole character.
uint32_t code_point(std::string_view character) {
  const auto first = static_cast<unsigned char>(character[0]);
  if (character.size() == 1) return first;
  uint32_t code = first & (0x7fU >> std::min<size_t>(character.size(), 7));
  for (const char byte : character.substr(1)) code = code << 6 | (static_cast<uint32_t>(byte) & 63);
  return code;
}

void append_utf8(std::string& out, uint32_t code) {
  const auto put = [&](uint32_t byte) { out.push_back(static_cast<char>(byte & 0xff)); };
  if (code < 0x80) return put(code);
  if (code < 0x800) {
    put(0xc0 | code >> 6);
  } else if (code < 0x10000) {
    put(0xe0 | code >> 12);
    put(0x80 | (code >> 6 & 63));
  } else {
    put(0xf0 | code >> 18);
    put(0x80 | (code >> 12 & 63));
    put(0x80 | (code >> 6 & 63));
  }
  put(0x80 | (code & 63));
}

}  // namespace

template <class Number>
void NumberBounds<Number>::add(std::span<const Number> numbers) {
  size_t at = 0;
  if (!any_) {
    while (at < numbers.size() && is_nan(numbers[at])) ++at;
    if (at == numbers.size()) return;
    min_ = max_ = numbers[at];
    any_ = true;
  }
  Number low = min_;
  Number high = max_;
  // A comparison with NaN is false: it changes nothing.
  for (; at < numbers.size(); ++at) {
    low = less(numbers[at], low) ? numbers[at] : low;
    high = less(high, numbers[at]) ? numbers[at] : high;
  }
  min_ = low;
  max_ = high;
}

template <class Number>
void NumberBounds<Number>::put_into(ParquetStatistics& statistics) const {
  if (!any_) return;
  statistics.min = plain(with_sign(min_, -0.0));
  statistics.max = plain(with_sign(max_, 0.0));
}

template class NumberBounds<int32_t>;
template class NumberBounds<int64_t>;
template class NumberBounds<uint64_t>;
template class NumberBounds<float>;
template class NumberBounds<double>;
template class NumberBounds<ParquetFixed>;
template class NumberBounds<ParquetLongFixed>;

int64_t count_nans(std::span<const double> numbers) {
  return std::count_if(numbers.begin(), numbers.end(), is_nan<double>);
}

int64_t count_nans(std::span<const float> numbers) {
  return std::count_if(numbers.begin(), numbers.end(), is_nan<float>);
}

void TextBounds::add(std::string_view value) {
  const uint64_t head = head_of(value);
  if (any_ && head > min_head_ && head < max_head_) return;
  widen(value.substr(0, kMost + 1));
}

void TextBounds::widen(std::string_view begin) {
  if (!any_ || begin < min_) {
    min_.assign(begin);
    min_head_ = head_of(begin);
  }
  if (!any_ || begin > max_) {
    max_.assign(begin);
    max_head_ = head_of(begin);
  }
  any_ = true;
}

void TextBounds::put_into(ParquetStatistics& statistics, bool utf8) const {
  if (!any_) return;
  const auto cut = [&](const std::string& text) {
    return utf8 ? cut_utf8(text, kMost) : std::string_view(text).substr(0, kMost);
  };
  statistics.min_exact = min_.size() <= kMost;
  statistics.min = statistics.min_exact ? min_ : std::string(cut(min_));
  statistics.max_exact = max_.size() <= kMost;
  if (statistics.max_exact) {
    statistics.max = max_;
  } else {
    statistics.max = utf8 ? raised_utf8(cut(max_)) : raised_bytes(cut(max_));
  }
}

std::string_view cut_utf8(std::string_view text, size_t bytes) {
  if (text.size() <= bytes) return text;
  while (bytes > 0 && continues_character(text[bytes])) --bytes;
  return text.substr(0, bytes);
}

std::optional<std::string> raised_utf8(std::string_view text) {
  constexpr uint32_t kLast = 0x10ffff;
  constexpr uint32_t kBeforeSurrogates = 0xd7ff;
  constexpr uint32_t kBehindSurrogates = 0xe000;
  while (!text.empty()) {
    size_t start = text.size() - 1;
    while (start > 0 && continues_character(text[start])) --start;
    const uint32_t code = code_point(text.substr(start));
    text = text.substr(0, start);
    if (code >= kLast) continue;
    std::string raised(text);
    append_utf8(raised, code == kBeforeSurrogates ? kBehindSurrogates : code + 1);
    return raised;
  }
  return std::nullopt;
}

std::optional<std::string> raised_bytes(std::string_view bytes) {
  while (!bytes.empty() && bytes.back() == '\xff') bytes.remove_suffix(1);
  if (bytes.empty()) return std::nullopt;
  std::string raised(bytes);
  raised.back() = static_cast<char>(static_cast<unsigned char>(raised.back()) + 1);
  return raised;
}

void write_statistics(ThriftWriter& writer, int id, const ParquetStatistics& statistics) {
  writer.begin_struct(id);
  writer.int64(3, statistics.nulls);
  if (statistics.distinct) writer.int64(4, *statistics.distinct);
  if (statistics.max) writer.binary(5, *statistics.max);
  if (statistics.min) writer.binary(6, *statistics.min);
  if (statistics.max) writer.boolean(7, statistics.max_exact);
  if (statistics.min) writer.boolean(8, statistics.min_exact);
  if (statistics.nans) writer.int64(9, *statistics.nans);
  writer.end_struct();
}

}  // namespace sluice
