#include "jobs/job_verifier.h"

#include <algorithm>
#include <optional>

#include "base/crc32c.h"
#include "base/error.h"
#include "domain/destination.h"
#include "format/parquet_row_count.h"

namespace sluice {
namespace {

constexpr uint64_t kReadBytes = 8ULL * 1024 * 1024;

/// Looks at one job's files, one after the other.
class Comparison {
 public:
  Comparison(ObjectStore& store, VerifyReport& report, Format format)
      : store_(store), report_(report), format_(format) {}

  void look_at(const JobFile& file) {
    ++report_.files;
    const std::optional<ObjectInfo> there = store_.head(file.key);
    if (!there) return differs(file, "missing", std::to_string(file.bytes) + " bytes", "nothing");
    if (there->size != file.bytes) {
      return differs(file, "size", std::to_string(file.bytes), std::to_string(there->size));
    }
    const std::string tail = read_all(file);
    if (format_ == Format::kParquet && file.role == FileRole::kData) check_footer(file, tail);
  }

 private:
  /// Reads the file and compares its checksum; returns its end, where a Parquet footer is.
  std::string read_all(const JobFile& file) {
    uint32_t crc = 0;
    std::string tail;
    for (uint64_t at = 0; at < file.bytes;) {
      const uint64_t size = std::min(kReadBytes, file.bytes - at);
      std::string bytes = store_.read(file.key, at, size);
      crc = crc32c(bytes, crc);
      report_.bytes_read += bytes.size();
      at += size;
      // The footer may begin in the piece before the last one.
      if (tail.size() > kReadBytes) tail.clear();
      if (format_ == Format::kParquet) tail += bytes;
    }
    if (!file.crc32c.empty() && crc32c_hex(crc) != file.crc32c) {
      differs(file, "crc32c", file.crc32c, crc32c_hex(crc));
    }
    return tail;
  }

  void check_footer(const JobFile& file, const std::string& tail) {
    const std::optional<uint64_t> rows = read_parquet_rows(tail);
    if (!rows) return differs(file, "parquet footer", "a footer", "none that can be read");
    if (*rows != file.rows) {
      differs(file, "parquet rows", std::to_string(file.rows), std::to_string(*rows));
    }
  }

  void differs(const JobFile& file, std::string what, std::string expected, std::string found) {
    report_.differences.push_back(
        {file.key, std::move(what), std::move(expected), std::move(found)});
  }

  ObjectStore& store_;
  VerifyReport& report_;
  Format format_;
};

}  // namespace

VerifyReport JobVerifier::verify(const Job& job) {
  if (job.status != JobStatus::kDone) {
    throw Error(ErrorCode::kConflict,
                "The job is " + std::string(job_status_name(job.status)) +
                    "; only what a job that is done has published can be verified.",
                "Wait for it, or run the sink again.");
  }
  const std::optional<Connection> connection =
      parts_.connections.find(job.plan.settings.connection_id);
  if (!connection) {
    throw Error(ErrorCode::kNotFound, "The connection of the job was deleted.",
                "Its files can't be reached without it.");
  }
  const auto store = parts_.stores.open(
      *connection, parse_destination(job.plan.settings.path, *connection), {{}, job.id});
  VerifyReport report;
  report.job_id = job.id;
  Comparison comparison(*store, report, job.plan.settings.format);
  for (const JobFile& file : parts_.jobs.files(job.id)) comparison.look_at(file);
  return report;
}

}  // namespace sluice
