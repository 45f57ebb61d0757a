#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/backfill.h"
#include "domain/job.h"
#include "state/state_database.h"

namespace sluice {

/// Backfills with their jobs. Thread-safe; every call is one transaction.
class BackfillStore {
 public:
  explicit BackfillStore(StateDatabase& database) : database_(database) {}

  /// The backfill and all its jobs, or neither.
  void insert(const Backfill& backfill, const std::vector<Job>& jobs);
  std::optional<Backfill> find(std::string_view id);
  /// Newest first; of one pipe, or, where that is empty, of all.
  std::vector<Backfill> list(const std::string& pipe_id, int limit);
  /// What waits is cancelled, what is at work is `cancelling`; gives the ids of the latter. Nothing
  /// happens to what is being published or has ended.
  std::vector<std::string> cancel(const std::string& id, Timestamp now);

 private:
  StateDatabase& database_;
};

}  // namespace sluice
