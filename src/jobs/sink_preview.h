#pragma once

#include <chrono>
#include <cstdint>
#include <stop_token>
#include <string>
#include <vector>

#include "domain/job.h"
#include "engine/engine.h"
#include "object_store/open_store.h"
#include "pipeline/export.h"
#include "state/connection_store.h"

namespace sluice {

/// What a run would do, found out by reading the rows and asking the store.
struct PreviewResult {
  struct File {
    std::string key;     ///< As the template names it.
    std::string writes;  ///< The name a run would take for it now, or its first piece.
    uint64_t rows = 0;
    uint64_t pieces = 1;  ///< By max_rows_per_file; by max_file_size it may be more.
    bool exists = false;
    std::string action;  ///< "create", "replace" or "number": the name is taken, the next is used.
  };
  struct Column {
    std::string name;
    std::string declared_type;
    std::string type;  ///< In a typed format; else empty.
    bool written = true;
  };
  uint64_t rows = 0;
  uint64_t file_count = 0;
  bool complete = true;     ///< False: the time was over, and figures are of the rows read by then.
  std::vector<File> files;  ///< The first ones, in the order in which rows came.
  std::vector<Column> schema;
  std::string first_rows;   ///< NDJSON.
  std::string store_error;  ///< Empty: the place is there and can be written to.
};

/// Previews sinks. Writes nothing. Thread-safe.
class SinkPreview {
 public:
  struct Parts {
    ConnectionStore& connections;
    Engine& engine;
    StoreOpener& stores;
    Clock& clock;
    ExportLimits limits;
  };
  explicit SinkPreview(Parts parts) : parts_(std::move(parts)) {}

  /// Throws what a run would throw before it writes: kInvalid (SQL, template, values), kTooLarge.
  PreviewResult run(const std::string& pipe_name, const JobPlan& plan);

 private:
  class Reading;
  void ask_store(const ExportRequest& request, const Connection& connection, PreviewResult& result);

  Parts parts_;
};

}  // namespace sluice
