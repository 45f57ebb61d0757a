#include "jobs/job_metrics.h"

#include <algorithm>
#include <cstdio>

namespace sluice {
namespace {

double seconds_between(Timestamp begin, Timestamp end) {
  return std::max(0.0, std::chrono::duration<double>(end - begin).count());
}

std::string number(double value) {
  std::array<char, 32> text = {};
  const int size = std::snprintf(text.data(), text.size(), "%.9g", value);
  return {text.data(), static_cast<size_t>(size)};
}

void begin(std::string& out, const std::string& name, const char* type, const std::string& help) {
  out += "# HELP " + name + " " + help + "\n# TYPE " + name + " " + type + "\n";
}

void write_total(std::string& out, const std::string& name, const std::string& help,
                 uint64_t value) {
  begin(out, name, "counter", help);
  out += name + " " + std::to_string(value) + "\n";
}

void write_by_code(std::string& out, const std::string& name, const std::string& help,
                   const std::map<std::string, uint64_t>& counts) {
  begin(out, name, "counter", help);
  for (const auto& [code, count] : counts) {
    out += name + "{code=\"" + code + "\"} " + std::to_string(count) + "\n";
  }
}

}  // namespace

void JobMetrics::Histogram::add(double seconds) {
  const auto bound = std::lower_bound(kBounds.begin(), kBounds.end(), seconds);
  ++counts[static_cast<size_t>(bound - kBounds.begin())];
  sum += seconds;
}

void JobMetrics::Histogram::write(std::string& out, const std::string& name,
                                  const std::string& help) const {
  begin(out, name, "histogram", help);
  uint64_t all = 0;
  for (size_t i = 0; i < counts.size(); ++i) {
    all += counts[i];
    const std::string bound = i < kBounds.size() ? number(kBounds[i]) : "+Inf";
    out += name + "_bucket{le=\"" + bound + "\"} " + std::to_string(all) + "\n";
  }
  out += name + "_sum " + number(sum) + "\n" + name + "_count " + std::to_string(all) + "\n";
}

void JobMetrics::began(const Job& job, Timestamp now) {
  if (job.attempt > 1) return;
  const std::scoped_lock lock(mutex_);
  waited_.add(seconds_between(job.created_at, now));
  if (job.trigger == JobTrigger::kScheduled && job.scheduled_at) {
    late_.add(seconds_between(*job.scheduled_at, now));
  }
}

void JobMetrics::tried_again(const std::string& error_code) {
  const std::scoped_lock lock(mutex_);
  ++tried_again_[error_code];
}

void JobMetrics::ended(const Job& job, Timestamp now) {
  const std::scoped_lock lock(mutex_);
  ++ended_[{std::string(job_status_name(job.status)), std::string(job_trigger_name(job.trigger))}];
  if (job.started_at) took_.add(seconds_between(*job.started_at, now));
  if (job.status == JobStatus::kError) ++failed_[job.error_code];
  if (job.status != JobStatus::kDone) return;
  rows_ += job.figures.rows;
  bytes_ += job.figures.bytes;
  files_ += job.figures.files;
}

std::string JobMetrics::text() const {
  const std::scoped_lock lock(mutex_);
  std::string out;
  begin(out, "sluice_jobs_ended_total", "counter", "Jobs that have ended, by status and trigger.");
  for (const auto& [labels, count] : ended_) {
    out += "sluice_jobs_ended_total{status=\"" + labels.first + "\",triggered_by=\"" +
           labels.second + "\"} " + std::to_string(count) + "\n";
  }
  write_by_code(out, "sluice_jobs_failed_total", "Jobs that ended with an error, by its code.",
                failed_);
  write_by_code(out, "sluice_job_retries_total", "Attempts that failed and were repeated, by code.",
                tried_again_);
  write_total(out, "sluice_rows_written_total", "Rows of jobs that are done.", rows_);
  write_total(out, "sluice_bytes_written_total", "Bytes of their files, as stored.", bytes_);
  write_total(out, "sluice_files_written_total", "Their files.", files_);
  waited_.write(out, "sluice_job_wait_seconds", "From accepting a job to its first attempt.");
  took_.write(out, "sluice_job_duration_seconds", "From a job's first attempt to its end.");
  late_.write(out, "sluice_schedule_lateness_seconds",
              "From the time of a schedule to the first attempt of its job.");
  return out;
}

}  // namespace sluice
