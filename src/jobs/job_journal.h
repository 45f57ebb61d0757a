#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.h"
#include "pipeline/export.h"
#include "state/job_store.h"

namespace sluice {

/// The export journal of one job, kept in the state database. One thread, but for the parts.
class JobJournal final : public ExportJournal {
 public:
  JobJournal(JobStore& jobs, Clock& clock, std::string job_id)
      : jobs_(jobs), clock_(clock), job_id_(std::move(job_id)), saved_at_(clock.ticks()) {}

  void begun(const std::string& key, const StageTicket& ticket) override;
  void publishing(const std::vector<StagedFile>& files, const JobFigures& figures) override;
  void published(const std::vector<std::string>& keys) override;
  void replaced(const std::vector<ReplacedFile>& files) override;
  void progress(const JobFigures& figures) override;

  /// The store has taken a part of an upload. Any thread.
  void count_part() { ++parts_; }
  uint64_t parts() const { return parts_; }

 private:
  JobStore& jobs_;
  Clock& clock_;
  std::string job_id_;
  std::chrono::nanoseconds saved_at_;
  std::atomic<uint64_t> parts_{0};
};

}  // namespace sluice
