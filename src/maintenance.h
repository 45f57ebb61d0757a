#pragma once

#include "config.h"
#include "data_folder.h"
#include "state/state_database.h"

namespace sluice {

/// `sluice backup`: copies the state to a file, beside a server that runs on it or without one, and
/// says what the copy holds. Throws what state/backup.h says.
void back_up(const Config& config);

/// `sluice rotate-key`: seals the stored secrets anew, with a new key. No server may run on the
/// folder (kConflict). Killed at any point it leaves either key with what it opens: the next start
/// finishes what was begun.
void rotate_key(const Config& config);

/// The key that opens what is stored: `given`, or that of the folder, once an interrupted change of
/// it has been settled.
Secret settled_key(const DataFolder& folder, StateDatabase& state, const Secret& given,
                   Random& random);

}  // namespace sluice
