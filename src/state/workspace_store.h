#pragma once

#include <optional>
#include <string>

#include "base/clock.h"
#include "base/random.h"
#include "state/state_database.h"

namespace sluice {

/// What belongs to this Sluice as a whole. Thread-safe.
class WorkspaceStore {
 public:
  WorkspaceStore(StateDatabase& database, Clock& clock, Random& random)
      : database_(database), clock_(clock), random_(random) {}

  /// The external id that AWS roles ask for in their trust policy: random, made when it is first
  /// asked for, the same ever after. Not a secret: owners of roles copy it.
  std::string external_id() { return row().external_id; }
  /// When that was.
  Timestamp created_at() { return row().created_at; }

 private:
  struct Row {
    std::string external_id;
    Timestamp created_at;
  };
  static std::optional<Row> read(SQLite::Database& database);
  Row row();

  StateDatabase& database_;
  Clock& clock_;
  Random& random_;
};

}  // namespace sluice
