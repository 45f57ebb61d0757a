#include "format/parquet_levels.h"

#include <algorithm>
#include <cstring>
#include <span>

#include "format/rle_encoding.h"

namespace sluice {
namespace {

/// Levels stand behind their length in four bytes.
template <class Append>
void append_with_length(std::string& page, Append append) {
  const size_t start = page.size();
  uint32_t length = 0;
  page.append(sizeof length, '\0');
  append();
  length = static_cast<uint32_t>(page.size() - start - sizeof length);
  std::memcpy(page.data() + start, &length, sizeof length);
}

void append_levels(std::string& page, std::span<const uint8_t> levels, uint8_t highest) {
  const std::vector<uint32_t> wide(levels.begin(), levels.end());
  append_with_length(page, [&] { append_rle(page, wide, bit_width(highest)); });
}

}  // namespace

size_t ParquetLevels::values(size_t first, size_t count) const {
  if (nulls_ == 0) return count;
  if (definitions_.empty()) return bits_.ones(first, count);
  const auto begin = definitions_.begin() + static_cast<std::ptrdiff_t>(first);
  return static_cast<size_t>(
      std::count(begin, begin + static_cast<std::ptrdiff_t>(count), limits_.definition));
}

size_t ParquetLevels::whole_records(size_t first, size_t end, size_t most) const {
  if (end - first <= most) return end - first;
  size_t at = first + most;
  while (at > first && !begins_record(at)) --at;
  if (at > first) return at - first;
  // One record is longer.
  at = first + most;
  while (at < end && !begins_record(at)) ++at;
  return at - first;
}

void ParquetLevels::append_to(std::string& page, size_t first, size_t count) const {
  if (!repetitions_.empty()) {
    append_levels(page, std::span(repetitions_).subspan(first, count), limits_.repetition);
  }
  if (!definitions_.empty()) {
    append_levels(page, std::span(definitions_).subspan(first, count), limits_.definition);
    return;
  }
  append_with_length(page, [&] {
    if (nulls_ == 0) {
      append_rle_run(page, true, count);
    } else {
      append_rle_bits(page, bits_, first, count);
    }
  });
}

void ParquetLevels::clear() {
  bits_.clear();
  definitions_.clear();
  repetitions_.clear();
  entries_ = nulls_ = 0;
}

}  // namespace sluice
