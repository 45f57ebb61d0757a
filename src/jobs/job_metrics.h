#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <utility>

#include "domain/job.h"

namespace sluice {

/// Numbers of the jobs since the process started, in the text format that Prometheus reads
/// (prometheus.io/docs/instrumenting/exposition_formats). No names of pipes, so what it says grows
/// with nothing. Thread-safe.
class JobMetrics {
 public:
  /// A job was taken up; the first time counts how long it had waited, and, for one of a schedule,
  /// how late it is.
  void began(const Job& job, Timestamp now);
  /// An attempt failed and the job is tried again.
  void tried_again(const std::string& error_code);
  /// The job has ended, as `job` says.
  void ended(const Job& job, Timestamp now);

  std::string text() const;

 private:
  /// Upper bounds in seconds; one more is infinity.
  static constexpr std::array<double, 10> kBounds = {0.1, 0.5, 1, 5, 15, 60, 300, 900, 3600, 14400};
  struct Histogram {
    std::array<uint64_t, kBounds.size() + 1> counts = {};
    double sum = 0;
    void add(double seconds);
    void write(std::string& out, const std::string& name, const std::string& help) const;
  };

  mutable std::mutex mutex_;
  std::map<std::pair<std::string, std::string>, uint64_t> ended_;  ///< By status and trigger.
  std::map<std::string, uint64_t> tried_again_;                    ///< By the error's code.
  std::map<std::string, uint64_t> failed_;                         ///< By the error's code.
  uint64_t rows_ = 0;
  uint64_t bytes_ = 0;
  uint64_t files_ = 0;
  Histogram waited_;
  Histogram took_;
  Histogram late_;
};

}  // namespace sluice
