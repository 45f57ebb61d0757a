#include "engine/session_pool.h"

#include <sys/stat.h>

#include <utility>

#include "base/limits.h"
#include "base/log.h"

namespace sluice {
namespace {

SessionPool::FileId id_of(const std::string& path) {
  struct stat found {};
  if (path.empty() || stat(path.c_str(), &found) != 0) return {};
  return {found.st_dev, found.st_ino};
}

}  // namespace

SessionPool::Lease::~Lease() {
  try {
    if (session_->rest()) pool_.put_back({std::move(session_), std::move(files_)});
  } catch (const std::exception& error) {
    log_warn(std::string("A session of the engine is not used again: ") + error.what());
  }
}

std::vector<SessionPool::FileId> SessionPool::files_now() const {
  std::vector<FileId> files = {id_of(options_.warehouse_path)};
  for (const AttachedFile& file : options_.files) files.push_back(id_of(file.path));
  return files;
}

std::unique_ptr<SessionPool::Lease> SessionPool::take() {
  // Before a session is opened: where a file is replaced meanwhile, it counts as one of the old.
  std::vector<FileId> files = files_now();
  std::unique_ptr<SqliteSession> session;
  std::vector<Resting> outdated;  // Closed without the lock.
  {
    const std::lock_guard lock(mutex_);
    while (!session && !resting_.empty()) {
      Resting last = std::move(resting_.back());
      resting_.pop_back();
      if (last.files == files) {
        session = std::move(last.session);
      } else {
        outdated.push_back(std::move(last));
      }
    }
  }
  if (session) {
    session->wake(clock_.now());
  } else {
    session = std::make_unique<SqliteSession>(options_, clock_);
  }
  return std::make_unique<Lease>(*this, std::move(session), std::move(files));
}

void SessionPool::put_back(Resting resting) {
  const std::lock_guard lock(mutex_);
  if (resting_.size() < limits::kRestingSessions) resting_.push_back(std::move(resting));
}

}  // namespace sluice
