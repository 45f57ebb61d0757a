#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "engine/sqlite_session.h"

namespace sluice {

/// Sessions that rest between statements, so that one need not open the warehouse and attach every
/// file anew. Thread-safe; `options` and `clock` must outlive it, and it its leases.
class SessionPool {
 public:
  SessionPool(const SqliteEngineOptions& options, Clock& clock)
      : options_(options), clock_(clock) {}
  SessionPool(const SessionPool&) = delete;
  SessionPool& operator=(const SessionPool&) = delete;

  /// Which files a session has open: another file of the same name is another one.
  struct FileId {
    uint64_t device = 0;
    uint64_t inode = 0;  ///< 0: there was none.
    bool operator==(const FileId&) const = default;
  };

  /// A session for as long as the lease lives; afterwards it rests, unless it is of no more use.
  class Lease {
   public:
    Lease(SessionPool& pool, std::unique_ptr<SqliteSession> session, std::vector<FileId> files)
        : pool_(pool), session_(std::move(session)), files_(std::move(files)) {}
    ~Lease();
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;

    SqliteSession& session() { return *session_; }

   private:
    SessionPool& pool_;
    std::unique_ptr<SqliteSession> session_;
    std::vector<FileId> files_;
  };

  /// One that has rested over the very files that are there now, or a new one, which throws as
  /// opening does.
  std::unique_ptr<Lease> take();

 private:
  struct Resting {
    std::unique_ptr<SqliteSession> session;
    std::vector<FileId> files;
  };

  std::vector<FileId> files_now() const;
  void put_back(Resting resting);

  const SqliteEngineOptions& options_;
  Clock& clock_;
  std::mutex mutex_;
  std::vector<Resting> resting_;  ///< Guarded by mutex_; the last one rested for the shortest time.
};

}  // namespace sluice
