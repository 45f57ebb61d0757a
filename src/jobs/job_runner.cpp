#include "jobs/job_runner.h"

#include "base/error.h"
#include "base/limits.h"
#include "base/log.h"
#include "domain/destination.h"
#include "jobs/job_journal.h"
#include "jobs/retry.h"
#include "object_store/watched_store.h"
#include "pipeline/export.h"
#include "pipeline/publish.h"

namespace sluice {
namespace {

Connection connection_of(const Job& job, ConnectionStore& connections) {
  std::optional<Connection> connection = connections.find(job.plan.settings.connection_id);
  if (!connection) {
    throw Error(ErrorCode::kNotFound, "The connection of the sink was deleted.",
                "Create it again and set the sink anew.");
  }
  return std::move(*connection);
}

/// Everything is published; what can't be removed of its traces is no reason to fail.
void remove_staging(ObjectStore& store, const Job& job) noexcept {
  try {
    store.remove_staging(job.id);
  } catch (const std::exception& error) {
    log_warn("The spool of job " + job.id + " can't be removed: " + error.what());
  }
}

/// A part that a killed process had sent can reach the store after its upload was aborted, and the
/// store may keep it then: uploads have to be aborted until none is left, says
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_AbortMultipartUpload.html. What an attempt
/// found is therefore discarded once more when the attempt is over.
class LateArrivals {
 public:
  LateArrivals(std::vector<StageTicket> tickets, ObjectStore& store)
      : tickets_(std::move(tickets)), store_(store) {}
  LateArrivals(const LateArrivals&) = delete;
  LateArrivals& operator=(const LateArrivals&) = delete;
  ~LateArrivals() {
    for (const StageTicket& ticket : tickets_) {
      try {
        store_.discard(ticket);
      } catch (const std::exception& error) {
        log_warn(std::string("What may have come late to an aborted upload is left: ") +
                 error.what());
      }
    }
  }

