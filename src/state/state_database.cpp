#include "state/state_database.h"

#include <sqlite3.h>

#include "base/limits.h"
#include "base/log.h"
#include "state/migrations.h"

namespace sluice {
namespace {

/// "slce": tells our database from any other SQLite file (sqlite.org/fileformat2.html, offset 68).
constexpr int kApplicationId = 0x736c6365;
constexpr int kBusyMs = static_cast<int>(limits::kBusyTimeout.count());

int pragma_number(SQLite::Database& database, const char* name) {
  return database.execAndGet(std::string("PRAGMA ") + name).getInt();
}

}  // namespace

Error StateDatabase::translate(const SQLite::Exception& failure) {
  const std::string what = std::string("The state database failed: ") + failure.what() + ".";
  switch (failure.getErrorCode()) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {ErrorCode::kBusy, what, "Another program holds a lock on state.db; close it."};
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
      return {ErrorCode::kStorage, what,
              "Check that the data folder is writable and its disk is not full."};
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return {ErrorCode::kCorrupt, what, "Restore state.db from a backup."};
    default:
      return {ErrorCode::kInternal, what};
  }
}

StateDatabase::StateDatabase(const std::string& path) : path_(path) {
  translated([&] {
    writer_ = std::make_unique<SQLite::Database>(
        path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE | SQLite::OPEN_NOMUTEX, kBusyMs);
    check_ours();  // Before anything is written to the file.
    writer_->exec("PRAGMA journal_mode=WAL");
    writer_->exec("PRAGMA synchronous=FULL");
    writer_->exec("PRAGMA foreign_keys=OFF");
    migrate();
    writer_->exec("PRAGMA foreign_keys=ON");
  });
}

StateDatabase::~StateDatabase() { idle_readers_.clear(); }

void StateDatabase::check_ours() {
  const int version = pragma_number(*writer_, "user_version");
  const int newest = static_cast<int>(migrations().size());
  const bool empty =
      writer_->execAndGet("SELECT count(*) FROM sqlite_schema").getInt() == 0 && version == 0;
  if (!empty && pragma_number(*writer_, "application_id") != kApplicationId) {
    throw Error(ErrorCode::kInvalid, path_ + " is not a Sluice state database.",
                "Choose another --data-dir, or move that file away.");
  }
  if (version > newest) {
    throw Error(ErrorCode::kConflict,
                path_ + " has schema version " + std::to_string(version) +
                    ", but this Sluice knows only versions up to " + std::to_string(newest) + ".",
                "Start the newer Sluice that made it, or restore a backup of the older state.");
  }
}

void StateDatabase::migrate() {
  const int newest = static_cast<int>(migrations().size());
  for (int next = pragma_number(*writer_, "user_version") + 1; next <= newest; ++next) {
    migrate_to(next);
  }
}

void StateDatabase::migrate_to(int version) {
  const Migration& step = migrations()[static_cast<size_t>(version - 1)];
  SQLite::Transaction transaction(*writer_, SQLite::TransactionBehavior::IMMEDIATE);
  // Foreign keys are not enforced yet: a table that others refer to can be made anew.
  writer_->exec(std::string(step.sql));
  if (SQLite::Statement(*writer_, "PRAGMA foreign_key_check").executeStep()) {
    throw Error(
        ErrorCode::kCorrupt,
        "The migration " + std::string(step.name) + " would leave rows without their owner.",
        "Restore state.db from a backup and report this.");
  }
  writer_->exec("PRAGMA user_version=" + std::to_string(version));
  writer_->exec("PRAGMA application_id=" + std::to_string(kApplicationId));
  transaction.commit();
  log_info("state.db: applied migration " + std::string(step.name));
}

std::unique_ptr<SQLite::Database> StateDatabase::open_reader() const {
  auto database = std::make_unique<SQLite::Database>(
      path_, SQLite::OPEN_READONLY | SQLite::OPEN_NOMUTEX, kBusyMs);
  sqlite3_db_config(database->getHandle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  return database;
}

StateDatabase::Reader::Reader(StateDatabase& owner) : owner_(owner) {
  {
    std::lock_guard lock(owner_.readers_mutex_);
    if (!owner_.idle_readers_.empty()) {
      database_ = std::move(owner_.idle_readers_.back());
      owner_.idle_readers_.pop_back();
    }
  }
  if (!database_) database_ = owner_.open_reader();
}

StateDatabase::Reader::~Reader() {
  std::lock_guard lock(owner_.readers_mutex_);
  owner_.idle_readers_.push_back(std::move(database_));
}

}  // namespace sluice
