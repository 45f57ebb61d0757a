#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "engine/sqlite_session.h"

namespace sluice {

/// Where a b-tree begins.
struct TreeRoot {
  uint32_t page = 0;
  int64_t database = 0;  ///< As pragma database_list counts.
  bool operator==(const TreeRoot&) const = default;
};

/// The tree that a statement reads, if its program (sqlite.org/opcode.html) is one forward pass
/// over one tree, each row by itself: no aggregate, sort, limit, distinct, subquery.
std::optional<TreeRoot> scanned_tree(const std::vector<ProgramStep>& program);

/// Whether the program begins at a place in the tree that it looks up.
bool program_seeks(const std::vector<ProgramStep>& program);

/// What a statement gives that takes every row of a table as it is stored.
struct StoredColumns {
  static constexpr int32_t kUnused = -1;
  struct Target {
    int32_t column = kUnused;  ///< Of the result.
    bool is_real = false;      ///< Integers are stored in place of reals that have no fraction.
  };
  /// By the column of the stored record; no longer than is needed.
  std::vector<Target> targets;
  /// Columns of the result that are the row's rowid.
  std::vector<size_t> rowids;
};

/// Nothing where the program does more than that: computes, filters, takes a column twice. It
/// knows few instructions and gives up at any other, so that what a later SQLite does is not
/// mistaken for a plain pass.
std::optional<StoredColumns> stored_columns(const std::vector<ProgramStep>& program);

}  // namespace sluice
