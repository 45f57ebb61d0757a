#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <stop_token>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/limits.h"
#include "domain/destination.h"
#include "domain/job.h"
#include "engine/engine.h"
#include "object_store/object_store.h"
#include "pipeline/key_reservations.h"

namespace sluice {

/// One file that is complete and waits to be made visible.
struct StagedFile {
  std::string key;
  uint64_t rows = 0;
  uint64_t bytes = 0;
  StageTicket ticket;
  FileRole role = FileRole::kData;
  std::string crc32c = {};     ///< Of its bytes as stored: 8 hex digits (RFC 3720, 12.1).
  std::string asked = {};      ///< The key before the strategy `new` numbered it.
  std::string extension = {};  ///< Where the number stands before.
};

/// A staged file that takes another's place.
struct ReplacedFile {
  std::string key;  ///< Of the other.
  StagedFile now;
};

/// What an export must not forget if the process dies. Calls are durable when they return.
class ExportJournal {
 public:
  virtual ~ExportJournal() = default;
  /// Something was begun in the store that would be left behind.
  virtual void begun(const std::string& key, const StageTicket& ticket) = 0;
  /// Every file is complete: from here on the export is rolled forward. Throws kCancelled when the
  /// job was cancelled before.
  virtual void publishing(const std::vector<StagedFile>& files, const JobFigures& figures) = 0;
  virtual void published(const std::vector<std::string>& keys) = 0;
  /// All or none.
  virtual void replaced(const std::vector<ReplacedFile>& files) = 0;
  /// Called often; the journal decides how often it is worth a write.
  virtual void progress(const JobFigures& figures) = 0;
};

/// What one export may use.
struct ExportLimits {
  std::chrono::seconds run_time{};  ///< Counted from the start of the export.
  size_t files = limits::kFilesPerJob;
  uint64_t memory_bytes = limits::kMemoryBytes / 2;  ///< For rows, blocks and buffers, about.
  size_t lanes = 2;                                  ///< Threads that encode and compress.
  std::string spool_dir = {};  ///< For rows that memory has no room for; empty: the system's.
};

struct ExportRequest {
  std::string job_id;
  std::string pipe_name;
  Timestamp created_at;  ///< Of the job.
  JobPlan plan;
  Destination destination;
  ExportLimits limits;
};

/// What an export works with; all of it outlives the export.
struct ExportParts {
  Engine& engine;
  ObjectStore& store;
  ExportJournal& journal;
  KeyReservations& reservations;
};

/// One export, from the query to the published files. Blocking; stops between batches when `stop`
/// is requested. Throws `Error`; whatever was staged is removed then, unless publishing has begun:
/// then `publish` can be called again with the journalled files.
JobFigures run_export(const ExportRequest& request, const ExportParts& parts,
                      const std::stop_token& stop);

}  // namespace sluice
