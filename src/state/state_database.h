#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <atomic>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/error.h"

namespace sluice {

/// The file `state.db`. One connection does every write and every checkpoint (before 3.51.3, two
/// that do can corrupt a WAL: sqlite.org/wal.html); reads use connections of their own.
/// Thread-safe. Failures are `Error`: kBusy, kStorage (full, I/O), kCorrupt, kInternal.
class StateDatabase {
 public:
  /// Opens or creates the file and brings its schema up to date, each migration in a transaction.
  /// Throws kConflict when the file was made by a newer Sluice, and kInvalid when it is no state
  /// database.
  explicit StateDatabase(const std::string& path);
  ~StateDatabase();
  StateDatabase(const StateDatabase&) = delete;
  StateDatabase& operator=(const StateDatabase&) = delete;

  /// Runs `work` in one transaction, durable when this returns; rolled back when it throws.
  template <typename Work>
  auto write(Work&& work) {
    std::lock_guard lock(write_mutex_);
    return translated([&] {
      SQLite::Transaction transaction(*writer_, SQLite::TransactionBehavior::IMMEDIATE);
      const NewVersion after(version_);
      return committed(transaction, [&] { return work(*writer_); });
    });
  }

  /// Another number after each write, before `write` returns.
  uint64_t version() const { return version_; }

  /// Runs `work` on a read-only connection, in one snapshot.
  template <typename Work>
  auto read(Work&& work) {
    return translated([&] {
      Reader reader(*this);
      SQLite::Transaction snapshot(reader.database());
      return work(reader.database());
    });
  }

 private:
  /// Counts when the transaction is over, however it ended.
  class NewVersion {
   public:
    explicit NewVersion(std::atomic<uint64_t>& version) : version_(version) {}
    ~NewVersion() { ++version_; }
    NewVersion(const NewVersion&) = delete;
    NewVersion& operator=(const NewVersion&) = delete;

   private:
    std::atomic<uint64_t>& version_;
  };

  /// A connection taken from the idle ones for as long as it lives.
  class Reader {
   public:
    explicit Reader(StateDatabase& owner);
    ~Reader();
    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;
    SQLite::Database& database() { return *database_; }

   private:
    StateDatabase& owner_;
    std::unique_ptr<SQLite::Database> database_;
  };

  template <typename Work>
  static auto committed(SQLite::Transaction& transaction, Work&& work) {
    if constexpr (std::is_void_v<decltype(work())>) {
      work();
      transaction.commit();
    } else {
      auto result = work();
      transaction.commit();
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
  static Error translate(const SQLite::Exception& failure);

  std::unique_ptr<SQLite::Database> open_reader() const;
  void check_ours();
  void migrate();
  void migrate_to(int version);

  std::string path_;
  std::atomic<uint64_t> version_{1};
  std::mutex write_mutex_;
  std::unique_ptr<SQLite::Database> writer_;
  std::mutex readers_mutex_;
  std::vector<std::unique_ptr<SQLite::Database>> idle_readers_;
};

}  // namespace sluice
