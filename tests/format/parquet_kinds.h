#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "data/column_type.h"
#include "format/parquet_shapes.h"

namespace sluice {

using Maker = std::function<Value(Chance&, uint64_t)>;

/// A type and what its columns are filled with.
struct Kind {
  std::string_view name;
  ColumnType type;
  Maker ordinary;
  Maker edge;
};

/// One of every kind; dates and times from 1900 to 2299, but for the edges (0001 to 9999).
std::vector<Kind> kinds();

inline uint64_t below(Chance& chance, uint64_t end) { return chance() % end; }
inline int64_t signed_below(Chance& chance, uint64_t end) {
  return static_cast<int64_t>(below(chance, end));
}
inline bool one_in(Chance& chance, uint64_t count) { return below(chance, count) == 0; }

inline std::string word(Chance& chance, size_t size) {
  std::string text;
  while (text.size() < size) text.push_back(static_cast<char>('a' + below(chance, 26)));
  return text;
}

}  // namespace sluice
