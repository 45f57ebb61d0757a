#include "base/nearest.h"

#include <algorithm>
#include <numeric>

#include "base/encoding.h"

namespace sluice {
namespace {

/// Beyond this nobody mistyped a word.
constexpr size_t kLongestWord = 100;

/// Levenshtein's distance, one row at a time.
size_t distance(std::string_view from, std::string_view to) {
  std::vector<size_t> row(to.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 0; i < from.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i + 1;
    for (size_t j = 0; j < to.size(); ++j) {
      const size_t replaced = diagonal + (from[i] == to[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, diagonal + 1});
    }
  }
  return row.back();
}

}  // namespace

std::optional<std::string> nearest_of(std::string_view word,
                                      const std::vector<std::string>& words) {
  if (word.empty() || word.size() > kLongestWord) return std::nullopt;
  const std::string wanted = ascii_lower(word);
  std::optional<std::string> nearest;
  size_t least = std::max<size_t>(1, word.size() / 3) + 1;
  for (const std::string& candidate : words) {
    const size_t changes = distance(wanted, ascii_lower(candidate));
    if (changes >= least) continue;
    least = changes;
    nearest = candidate;
  }
  return nearest;
}

}  // namespace sluice
