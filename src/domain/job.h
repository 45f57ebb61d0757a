#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "domain/firing.h"
#include "domain/pipe.h"
#include "domain/variable.h"

namespace sluice {

enum class JobStatus { kWaiting, kWorking, kDone, kError, kCancelling, kCancelled };

/// Why a job exists.
enum class JobTrigger { kOnDemand, kScheduled, kBackfill, kChained };

/// How far a run has come. From kPublishing on it can only go forward: what is staged is complete
/// and is made visible, also after a crash; it can't be cancelled any more.
enum class JobStage { kQueued, kRunning, kPublishing, kFinished };

/// The SQL of a run: the views that stand for earlier nodes and other pipes, in order of creation,
/// then the statement itself.
struct NamedQuery {
  std::string name;
  std::string sql;
  bool operator==(const NamedQuery&) const = default;
};
struct Query {
  std::vector<NamedQuery> views;
  std::string sql;
  /// What now() is to the statement; without it, the time at which the engine is asked.
  std::optional<Timestamp> moment = {};
  /// What the templates among them may ask kSecretFunction for.
  SecretNames secrets = {};
  /// The cluster it runs on; empty: the embedded engine.
  std::string engine = {};
  /// What the engine is to call this run, where it has names for them; not part of a plan.
  std::string run_id = {};
};

/// What a job will do, fixed when it is accepted: later changes of the pipe do not touch it.
struct JobPlan {
  Query query;
  SinkSettings settings;
  std::map<std::string, std::string> variables;
};

/// What a file of a job is for. Published in this order.
enum class FileRole { kData, kManifest, kSuccess };

struct JobFigures {
  uint64_t rows = 0;
  uint64_t bytes = 0;  ///< Of the files, as stored.
  uint64_t files = 0;
  std::optional<double> progress_percentage;  ///< Absent where it can't be known.
  uint64_t mismatches = 0;  ///< Values that did not fit their column and became NULL or text.
  uint64_t parts = 0;       ///< Of multipart uploads, sent by now.
};

struct Job {
  std::string id;
  JobStatus status = JobStatus::kWaiting;
  JobStage stage = JobStage::kQueued;
  JobTrigger trigger = JobTrigger::kOnDemand;
  std::string pipe_id;
  std::string pipe_name;
  std::string node_id;
  std::string token_name;  ///< Of the caller; empty for scheduled runs.
  std::optional<Timestamp> scheduled_at;
  std::optional<Interval> interval;  ///< The time that the run covers, where it stands for some.
  bool alone = false;                ///< Waits while another job of its pipe is at work.
  std::string backfill_id;           ///< Of the backfill it belongs to; empty for none.
  std::string after_job;             ///< The job it follows (kChained); empty for none.
  JobPlan plan;
  JobFigures figures;
  int attempt = 0;
  std::optional<Timestamp> not_before;  ///< When it is tried again; only while it waits.
  std::string error;                    ///< A sentence; empty unless kError or kCancelled.
  std::string error_code;               ///< `error_code_name`.
  Timestamp created_at;
  std::optional<Timestamp> started_at;
  Timestamp updated_at;
};

std::string_view file_role_name(FileRole role);
FileRole parse_file_role(std::string_view text);
std::string_view job_status_name(JobStatus status);
std::optional<JobStatus> parse_job_status(std::string_view text);
std::string_view job_stage_name(JobStage stage);
JobStage parse_job_stage(std::string_view text);
std::string_view job_trigger_name(JobTrigger trigger);
JobTrigger parse_job_trigger(std::string_view text);

/// done, error, cancelled: nothing more will happen to the job.
bool is_final(JobStatus status);
/// Whether a cancel would still stop it before anything becomes visible.
bool is_cancellable(const Job& job);

}  // namespace sluice
