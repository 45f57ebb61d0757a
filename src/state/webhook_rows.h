#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <string>

#include "base/random.h"
#include "base/secret.h"
#include "domain/firing.h"
#include "domain/job.h"

namespace sluice {

// What webhooks are to be told is written in the transaction that makes it true: it is told at
// least once, and nothing is told that did not happen. All within a transaction of the caller.

/// Of a job that has ended, as `job` says, at `now`.
void note_job_event(SQLite::Database& database, const Job& job, Timestamp now);
/// Of times of a schedule that brought no run of their own; `covered_by` may be empty.
void note_missed_event(SQLite::Database& database, const PipeName& pipe, const MissedRuns& runs,
                       const std::string& covered_by, Timestamp now);

/// Seals every webhook's secrets anew.
void reseal_webhooks(SQLite::Database& database, const Secret& old_key, const Secret& new_key,
                     Random& random);
/// One box with its id, to try a key on; nothing where there is no webhook.
struct SealedBox {
  std::string id;
  std::string bytes;
};
std::optional<SealedBox> any_sealed_webhook(SQLite::Database& database);

}  // namespace sluice
