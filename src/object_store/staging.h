#pragma once

#include <cstdint>
#include <string>

namespace sluice {

/// Rules that the stores share for what they stage on the local disk. All throw kInvalid, but
/// `check_staging_path`, which throws kCorrupt.

/// UTF-8 of 1 to limits::kKeyBytes bytes, no NUL.
void check_key(const std::string& key);
/// At most limits::kResponseBytes, and an end that a file can have.
void check_range(uint64_t offset, uint64_t size);
/// Letters, digits, `-` and `_`, so that it is a safe folder name.
void check_job_id(const std::string& job_id);
/// `<job id>/<name>` as the stores make them; anything else did not come from us.
void check_staging_path(const std::string& path);

/// Removes a job's folder below `staging` and everything in it. No folder, no error.
void remove_staging_folder(const std::string& staging, const std::string& job_id);

}  // namespace sluice
