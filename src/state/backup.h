#pragma once

#include <cstdint>
#include <string>

namespace sluice {

/// What a copy of the state holds.
struct BackupFigures {
  int64_t pipes = 0;
  int64_t connections = 0;
  int64_t jobs = 0;
  uint64_t bytes = 0;
};

/// Copies the state database as it is at one moment to the new file `target` (mode 0600), whole or
/// not at all, and checks the copy. A server may be running on it, in this process or another: it
/// is only read, never checkpointed. Throws kNotFound without a state database, kInvalid where the
/// file is no such thing, kConflict where `target` exists, kStorage, kCorrupt.
BackupFigures back_up_state(const std::string& state_file, const std::string& target);

}  // namespace sluice
