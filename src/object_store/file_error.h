#pragma once

#include <string>

#include "base/error.h"

namespace sluice {

/// The Error for an errno: kStorage (full, read-only, I/O), kForbidden (rights), kInvalid (name too
/// long), kConflict (a file where a folder must be, or the other way round). `doing` as in
/// "writing"; the path stands in the message.
Error file_error(int code, const std::string& doing, const std::string& path);

}  // namespace sluice
