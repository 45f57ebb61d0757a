#include "object_store/spool_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "object_store/file_error.h"

namespace sluice {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

std::string folder_of(const std::string& path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

}  // namespace

void sync_folder(const std::string& path) {
  const Descriptor folder(open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder.get() < 0) throw file_error(errno, "opening", path);
  // Some file systems can't sync a folder and say EINVAL; they keep its entries in order anyway.
  if (fsync(folder.get()) != 0 && errno != EINVAL) throw file_error(errno, "syncing", path);
}

void make_folders(const std::string& path, unsigned mode) {
  if (mkdir(path.c_str(), mode) == 0) {
    sync_folder(folder_of(path));
    return;
  }
  if (errno == EEXIST) {
    struct stat info {};
    if (stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode)) return;
    throw file_error(ENOTDIR, "making the folder", path);
  }
  const std::string above = folder_of(path);
  if (errno != ENOENT || above == path) throw file_error(errno, "making the folder", path);
  make_folders(above, mode);
  if (mkdir(path.c_str(), mode) != 0 && errno != EEXIST) {
    throw file_error(errno, "making the folder", path);
  }
  sync_folder(above);
}

SpoolFile::SpoolFile(std::string path, unsigned mode) : path_(std::move(path)), mode_(mode) {}

int SpoolFile::open_for_append() const {
  const int flags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW;
  int fd = open(path_.c_str(), flags, mode_);
  if (fd < 0 && errno == ENOENT) {
    make_folders(folder_of(path_), 0700);
    fd = open(path_.c_str(), flags, mode_);
  }
  if (fd < 0) throw file_error(errno, "writing", path_);
  return fd;
}

void SpoolFile::append(std::string_view bytes) {
  if (bytes.empty()) return;
  const Descriptor file(open_for_append());
  while (!bytes.empty()) {
    const ssize_t done = write(file.get(), bytes.data(), bytes.size());
    if (done < 0 && errno == EINTR) continue;
    if (done < 0) throw file_error(errno, "writing", path_);
    bytes.remove_prefix(static_cast<size_t>(done));
    size_ += static_cast<uint64_t>(done);
  }
}

void SpoolFile::begin_writeback() {
  constexpr uint64_t kWorthACall = 8 * 1024 * 1024;
  if (size_ - written_back_ < kWorthACall) return;
  const Descriptor file(open_for_append());
  // Whether it worked is the sync's to find out.
  sync_file_range(file.get(), static_cast<off_t>(written_back_),
                  static_cast<off_t>(size_ - written_back_), SYNC_FILE_RANGE_WRITE);
  written_back_ = size_;
}

void SpoolFile::close(PendingSyncs& syncs) {
  if (size_ == 0) const Descriptor created(open_for_append());
  syncs.add(path_);
  syncs.add(folder_of(path_));
}

void SpoolFile::sync() {
  {
    const Descriptor file(open_for_append());
    if (fsync(file.get()) != 0) throw file_error(errno, "syncing", path_);
  }
  sync_folder(folder_of(path_));
}

void SpoolFile::remove() {
  if (unlink(path_.c_str()) != 0 && errno != ENOENT) throw file_error(errno, "removing", path_);
}

}  // namespace sluice
