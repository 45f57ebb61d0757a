#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <type_traits>

#include "base/error.h"
#include "warehouse/turn_lock.h"

namespace sluice {

/// What a commit outlives.
enum class Durability {
  kCommitted,  ///< The end of the process, by kill -9 too: it is in the write-ahead log.
  kSynced,     ///< A power cut as well: the log was synced before the commit returned.
};

/// The file `warehouse.db`. One connection does every write and every checkpoint (before SQLite
/// 3.51.3, two that do can corrupt a WAL: sqlite.org/wal.html); the engine reads on connections of
/// its own, which are read-only. Writers come in the order in which they asked, so that a busy one
/// keeps nobody waiting for long. Thread-safe. Failures are `Error`: kBusy, kStorage (full, I/O),
/// kCorrupt, kInternal.
class WarehouseDatabase {
 public:
  /// Opens or creates the file. One that a user has made stays as it is, but becomes a WAL
  /// database.
  explicit WarehouseDatabase(const std::string& path);
  WarehouseDatabase(const WarehouseDatabase&) = delete;
  WarehouseDatabase& operator=(const WarehouseDatabase&) = delete;

  /// Runs `work` in one transaction; rolled back when it throws. `committed` is run behind the
  /// commit, before the next writer's turn.
  template <typename Work>
  auto write(Durability durability, Work&& work, const std::function<void()>& committed = {}) {
    std::lock_guard lock(write_turn_);
    return translated([&] { return transact(durability, work, committed); });
  }

  /// The same, synced, with the database `file` attached as `staged`.
  template <typename Work>
  auto write_from(const std::string& file, Work&& work,
                  const std::function<void()>& committed = {}) {
    std::lock_guard lock(write_turn_);
    return translated([&] {
      const Attached attached(*writer_, file);
      return transact(Durability::kSynced, work, committed);
    });
  }

  /// Waits for the turn of a writer, and does nothing with it.
  void settle() { std::lock_guard lock(write_turn_); }

  /// Runs `work` on a read-only connection, in one snapshot.
  template <typename Work>
  auto read(Work&& work) {
    std::lock_guard lock(read_mutex_);
    return translated([&] {
      SQLite::Transaction snapshot(*reader_);
      return work(*reader_);
    });
  }

  /// What a failure of SQLite is to who called.
  static Error translate(const SQLite::Exception& failure);

 private:
  class Attached {
   public:
    Attached(SQLite::Database& database, const std::string& file);
    ~Attached();
    Attached(const Attached&) = delete;
    Attached& operator=(const Attached&) = delete;

   private:
    SQLite::Database& database_;
  };

  template <typename Work>
  auto transact(Durability durability, Work&& work, const std::function<void()>& committed) {
    set_durability(durability);
    SQLite::Transaction transaction(*writer_, SQLite::TransactionBehavior::IMMEDIATE);
    if constexpr (std::is_void_v<decltype(work(*writer_))>) {
      work(*writer_);
      transaction.commit();
      if (committed) committed();
    } else {
      auto result = work(*writer_);
      transaction.commit();
      if (committed) committed();
      return result;
    }
  }

  template <typename Work>
  static auto translated(Work&& work) {
    try {
      return work();
    } catch (const SQLite::Exception& failure) {
      throw translate(failure);
    }
  }
  void set_durability(Durability durability);

  TurnLock write_turn_;
  std::unique_ptr<SQLite::Database> writer_;
  Durability durability_ = Durability::kSynced;
  std::mutex read_mutex_;
  std::unique_ptr<SQLite::Database> reader_;
};

}  // namespace sluice
