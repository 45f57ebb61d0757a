#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "engine/engine.h"
#include "intake/fitted_rows.h"
#include "state/pipe_store.h"
#include "warehouse/group_commit.h"
#include "warehouse/warehouse.h"
#include "warehouse/warehouse_limits.h"

namespace sluice {

enum class ImportMode { kCreate, kAppend, kReplace };

/// create, append or replace; throws kInvalid that lists them.
ImportMode parse_import_mode(std::string_view text);

/// What is to become of a file of rows.
struct ImportWish {
  std::string name;
  ImportMode mode = ImportMode::kCreate;
  /// For kCreate; without it the file says what columns there are.
  std::optional<std::string> schema;
  std::string description;
  /// Absent: kCreate alone, and there are no rows.
  std::optional<RowInput> input;
};

struct ImportOutcome {
  std::string import_id;  ///< A UUID; in the quarantine it stands with the rows of this file.
  SourceStatus status;    ///< Of the data source afterwards.
  uint64_t rows = 0;      ///< Taken.
  uint64_t quarantined = 0;
  uint64_t invalid_lines = 0;  ///< Of the quarantined, those that are no rows at all.
};

struct EventOutcome {
  uint64_t rows = 0;
  uint64_t quarantined = 0;
};

/// Data sources as their owners make, fill and empty them. Thread-safe. Throws kInvalid (a name, a
/// schema, a file that can't be read), kNotFound, kConflict (a name is taken), kForbidden (pipes
/// read it, a limit), kTooLarge, kTooMany, kTimeout, kCancelled, kStorage (nothing is changed
/// then).
class DatasourceCatalog {
 public:
  struct Parts {
    Warehouse& warehouse;
    GroupCommit& events;
    PipeStore& pipes;
    Engine& engine;
    Clock& clock;
    Random& random;
    /// Names of attached files: a data source has none of them.
    std::vector<std::string> attached = {};
    /// How long the condition of `delete_rows` may take.
    std::chrono::seconds run_time{3600};
    /// See import_root.h.
    std::string import_root = {};
  };
  explicit DatasourceCatalog(Parts parts) : parts_(std::move(parts)) {}

  /// By id or name; null where there is none.
  DataSourcePtr find(std::string_view id_or_name) const {
    return parts_.warehouse.find(id_or_name);
  }
  /// The same with its counts; throws kNotFound that names it.
  SourceStatus get(std::string_view id_or_name);
  std::vector<SourceStatus> all() { return parts_.warehouse.all(); }
  /// The pipes one of whose nodes reads the data source or its quarantine.
  std::vector<Pipe> readers(const DataSource& source);
  /// The columns that a data source for the file would have.
  static std::vector<DataColumn> analyze(const RowInput& input) { return infer_columns(input); }
  /// A file of --import-root.
  std::shared_ptr<const ByteRange> open_local(const std::string& name) const;

  /// Creates, fills or replaces a data source: all of the file or, where the call fails, nothing.
  /// Rows that do not fit are in the quarantine.
  ImportOutcome import(const ImportWish& wish, const std::stop_token& stop);
  /// Appends NDJSON. Where there is no such data source and `may_create`, the first rows say what
  /// its columns are. Returns when the rows are committed, as durable as it says.
  EventOutcome take_events(const std::string& name, const std::shared_ptr<const ByteRange>& body,
                           bool may_create, Durability durability);

  void truncate(std::string_view id_or_name);
  /// Deletes the rows for which the condition (SQL) is true, and says how many; with `dry_run` it
  /// only counts them.
  uint64_t delete_rows(std::string_view id_or_name, const std::string& condition, bool dry_run,
                       const std::stop_token& stop);
  /// kForbidden, naming them, while pipes read it, unless `force`.
  void remove(std::string_view id_or_name, bool force, bool dry_run);
  /// Takes a schema that has the columns there are, and nullable ones behind them.
  void change_schema(std::string_view id_or_name, const std::string& schema, bool dry_run);
  void describe(std::string_view id_or_name, const std::string& description);

 private:
  DataSourcePtr needed(std::string_view id_or_name) const;
  void check_new_name(const std::string& name);
  DataSource draft(const std::string& name, std::vector<DataColumn> columns,
                   const std::string& description);
  std::vector<DataColumn> columns_for(const ImportWish& wish) const;
  StagedRows stage(const RowInput& input, const std::vector<DataColumn>& columns,
                   const std::stop_token& stop, ImportOutcome& outcome);
  DataSourcePtr source_for_events(const std::string& name, const RowInput& input, bool may_create);

  Parts parts_;
  /// Held from finding out which rows go until they are gone: their numbers may be given anew
  /// after another removal. And while columns are added.
  std::mutex changes_;
};

}  // namespace sluice
