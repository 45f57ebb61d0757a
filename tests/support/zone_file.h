#pragma once

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace sluice::testing {

/// The offsets of a time zone, read from its file (RFC 8536, the 64-bit block) by a reader that has
/// nothing in common with the library that Sluice uses. Seconds since 1970.
class ZoneFile {
 public:
  explicit ZoneFile(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    if (bytes.substr(0, 4) != "TZif" || bytes.at(4) < '2') {
      throw std::runtime_error(path + " is no time zone file");
    }
    const Head first(bytes, 0);
    read(bytes, kHead + first.body_bytes(4));
  }

  int64_t offset_at(int64_t time) const {
    const auto after =
        std::upper_bound(transitions_.begin(), transitions_.end(), std::pair(time, INT64_MAX));
    return after == transitions_.begin() ? first_offset_ : std::prev(after)->second;
  }
  /// The moment of each change and the offset from then on.
  const std::vector<std::pair<int64_t, int64_t>>& transitions() const { return transitions_; }

 private:
  static constexpr size_t kHead = 44;

  static uint64_t number(const std::string& bytes, size_t at, size_t size) {
    uint64_t value = 0;
    for (size_t i = 0; i < size; ++i) value = value << 8 | static_cast<uint8_t>(bytes.at(at + i));
    return value;
  }

  struct Head {
    Head(const std::string& bytes, size_t at)
        : isut(number(bytes, at + 20, 4)),
          isstd(number(bytes, at + 24, 4)),
          leap(number(bytes, at + 28, 4)),
          times(number(bytes, at + 32, 4)),
          types(number(bytes, at + 36, 4)),
          chars(number(bytes, at + 40, 4)) {}
    size_t body_bytes(size_t time_size) const {
      return times * (time_size + 1) + types * 6 + chars + leap * (time_size + 4) + isstd + isut;
    }
    size_t isut, isstd, leap, times, types, chars;
  };

  void read(const std::string& bytes, size_t at) {
    const Head head(bytes, at);
    const size_t times = at + kHead;
    const size_t indexes = times + head.times * 8;
    const size_t types = indexes + head.times;
    auto offset = [&](size_t type) -> int64_t {
      return static_cast<int32_t>(number(bytes, types + type * 6, 4));
    };
    first_offset_ = offset(0);
    for (size_t i = 0; i < head.times; ++i) {
      transitions_.emplace_back(static_cast<int64_t>(number(bytes, times + i * 8, 8)),
                                offset(number(bytes, indexes + i, 1)));
    }
  }

  int64_t first_offset_ = 0;
  std::vector<std::pair<int64_t, int64_t>> transitions_;
};

}  // namespace sluice::testing
