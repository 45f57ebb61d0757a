#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/job.h"
#include "state/job_attempt_rows.h"
#include "state/job_file_rows.h"
#include "state/state_database.h"

namespace sluice {

/// Which jobs a list shows, newest first. Empty fields do not filter.
struct JobFilter {
  std::string status;
  std::string pipe_id;
  std::string pipe_name;
  std::optional<Timestamp> created_after;
  std::optional<Timestamp> created_before;
  std::string cursor;  ///< What the page before said; empty for the first.
  int limit = 100;
};

struct JobPage {
  std::vector<Job> jobs;
  std::string next_cursor;  ///< Empty on the last page.
};

/// The queue, the history and the publish journal. Every move of a job is one transaction and says
/// whether it happened; a move from a state the job is not in does nothing. Thread-safe.
class JobStore {
 public:
  /// At most `per_connection` jobs that write to one connection are at work; 0: any number.
  explicit JobStore(StateDatabase& database, size_t per_connection = 0)
      : database_(database), per_connection_(per_connection) {}

  /// Throws kTooMany when `queue_limit` jobs are waiting, those of backfills aside.
  void enqueue(const Job& job, size_t queue_limit);

  std::optional<Job> find(std::string_view id);
  JobPage list(const JobFilter& filter);

  /// After a start: what was under way is put back into the queue, with its stage as it was.
  void requeue_interrupted(Timestamp now);
  /// The next job to work on, now `working` with one more attempt: by priority, then age; not one
  /// that is to be tried again later, nor one that runs alone while another of its pipe is at work,
  /// nor one whose backfill or connection has as many at work as it may.
  /// A cancelled one that was interrupted comes first, as `cancelling`, to be cleaned up.
  std::optional<Job> claim(Timestamp now);
  void save_progress(const std::string& id, const JobFigures& figures, Timestamp now);
  /// To done, error or cancelled, from any state that is not final; with it `followers` are put
  /// into the queue, as far as their sinks still run after this job's. False, and nothing done,
  /// where it has ended before.
  bool finish(const Job& job, const std::vector<Job>& followers, Timestamp now);
  /// waiting -> cancelled, working -> cancelling; the job as it then stands. Throws kConflict when
  /// it is finished or being published, kNotFound when there is none.
  Job cancel(std::string_view id, Timestamp now);
  /// working -> waiting: the job starts over, or goes on where its files were being published, at
  /// `not_before`. Its figures and error are kept as those of the attempt.
  void put_back(const Job& job, Timestamp not_before, Timestamp now);
  /// When the first of those that wait to be tried again is due.
  std::optional<Timestamp> next_retry();
  /// When a job of the pipe was done last.
  std::optional<Timestamp> last_success(const std::string& pipe_id);
  /// What earlier jobs for the same interval of the pipe published to the same place, and this one
  /// did not, in key order.
  std::vector<std::string> outdated_keys(const Job& job);
  /// Removes jobs that ended before, at most so many, with their files' rows, and what was missed,
  /// backfilled and told to webhooks before then; gives the number of jobs.
  size_t prune(Timestamp finished_before, size_t most);
  /// Every time the job was taken up, in their order.
  std::vector<JobAttempt> attempts(const std::string& job_id);

  /// A ticket that must not be lost: discarded by the next attempt if this one dies.
  void add_file(const std::string& job_id, const JobFile& file);
  /// Everything is staged: from now on the job only goes forward. False when it was cancelled.
  bool begin_publishing(const std::string& job_id, const std::vector<JobFile>& files,
                        const JobFigures& figures, Timestamp now);
  void mark_published(const std::string& job_id, const std::vector<std::string>& keys);
  std::vector<JobFile> files(const std::string& job_id);
  void forget_files(const std::string& job_id, const std::vector<std::string>& keys);
  /// Forgets some and adds others, all or nothing.
  void replace_files(const std::string& job_id, const std::vector<std::string>& keys,
                     const std::vector<JobFile>& files);

 private:
  StateDatabase& database_;
  size_t per_connection_;
};

}  // namespace sluice
