#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "engine/sqlite_session.h"

namespace sluice {

/// The rows of the session's statement. Owns the session.
std::unique_ptr<RowReader> make_sqlite_reader(std::unique_ptr<SqliteSession> session,
                                              std::optional<uint64_t> expected_rows);

/// The rows of the statement of a session that outlives the reader. `of` says what the rows are
/// counted in (Batch::set_place).
std::unique_ptr<RowReader> make_sqlite_reader(SqliteSession& session,
                                              const std::vector<ColumnInfo>& columns,
                                              std::string of);

}  // namespace sluice
