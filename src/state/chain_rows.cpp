#include "state/chain_rows.h"

#include "base/error.h"
#include "state/job_rows.h"

namespace sluice {

void check_chain(SQLite::Database& database, const std::string& pipe_id, const PipeName& before) {
  SQLite::Statement has_sink(database, "SELECT 1 FROM sinks WHERE pipe_id = ?");
  has_sink.bind(1, before.id);
  // A pipe's own sink is out of the table while it is changed; it is its own predecessor then.
  if (before.id != pipe_id && !has_sink.executeStep()) {
    throw Error(ErrorCode::kInvalid, "The pipe '" + before.name + "' has no sink to run after.",
                "Name a sink pipe in run_after.");
  }
  // UNION, not UNION ALL: a circle that should not be there must not keep it going for ever.
  SQLite::Statement circle(database,
                           "WITH RECURSIVE earlier (id) AS (SELECT ?1 UNION SELECT run_after FROM "
                           "earlier JOIN sinks ON sinks.pipe_id = earlier.id WHERE run_after IS "
                           "NOT NULL) SELECT 1 FROM earlier WHERE id = ?2");
  circle.bind(1, before.id);
  circle.bind(2, pipe_id);
  if (!circle.executeStep()) return;
  throw Error(ErrorCode::kInvalid,
              "run_after '" + before.name + "' would make the sink run after itself, for ever.",
              "That sink runs after this one already; undo one of the two.");
}

void check_not_followed(SQLite::Database& database, const std::string& pipe_id) {
  SQLite::Statement followers(database,
                              "SELECT group_concat(name, ', ') FROM (SELECT name FROM pipes JOIN "
                              "sinks ON sinks.pipe_id = pipes.id WHERE run_after = ? ORDER BY name "
                              "LIMIT 20)");
  followers.bind(1, pipe_id);
  followers.executeStep();
  if (followers.getColumn(0).isNull()) return;
  throw Error(ErrorCode::kForbidden,
              "Other sinks run after this one: " + followers.getColumn(0).getString() + ".",
              "Set run_after=none on them first: PATCH /v0/pipes/{pipe}/sink/schedule.");
}

void insert_followers(SQLite::Database& database, const Job& done,
                      const std::vector<Job>& followers) {
  SQLite::Statement follows(database, "SELECT 1 FROM sinks WHERE pipe_id = ? AND run_after = ?");
  for (const Job& job : followers) {
    follows.reset();
    follows.bind(1, job.pipe_id);
    follows.bind(2, done.pipe_id);
    if (follows.executeStep()) insert_job(database, job);
  }
}

}  // namespace sluice
