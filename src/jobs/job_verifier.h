#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "domain/job.h"
#include "object_store/open_store.h"
#include "state/connection_store.h"
#include "state/job_store.h"

namespace sluice {

/// What re-reading a job's files found.
struct VerifyReport {
  struct Difference {
    std::string key;
    std::string what;  ///< "missing", "size", "crc32c", "parquet footer" or "parquet rows".
    std::string expected;
    std::string found;
  };
  std::string job_id;
  uint64_t files = 0;
  uint64_t bytes_read = 0;
  std::vector<Difference> differences;
};

/// Compares what a finished job published with what the store holds now. Thread-safe.
class JobVerifier {
 public:
  struct Parts {
    JobStore& jobs;
    ConnectionStore& connections;
    StoreOpener& stores;
  };
  explicit JobVerifier(Parts parts) : parts_(parts) {}

  /// Reads every byte of every file. Throws kConflict when the job is not done, kNotFound when its
  /// connection is gone, and what the store throws when it can't be asked.
  VerifyReport verify(const Job& job);

 private:
  Parts parts_;
};

}  // namespace sluice