 private:
  std::vector<StageTicket> tickets_;
  ObjectStore& store_;
};

}  // namespace

std::unique_ptr<ObjectStore> JobRunner::open_store(const Job& job, std::stop_token stop) {
  const Connection connection = connection_of(job, parts_.connections);
  return parts_.stores.open(connection, parse_destination(job.plan.settings.path, connection),
                            {std::move(stop), job.id});
}

void JobRunner::run(const Job& job, const std::stop_token& stop, WorkBudget::Share& share) {
  share.stop_with(stop);
  log_info("Job " + job.id + " of pipe " + job.pipe_name + " starts, attempt " +
           std::to_string(job.attempt) + ".");
  const std::chrono::nanoseconds begin = parts_.clock.ticks();
  metrics_.began(job, parts_.clock.now());
  try {
    if (job.status == JobStatus::kCancelling) {
      throw Error(ErrorCode::kCancelled, "The job was cancelled.");
    }
    if (job.stage == JobStage::kPublishing) {
      roll_forward(job, share);
    } else {
      attempt(job, stop, share);
    }
  } catch (const Error& error) {
    settle(job, error, parts_.clock.ticks() - begin);
  } catch (const std::exception& error) {
    settle(job, Error(ErrorCode::kInternal, std::string("An unexpected failure: ") + error.what()),
           {});
  }
}

void JobRunner::attempt(const Job& job, const std::stop_token& stop, WorkBudget::Share& share) {
  std::vector<StageTicket> found;
  if (job.attempt > 1) found = clean_up(job);
  const Connection connection = connection_of(job, parts_.connections);
  ExportRequest request;
  request.job_id = job.id;
  request.pipe_name = job.pipe_name;
  request.created_at = job.created_at;
  request.plan = job.plan;
  // The same in each pass over the rows and in each attempt.
  request.plan.query.moment = job.created_at;
  request.plan.query.run_id = job.id;
  request.destination = parse_destination(job.plan.settings.path, connection);
  request.limits = parts_.limits;
  request.limits.memory_bytes = share.memory_bytes();
  JobJournal journal(parts_.jobs, parts_.clock, job.id);
  const std::unique_ptr<ObjectStore> store =
      make_watched_store(parts_.stores.open(connection, request.destination,
                                            {stop, job.id, [&journal] { journal.count_part(); }}),
                         share);
  if (parts_.settle_data) parts_.settle_data();
  Job done = job;
  {
    const LateArrivals late(std::move(found), *store);
    done.figures = run_export(request, {parts_.engine, *store, journal, reservations_}, stop);
  }
  done.figures.parts = journal.parts();
  remove_begun(*store, job);
  remove_outdated(*store, job);
  remove_staging(*store, job);
  finish(std::move(done), JobStatus::kDone);
}

/// The publish stage: every file is complete; what is not yet visible becomes so.
void JobRunner::roll_forward(const Job& job, WorkBudget::Share& share) {
  const std::unique_ptr<ObjectStore> store = make_watched_store(open_store(job, {}), share);
  std::vector<StagedFile> left;
  for (const JobFile& file : parts_.jobs.files(job.id)) {
    if (file.state != JobFile::State::kStaged) continue;
    left.push_back({file.key, file.rows, file.bytes, {file.ticket}, file.role, file.crc32c});
  }
  JobJournal journal(parts_.jobs, parts_.clock, job.id);
  publish(left, *store, journal);
  remove_begun(*store, job);
  remove_outdated(*store, job);
  remove_staging(*store, job);
  finish(job, JobStatus::kDone);
}

/// What was begun and is of no more use once all is published: a file that was to be staged again,
/// whose first upload counted after all; the folder that a cluster wrote into.
void JobRunner::remove_begun(ObjectStore& store, const Job& job) {
  for (const JobFile& file : parts_.jobs.files(job.id)) {
    if (file.state != JobFile::State::kBegun) continue;
    store.discard({file.ticket});
    parts_.jobs.forget_files(job.id, {file.key});
  }
}

/// An interval that is run again has just the files of its last run.
void JobRunner::remove_outdated(ObjectStore& store, const Job& job) {
  if (job.trigger != JobTrigger::kBackfill) return;
  for (const std::string& key : parts_.jobs.outdated_keys(job)) {
    try {
      store.remove(key);
    } catch (const Error& error) {
      throw error.within("The files of the interval are published, but " + key +
                         ", which an earlier run of it wrote and this one did not, is left");
    }
  }
}

void JobRunner::settle(const Job& job, const Error& error, std::chrono::nanoseconds took) {
  try {
    std::optional<Job> now = parts_.jobs.find(job.id);
    if (!now || is_final(now->status)) return;
    const bool publishing = now->stage == JobStage::kPublishing;
    const bool stopped = error.code() == ErrorCode::kCancelled;
    if (stopped && now->status == JobStatus::kWorking) {
      // The process stops: the next start goes on, from the publish stage or from the beginning.
      log_info("Job " + job.id + " is left for the next start.");
      if (!publishing) clean_up(job);
      put_back(std::move(*now), error, {});
      return;
    }
    // A statement that took all of its time would do so again.
    const bool ran_out = error.code() == ErrorCode::kTimeout && took >= parts_.limits.run_time;
    if (may_heal(error.code()) && !ran_out && now->status == JobStatus::kWorking &&
        job.attempt < parts_.max_attempts) {
      if (!publishing) clean_up(job);
      put_back(std::move(*now), error, retry_delay(job.attempt, parts_.random));
      return;
    }
    clean_up(job);
    const bool cancelled = stopped || now->status == JobStatus::kCancelling;
    // Whoever cancelled it may have said why.
    if (!cancelled) now->error = error.what();
    if (now->error.empty()) now->error = "The job was cancelled.";
    now->error_code = error_code_name(cancelled ? ErrorCode::kCancelled : error.code());
    finish(std::move(*now), cancelled ? JobStatus::kCancelled : JobStatus::kError);
  } catch (const std::exception& failure) {
    // The state database itself fails. The row stays `working` and is taken up by the next start.
    log_error("Job " + job.id + " can't be settled: " + failure.what());
  }
}

/// Tries again after `delay`.
void JobRunner::put_back(Job job, const Error& error, std::chrono::milliseconds delay) {
  if (delay.count() > 0) {
    metrics_.tried_again(std::string(error_code_name(error.code())));
    log_warn("Job " + job.id + " is tried again in " + std::to_string(delay.count()) +
             " ms, attempt " + std::to_string(job.attempt) + " of " +
             std::to_string(parts_.max_attempts) + " failed: " + error.what());
  }
  job.error = error.what();
  job.error_code = error_code_name(error.code());
  const Timestamp now = parts_.clock.now();
  parts_.jobs.put_back(job, now + delay, now);
}

/// Removes what earlier work of the job left in the store and in the spool, best effort: what can't
/// be removed stays in the journal. Gives what was removed.
std::vector<StageTicket> JobRunner::clean_up(const Job& job) noexcept {
  std::vector<StageTicket> discarded;
  try {
    std::unique_ptr<ObjectStore> store = open_store(job, {});
    std::vector<std::string> gone;
    for (const JobFile& file : parts_.jobs.files(job.id)) {
      if (file.state == JobFile::State::kPublished) continue;
      try {
        store->discard({file.ticket});
        gone.push_back(file.key);
        discarded.push_back({file.ticket});
      } catch (const Error& error) {
        log_warn("What job " + job.id + " staged for " + file.key +
                 " is left behind: " + error.what());
      }
    }
    parts_.jobs.forget_files(job.id, gone);
    store->remove_staging(job.id);
  } catch (const std::exception& error) {
    log_warn("Job " + job.id + " can't be cleaned up: " + error.what());
  }
  return discarded;
}

void JobRunner::finish(Job job, JobStatus status) {
  job.status = status;
  if (status == JobStatus::kDone) job.figures.progress_percentage = 100;
  const bool is_followed = status == JobStatus::kDone && parts_.followers != nullptr;
  const std::vector<Job> followers = is_followed ? parts_.followers->of(job) : std::vector<Job>();
  parts_.jobs.finish(job, followers, parts_.clock.now());
  metrics_.ended(job, parts_.clock.now());
  log_info("Job " + job.id + " of pipe " + job.pipe_name + ": " +
           std::string(job_status_name(status)) + ", " + std::to_string(job.figures.rows) +
           " rows, " + std::to_string(job.figures.files) + " files." +
           (job.error.empty() ? "" : " " + job.error));
}

}  // namespace sluice
