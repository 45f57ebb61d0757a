#include "warehouse/warehouse_database.h"

#include <sqlite3.h>

#include "base/limits.h"
#include "warehouse/warehouse_limits.h"

namespace sluice {
namespace {

constexpr int kBusyMs = static_cast<int>(limits::kBusyTimeout.count());

}  // namespace

Error WarehouseDatabase::translate(const SQLite::Exception& failure) {
  const std::string what = std::string("The warehouse failed: ") + failure.what() + ".";
  switch (failure.getErrorCode()) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {ErrorCode::kBusy, what, "Another program holds a lock on warehouse.db; close it."};
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
      return {ErrorCode::kStorage, what,
              "Nothing was changed. Check that the data folder is writable and its disk is not "
              "full."};
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return {ErrorCode::kCorrupt, what, "Restore warehouse.db from a backup, or move it away."};
    default:
      return {ErrorCode::kInternal, what};
  }
}

WarehouseDatabase::WarehouseDatabase(const std::string& path) {
  translated([&] {
    writer_ = std::make_unique<SQLite::Database>(
        path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE | SQLite::OPEN_NOMUTEX, kBusyMs);
    writer_->exec("PRAGMA journal_mode=WAL");
    writer_->exec("PRAGMA synchronous=FULL");
    writer_->exec("PRAGMA wal_autocheckpoint=" + std::to_string(limits::kWalPages));
    writer_->exec("PRAGMA journal_size_limit=" + std::to_string(limits::kWalBytesKept));
    reader_ = std::make_unique<SQLite::Database>(path, SQLite::OPEN_READONLY | SQLite::OPEN_NOMUTEX,
                                                 kBusyMs);
  });
}

void WarehouseDatabase::set_durability(Durability durability) {
  if (durability == durability_) return;
  // In WAL mode FULL syncs the log at each commit, NORMAL only before a checkpoint
  // (sqlite.org/pragma.html#pragma_synchronous). It can't be changed inside a transaction.
  writer_->exec(durability == Durability::kSynced ? "PRAGMA synchronous=FULL"
                                                  : "PRAGMA synchronous=NORMAL");
  durability_ = durability;
}

WarehouseDatabase::Attached::Attached(SQLite::Database& database, const std::string& file)
    : database_(database) {
  SQLite::Statement attach(database_, "ATTACH ? AS staged");
  attach.bind(1, file);
  attach.exec();
}

WarehouseDatabase::Attached::~Attached() {
  // It can only fail while a statement reads from it, and none outlives the transaction.
  sqlite3_exec(database_.getHandle(), "DETACH staged", nullptr, nullptr, nullptr);
}

}  // namespace sluice
