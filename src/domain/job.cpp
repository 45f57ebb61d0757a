#include "domain/job.h"

#include <array>
#include <utility>

#include "base/error.h"

namespace sluice {
namespace {

template <typename T>
using Names = std::pair<T, std::string_view>;

constexpr std::array<Names<JobStatus>, 6> kStatuses = {{{JobStatus::kWaiting, "waiting"},
                                                        {JobStatus::kWorking, "working"},
                                                        {JobStatus::kDone, "done"},
                                                        {JobStatus::kError, "error"},
                                                        {JobStatus::kCancelling, "cancelling"},
                                                        {JobStatus::kCancelled, "cancelled"}}};
constexpr std::array<Names<JobStage>, 4> kStages = {{{JobStage::kQueued, "queued"},
                                                     {JobStage::kRunning, "running"},
                                                     {JobStage::kPublishing, "publishing"},
                                                     {JobStage::kFinished, "finished"}}};
constexpr std::array<Names<FileRole>, 3> kRoles = {{{FileRole::kData, "data"},
                                                    {FileRole::kManifest, "manifest"},
                                                    {FileRole::kSuccess, "success"}}};
constexpr std::array<Names<JobTrigger>, 4> kTriggers = {{{JobTrigger::kOnDemand, "on_demand"},
                                                         {JobTrigger::kScheduled, "scheduled"},
                                                         {JobTrigger::kBackfill, "backfill"},
                                                         {JobTrigger::kChained, "chained"}}};

template <typename T, size_t N>
std::string_view name_in(const std::array<Names<T>, N>& names, T value) {
  for (const auto& [candidate, name] : names) {
    if (candidate == value) return name;
  }
  return names[0].second;
}

template <typename T, size_t N>
std::optional<T> value_in(const std::array<Names<T>, N>& names, std::string_view text) {
  for (const auto& [candidate, name] : names) {
    if (name == text) return candidate;
  }
  return std::nullopt;
}

template <typename T>
T known(std::optional<T> value, std::string_view text) {
  if (!value)
    throw Error(ErrorCode::kCorrupt, "The state database holds '" + std::string(text) + "'.");
  return *value;
}

}  // namespace

std::string_view file_role_name(FileRole role) { return name_in(kRoles, role); }
FileRole parse_file_role(std::string_view text) { return known(value_in(kRoles, text), text); }
std::string_view job_status_name(JobStatus status) { return name_in(kStatuses, status); }
std::optional<JobStatus> parse_job_status(std::string_view text) {
  return value_in(kStatuses, text);
}
std::string_view job_stage_name(JobStage stage) { return name_in(kStages, stage); }
JobStage parse_job_stage(std::string_view text) { return known(value_in(kStages, text), text); }
std::string_view job_trigger_name(JobTrigger trigger) { return name_in(kTriggers, trigger); }
JobTrigger parse_job_trigger(std::string_view text) {
  return known(value_in(kTriggers, text), text);
}

bool is_final(JobStatus status) {
  return status == JobStatus::kDone || status == JobStatus::kError ||
         status == JobStatus::kCancelled;
}

bool is_cancellable(const Job& job) {
  return job.status == JobStatus::kWaiting
             ? job.stage != JobStage::kPublishing
             : job.status == JobStatus::kWorking && job.stage != JobStage::kPublishing;
}

}  // namespace sluice
