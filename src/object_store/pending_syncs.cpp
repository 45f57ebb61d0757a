#include "object_store/pending_syncs.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "object_store/file_error.h"

namespace sluice {
namespace {

/// More of them, and syncing the whole file system takes less time.
constexpr size_t kFew = 8;

/// False when the path is gone.
bool sync_with(int (*how)(int), const std::string& path) {
  const int fd = open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0 && (errno == ENOENT || errno == ENOTDIR)) return false;
  if (fd < 0) throw file_error(errno, "opening", path);
  const int code = how(fd) == 0 ? 0 : errno;
  close(fd);
  // Some file systems can't sync a folder and say EINVAL; they keep its entries in order anyway.
  if (code != 0 && code != EINVAL) throw file_error(code, "syncing", path);
  return true;
}

}  // namespace

void PendingSyncs::add(std::string path) {
  const std::lock_guard lock(mutex_);
  paths_.insert(std::move(path));
}

void PendingSyncs::flush() {
  const std::lock_guard one_at_a_time(flushing_);
  std::unordered_set<std::string> paths;
  {
    const std::lock_guard lock(mutex_);
    paths.swap(paths_);
  }
  const bool many = paths.size() > kFew;
  for (const std::string& path : paths) {
    if (sync_with(many ? syncfs : fsync, path) && many) return;
  }
}

}  // namespace sluice
