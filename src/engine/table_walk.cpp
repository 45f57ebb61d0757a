#include "engine/table_walk.h"

#include <string_view>
#include <utility>

#include "engine/tree_page.h"

namespace sluice {

bool TableWalk::enter(const char* page) {
  if (levels_.size() == kMostLevels) return false;
  Level level;
  level.number = *next_;
  level.page.append({page, pages_.page_size()});
  const TreePage view(level.page.data(), pages_.usable_size(), level.number);
  // Keys ascend, so the first child that can hold `low` is found by halving.
  uint32_t first = 0;
  uint32_t behind = view.cells();
  while (first < behind) {
    const uint32_t middle = first + (behind - first) / 2;
    const std::optional<int64_t> key = view.key(middle);
    if (!key) return false;
    if (*key < low_) {
      first = middle + 1;
    } else {
      behind = middle;
    }
  }
  level.child = first;
  next_ = view.child(first);
  levels_.push_back(std::move(level));
  return next_.has_value();
}

bool TableWalk::pass() {
  while (!levels_.empty()) {
    Level& level = levels_.back();
    const TreePage view(level.page.data(), pages_.usable_size(), level.number);
    if (level.child < view.cells()) {
      next_ = view.child(++level.child);
      return next_.has_value();
    }
    levels_.pop_back();
  }
  next_.reset();
  return true;
}

}  // namespace sluice
