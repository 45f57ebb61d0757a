#include "warehouse/staged_rows.h"

#include <unistd.h>

#include <utility>

#include "warehouse/warehouse_database.h"

namespace sluice {
namespace {

/// Of a staged file no more is lost with the process than is worth keeping: it begins anew.
constexpr const char* kNothingToSave =
    "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA locking_mode=EXCLUSIVE; "
    "PRAGMA cache_size=-8000";

template <typename Work>
auto translated(Work&& work) {
  try {
    return work();
  } catch (const SQLite::Exception& failure) {
    throw WarehouseDatabase::translate(failure);
  }
}

}  // namespace

SpooledDatabase::SpooledDatabase(std::string path) : path_(std::move(path)) {
  unlink(path_.c_str());
  translated([&] {
    database_ = std::make_unique<SQLite::Database>(
        path_, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE | SQLite::OPEN_NOMUTEX);
    database_->exec(kNothingToSave);
    database_->exec("BEGIN");
  });
}

SpooledDatabase::~SpooledDatabase() {
  database_.reset();
  unlink(path_.c_str());
}

void SpooledDatabase::close() {
  translated([&] { database_->exec("COMMIT"); });
  database_.reset();
}

StagedRows::StagedRows(const std::string& path, const std::vector<DataColumn>& columns,
                       QuarantineNote note)
    : columns_(columns.size()),
      stamps_(stamps_of(columns, {})),
      note_(std::move(note)),
      file_(std::make_unique<SpooledDatabase>(path)) {
  translated([&] {
    file_->database().exec(create_table_sql("rows", columns));
    file_->database().exec(create_quarantine_sql("rejected"));
    rows_ = std::make_unique<RowInserter>(file_->database(), "rows", columns, columns.size());
    rejected_ = std::make_unique<QuarantineInserter>(file_->database(), "rejected");
  });
}

void StagedRows::add(const Batch& batch, const std::vector<RejectedRow>& rejected) {
  translated([&] {
    counts_ += rows_->insert(batch, stamps_, false);
    counts_ += rejected_->insert(rejected, note_);
  });
}

void StagedRows::finish() {
  rows_.reset();
  rejected_.reset();
  file_->close();
}

StagedRowids::StagedRowids(const std::string& path)
    : file_(std::make_unique<SpooledDatabase>(path)) {
  translated([&] {
    file_->database().exec("CREATE TABLE rows (number INTEGER PRIMARY KEY)");
    insert_ = std::make_unique<SQLite::Statement>(file_->database(),
                                                  "INSERT OR IGNORE INTO rows VALUES (?)");
  });
}

void StagedRowids::add(int64_t rowid) {
  translated([&] {
    insert_->bind(1, rowid);
    count_ += static_cast<uint64_t>(insert_->exec());
    insert_->reset();
  });
}

void StagedRowids::finish() {
  insert_.reset();
  file_->close();
}

}  // namespace sluice
