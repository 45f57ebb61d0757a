#pragma once

#include <memory>
#include <string>

#include "object_store/object_store.h"

namespace sluice {

/// A store that stages the object of one name, under another one, never in place of anything, and
/// lets all others vanish. For writing one file of many once more. Only `stage` and `discard` are
/// of use. `store` must outlive it.
std::unique_ptr<ObjectStore> make_one_file_store(ObjectStore& store, std::string asked,
                                                 std::string key);

}  // namespace sluice
