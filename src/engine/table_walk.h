#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "data/char_buffer.h"
#include "engine/snapshot_pages.h"

namespace sluice {

/// The leaves of a table's b-tree from left to right. A broken tree ends in `is_broken`, not in
/// an endless walk: its depth is bounded as SQLite bounds it.
class TableWalk {
 public:
  TableWalk(const SnapshotPages& pages, uint32_t root, int64_t low)
      : pages_(pages), next_(root), low_(low) {}

  /// The number of the next page to look at; nothing at the end.
  std::optional<uint32_t> next() const { return next_; }
  /// That page is an interior one: goes down to its first child that can hold `low` or more.
  /// False where the page makes no sense.
  bool enter(const char* page);
  /// That page was a leaf: goes on to the one at its right. False where the tree makes no sense.
  bool pass();

 private:
  /// As SQLite: a tree of more levels is corrupt.
  static constexpr size_t kMostLevels = 20;

  struct Level {
    CharBuffer page;
    uint32_t number = 0;
    uint32_t child = 0;
  };

  const SnapshotPages& pages_;
  std::optional<uint32_t> next_;
  int64_t low_;
  std::vector<Level> levels_;
};

}  // namespace sluice
