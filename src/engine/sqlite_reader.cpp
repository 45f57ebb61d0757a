#include "engine/sqlite_reader.h"

#include <cstddef>
#include <utility>

#include "base/error.h"
#include "base/limits.h"
#include "engine/memory_meter.h"

namespace sluice {
namespace {

/// SQLite makes the bytes of some values only now, for which there may be no memory.
std::string_view bytes_of(const void* data, int size) {
  if (data == nullptr && size > 0) {
    throw Error(ErrorCode::kTooLarge, "A value of the result needs too much memory.",
                "Make it smaller, or read less at once.");
  }
  return {static_cast<const char*>(data), static_cast<size_t>(size)};
}

void add_value(Batch& batch, size_t column, sqlite3_value* value) {
  switch (sqlite3_value_type(value)) {
    case SQLITE_INTEGER:
      batch.add_integer(column, sqlite3_value_int64(value));
      return;
    case SQLITE_FLOAT:
      batch.add_real(column, sqlite3_value_double(value));
      return;
    case SQLITE_TEXT: {
      const void* text = sqlite3_value_text(value);
      batch.add_text(column, bytes_of(text, sqlite3_value_bytes(value)));
      return;
    }
    case SQLITE_BLOB: {
      const void* blob = sqlite3_value_blob(value);
      batch.add_blob(column, bytes_of(blob, sqlite3_value_bytes(value)));
      return;
    }
    default:
      batch.add_null(column);
  }
}

/// The values of the current row, with one call in place of one for each. SQLite has them in
/// consecutive registers (its opcode ResultRow: "registers P1 through P1+P2-1 contain a single
/// row"), so the first of them and their distance give all. That is verified with the first row;
/// where it did not hold, each value is asked for.
class RowValues {
 public:
  /// While the first row is current.
  void measure(sqlite3_stmt* statement, int columns) {
    const char* const first = address(statement, 0);
    distance_ = columns > 1 ? address(statement, 1) - first : 0;
    for (int i = 0; i < columns; ++i) {
      is_regular_ &= address(statement, i) == first + i * distance_;
    }
  }
  void look_at(sqlite3_stmt* statement) {
    statement_ = statement;
    first_ = address(statement, 0);
  }
  sqlite3_value* at(int column) const {
    if (!is_regular_) return sqlite3_column_value(statement_, column);
    return reinterpret_cast<sqlite3_value*>(first_ + column * distance_);
  }

 private:
  static char* address(sqlite3_stmt* statement, int column) {
    return reinterpret_cast<char*>(sqlite3_column_value(statement, column));
  }

  sqlite3_stmt* statement_ = nullptr;
  char* first_ = nullptr;
  std::ptrdiff_t distance_ = 0;
  bool is_regular_ = true;
};

class SqliteReader final : public RowReader {
 public:
  SqliteReader(std::unique_ptr<SqliteSession> owned, SqliteSession& session,
               std::vector<ColumnInfo> columns, std::optional<uint64_t> expected_rows,
               std::string of, std::optional<bool> stepped = std::nullopt,
               size_t most_bytes = SIZE_MAX)
      : owned_(std::move(owned)),
        session_(session),
        columns_(std::move(columns)),
        expected_rows_(expected_rows),
        of_(std::move(of)),
        stepped_(stepped),
        most_bytes_(most_bytes) {}

  const std::vector<ColumnInfo>& columns() const override { return columns_; }
  std::optional<uint64_t> expected_rows() const override { return expected_rows_; }
  uint64_t scanned_rows() const override { return session_.scanned_rows(); }

  bool next(Batch& batch) override {
    batch.reset(columns_.size());
    batch.set_place(rows_ + 1, of_);
    sqlite3_stmt* statement = session_.statement();
    const int count = static_cast<int>(columns_.size());
    while (!ended_ && batch.rows() < limits::kBatchRows && batch.bytes() < limits::kBatchBytes) {
      if (!step()) {
        ended_ = true;
        break;
      }
      if (rows_ + batch.rows() == 0) values_.measure(statement, count);
      values_.look_at(statement);
      for (int i = 0; i < count; ++i) {
        add_value(batch, static_cast<size_t>(i), values_.at(i));
        if (batch.bytes() > most_bytes_) {
          throw Error(ErrorCode::kTooLarge, "A row of the result is too large.",
                      "Select fewer columns, or shorter values.");
        }
      }
      batch.end_row();
    }
    rows_ += batch.rows();
    return batch.rows() > 0;
  }

 private:
  bool step() {
    if (!stepped_) return session_.step();
    const bool row = *stepped_;
    stepped_.reset();
    return row;
  }

  std::unique_ptr<SqliteSession> owned_;
  SqliteSession& session_;
  std::vector<ColumnInfo> columns_;
  std::optional<uint64_t> expected_rows_;
  std::string of_;
  std::optional<bool> stepped_;
  size_t most_bytes_;
  RowValues values_;
  uint64_t rows_ = 0;
  bool ended_ = false;
};

}  // namespace

std::unique_ptr<RowReader> make_sqlite_reader(std::unique_ptr<SqliteSession> session,
                                              std::optional<uint64_t> expected_rows) {
  SqliteSession& statement = *session;
  return std::make_unique<SqliteReader>(std::move(session), statement, statement.columns(),
                                        expected_rows, " of the result");
}

std::unique_ptr<RowReader> make_sqlite_reader(SqliteSession& session,
                                              const std::vector<ColumnInfo>& columns,
                                              std::string of, std::optional<bool> stepped) {
  return std::make_unique<SqliteReader>(nullptr, session, columns, std::nullopt, std::move(of),
                                        stepped);
}

namespace {

/// Gives the session back behind the last row.
class LeasedReader final : public RowReader {
 public:
  LeasedReader(std::unique_ptr<SessionPool::Lease> lease, const Query& query, size_t memory_bytes)
      : meter_(memory_bytes), memory_bytes_(memory_bytes), lease_(std::move(lease)) {
    const MemoryMeter::On on(meter_);
    SqliteSession& session = lease_->session();
    session.prepare(query);
    // Columns are asked for behind the first step: only then SQLite has seen whether the schema is
    // the one that the session remembers.
    const bool row = session.step();
    rows_ = std::make_unique<SqliteReader>(nullptr, session, session.columns(), std::nullopt,
                                           " of the result", row, memory_bytes_);
  }

  const std::vector<ColumnInfo>& columns() const override { return rows_->columns(); }
  bool next(Batch& batch) override {
    const MemoryMeter::On on(meter_);
    return rows_->next(batch);
  }
  std::optional<uint64_t> expected_rows() const override { return std::nullopt; }
  uint64_t scanned_rows() const override { return rows_->scanned_rows(); }

 private:
  MemoryMeter meter_;
  const size_t memory_bytes_;
  std::unique_ptr<SessionPool::Lease> lease_;
  std::unique_ptr<RowReader> rows_;
};

}  // namespace

std::unique_ptr<RowReader> make_sqlite_reader(std::unique_ptr<SessionPool::Lease> lease,
                                              const Query& query, size_t memory_bytes) {
  return std::make_unique<LeasedReader>(std::move(lease), query, memory_bytes);
}

}  // namespace sluice
