#include "engine/sqlite_engine.h"

#include <filesystem>
#include <set>

#include "base/encoding.h"
#include "base/error.h"
#include "base/limits.h"
#include "domain/name.h"
#include "engine/sqlite_session.h"

namespace sluice {
namespace {

std::string_view bytes_of(const void* data, int size) {
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

class SqliteReader final : public RowReader {
 public:
  explicit SqliteReader(std::unique_ptr<SqliteSession> session)
      : session_(std::move(session)),
        columns_(session_->columns()),
        expected_rows_(session_->expected_rows()) {}

  const std::vector<ColumnInfo>& columns() const override { return columns_; }
  std::optional<uint64_t> expected_rows() const override { return expected_rows_; }

  bool next(Batch& batch) override {
    batch.reset(columns_.size());
    sqlite3_stmt* statement = session_->statement();
    const int count = static_cast<int>(columns_.size());
    while (!ended_ && batch.rows() < limits::kBatchRows && batch.bytes() < limits::kBatchBytes) {
      if (!session_->step()) {
        ended_ = true;
        break;
      }
      for (int i = 0; i < count; ++i) {
        add_value(batch, static_cast<size_t>(i), sqlite3_column_value(statement, i));
      }
      batch.end_row();
    }
    return batch.rows() > 0;
  }

 private:
  std::unique_ptr<SqliteSession> session_;
  std::vector<ColumnInfo> columns_;
  std::optional<uint64_t> expected_rows_;
  bool ended_ = false;
};

class SqliteEngine final : public Engine {
 public:
  SqliteEngine(SqliteEngineOptions options, Clock& clock)
      : options_(std::move(options)), clock_(clock) {}

  QueryInfo describe(const Query& query) override {
    SqliteSession session(options_, clock_);
    session.limit(kDescribeTime, {});
    session.prepare(query);
    std::vector<ColumnInfo> columns = session.columns();
    return {std::move(columns), session.take_tables()};
  }

  std::unique_ptr<RowReader> open(const Query& query, std::chrono::seconds run_time,
                                  std::stop_token stop) override {
    auto session = std::make_unique<SqliteSession>(options_, clock_);
    session->limit(run_time, std::move(stop));
    session->prepare(query);
    return std::make_unique<SqliteReader>(std::move(session));
  }

 private:
  static constexpr std::chrono::seconds kDescribeTime{10};

  SqliteEngineOptions options_;
  Clock& clock_;
};

void check_file(const AttachedFile& file) {
  check_name("--attach", file.name);
  std::error_code failed;
  if (!std::filesystem::is_regular_file(file.path, failed)) {
    throw Error(ErrorCode::kInvalid,
                "The file of --attach " + file.name + "=" + file.path + " is not there.",
                "Give the path of an existing SQLite database.");
  }
}

}  // namespace

void configure_sqlite(const std::string& temp_folder) {
  sqlite3_config(SQLITE_CONFIG_MULTITHREAD);
  sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  sqlite3_initialize();
  sqlite3_free(sqlite3_temp_directory);  // Set before only where tests start twice.
  sqlite3_temp_directory = sqlite3_mprintf("%s", temp_folder.c_str());
}

std::unique_ptr<Engine> make_sqlite_engine(SqliteEngineOptions options, Clock& clock) {
  if (options.files.size() > limits::kAttachedFiles) {
    throw Error(ErrorCode::kInvalid,
                "There are " + std::to_string(options.files.size()) + " attached files.",
                "At most " + std::to_string(limits::kAttachedFiles) + " are possible.");
  }
  std::set<std::string> names;
  for (const AttachedFile& file : options.files) {
    check_file(file);
    if (!names.insert(ascii_lower(file.name)).second) {
      throw Error(ErrorCode::kInvalid, "Two files are attached as '" + file.name + "'.",
                  "Give each --attach a name of its own.");
    }
  }
  // Opens every file once, so that a wrong one is told at start and not at the first job.
  SqliteSession probe(options, clock);
  return std::make_unique<SqliteEngine>(std::move(options), clock);
}

}  // namespace sluice
