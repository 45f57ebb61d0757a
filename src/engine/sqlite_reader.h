#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "engine/session_pool.h"
#include "engine/sqlite_session.h"

namespace sluice {

/// The rows of the session's statement. Owns the session.
std::unique_ptr<RowReader> make_sqlite_reader(std::unique_ptr<SqliteSession> session,
                                              std::optional<uint64_t> expected_rows);

/// The rows of the statement of a session that outlives the reader. `of` says what the rows are
/// counted in (Batch::set_place). `stepped`: what the first step has said, where it was done.
std::unique_ptr<RowReader> make_sqlite_reader(SqliteSession& session,
                                              const std::vector<ColumnInfo>& columns,
                                              std::string of,
                                              std::optional<bool> stepped = std::nullopt);

/// The rows of a query on a session that is leased from a pool, of which the first is there.
std::unique_ptr<RowReader> make_sqlite_reader(std::unique_ptr<SessionPool::Lease> lease,
                                              const Query& query, size_t memory_bytes);

}  // namespace sluice
