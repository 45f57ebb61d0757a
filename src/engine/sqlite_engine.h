#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "engine/engine.h"
#include "engine/log_tables.h"
#include "engine/secret_function.h"

namespace sluice {

/// A SQLite file that pipes can read as `name.table`. Other processes may write to it meanwhile.
struct AttachedFile {
  std::string name;
  std::string path;
};

struct SqliteEngineOptions {
  /// Tables that need no prefix; may not exist yet.
  std::string warehouse_path;
  std::vector<AttachedFile> files;
  /// The state database, of which only these views can be read; may not exist yet.
  std::string log_path = {};
  std::vector<LogTable> logs = {};
  /// For generateUUIDv4() and rand(), which fail without it. Must outlive the engine.
  Random* random = nullptr;
  SecretLookup secrets = {};  ///< None: there are no secrets.
};

/// To be called once, before any SQLite connection of the process is opened: no mutex inside a
/// connection (each is used by one thread at a time) and no memory statistics, which together with
/// the static library read a row in a third of the time. Sorts too large for memory go to files in
/// `temp_folder`.
void configure_sqlite(const std::string& temp_folder);

/// The embedded engine: every statement gets a connection of its own with the files attached
/// read-only. Throws kInvalid when a file is missing or no database, or a name is no identifier.
/// `clock` must outlive the engine.
std::unique_ptr<Engine> make_sqlite_engine(SqliteEngineOptions options, Clock& clock);

}  // namespace sluice
