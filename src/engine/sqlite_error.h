#pragma once

#include <sqlite3.h>

#include <string>

#include "base/error.h"

namespace sluice {

/// The failure a connection reports for user SQL, in words for the person who wrote it: with line
/// and column where SQLite knows them. `doing` is put in front.
Error sqlite_error(sqlite3* connection, int code, const std::string& doing, const std::string& sql);

}  // namespace sluice
