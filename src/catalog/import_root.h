#pragma once

#include <memory>
#include <string>

#include "base/byte_range.h"

namespace sluice {

/// Opens a file that a call names for import: `file:///...`, an absolute path, or one below `root`
/// (--import-root; empty: there is none, kForbidden). Nothing outside of `root` is reached: no
/// `..`, and no link on the way is followed, whenever it is put there. Throws kInvalid (another
/// scheme, no plain file), kForbidden (outside), kNotFound, kStorage.
std::shared_ptr<const ByteRange> open_import(const std::string& root, const std::string& name);

}  // namespace sluice
