#pragma once

#include <cstdint>
#include <string>

#include "object_store/object_store.h"

namespace sluice {

/// A finished file, as its ticket holds it. Inode and modification time outlive a rename, so they
/// tell whether the file that stands under the key is this one.
struct LocalTicket {
  std::string key;
  std::string file;  ///< Relative to the staging folder.
  Overwrite overwrite = Overwrite::kReplace;
  uint64_t size = 0;
  uint64_t device = 0;
  uint64_t inode = 0;
  int64_t modified_ns = 0;
};

StageTicket write_ticket(const LocalTicket& ticket);
/// kCorrupt when the text is no ticket of a local store, kInvalid when it names a key that none
/// has.
LocalTicket read_local_ticket(const StageTicket& ticket);

}  // namespace sluice
