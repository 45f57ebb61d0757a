#include "object_store/local_publish.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "object_store/file_error.h"
#include "object_store/spool_file.h"
#include "object_store/staging.h"

namespace sluice {
namespace {

constexpr mode_t kFolderMode = 0777;  // Less the umask, as for any program's folders.

/// An open folder or file; closed at the end.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() { reset(); }
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    if (this != &other) {
      reset();
      fd_ = std::exchange(other.fd_, -1);
    }
    return *this;
  }
  int fd() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }

 private:
  void reset() {
    if (fd_ >= 0) close(fd_);
    fd_ = -1;
  }
  int fd_ = -1;
};

std::vector<std::string> split(const std::string& key) {
  std::vector<std::string> out;
  size_t begin = 0;
  while (true) {
    const size_t end = std::min(key.find('/', begin), key.size());
    out.push_back(key.substr(begin, end - begin));
    if (end == key.size()) return out;
    begin = end + 1;
  }
}

Descriptor open_below(const Descriptor& above, const std::string& name) {
  return Descriptor(
      openat(above.fd(), name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
}

/// The folder that holds the last segment. Where a step is missing it is made, and the folder it is
/// in added to `made_in`; without that, the result is nothing.
Descriptor walk(const std::string& root, const std::vector<std::string>& segments,
                PendingSyncs* made_in) {
  Descriptor at(open(root.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!at) {
    if (errno == ENOENT && made_in == nullptr) return {};
    throw file_error(errno, "opening", root);
  }
  std::string path = root;
  for (size_t i = 0; i + 1 < segments.size(); ++i) {
    const std::string above = path;
    path += "/" + segments[i];
    Descriptor next = open_below(at, segments[i]);
    if (!next && errno == ENOENT) {
      if (made_in == nullptr) return {};
      if (mkdirat(at.fd(), segments[i].c_str(), kFolderMode) != 0 && errno != EEXIST) {
        throw file_error(errno, "making the folder", path);
      }
      made_in->add(above);
      next = open_below(at, segments[i]);
    }
    if (!next) throw file_error(errno, "opening", path);
    at = std::move(next);
  }
  return at;
}

/// Names `from` in `to` unless the name is taken; false if it is.
bool move_if_free(const std::string& from, const Descriptor& to, const std::string& name,
                  const std::string& path) {
  if (renameat2(AT_FDCWD, from.c_str(), to.fd(), name.c_str(), RENAME_NOREPLACE) == 0) return true;
  if (errno == EEXIST) return false;
  if (errno != EINVAL && errno != ENOSYS) throw file_error(errno, "naming", path);
  // This file system has no such rename; a link is as exclusive, and then the old name goes.
  if (linkat(AT_FDCWD, from.c_str(), to.fd(), name.c_str(), 0) != 0) {
    if (errno == EEXIST) return false;
    throw file_error(errno, "naming", path);
  }
  if (unlink(from.c_str()) != 0) throw file_error(errno, "removing", from);
  return true;
}

}  // namespace

void check_local_key(const std::string& key) {
  check_key(key);
  const std::vector<std::string> segments = split(key);
  for (const std::string& segment : segments) {
    if (segment.empty() || segment == "." || segment == "..") {
      throw Error(
          ErrorCode::kInvalid,
          "The name " + key + " has an empty, . or .. part, which no file below a folder has.");
    }
    if (segment.size() > NAME_MAX) {
      throw file_error(ENAMETOOLONG, "naming", key);
    }
  }
  if (segments.front() == ".sluice") {
    throw Error(ErrorCode::kInvalid,
                "The folder .sluice is kept for files that are being written.");
  }
}

LocalFolder::LocalFolder(std::string root, PendingSyncs& syncs)
    : root_(std::move(root)), syncs_(syncs) {}

std::optional<struct stat> LocalFolder::find(const std::string& key) const {
  const std::vector<std::string> segments = split(key);
  const Descriptor folder = walk(root_, segments, nullptr);
  if (!folder) return std::nullopt;
  struct stat info {};
  if (fstatat(folder.fd(), segments.back().c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0) {
    if (errno == ENOENT) return std::nullopt;
    throw file_error(errno, "looking at", root_ + "/" + key);
  }
  if (!S_ISREG(info.st_mode)) return std::nullopt;
  return info;
}

std::string LocalFolder::read(const std::string& key, uint64_t offset, uint64_t size) const {
  const std::vector<std::string> segments = split(key);
  const std::string path = root_ + "/" + key;
  const Descriptor folder = walk(root_, segments, nullptr);
  // Not blocking: a pipe of that name must not hold us; it is no object either way.
  const Descriptor file(!folder ? -1
                                : openat(folder.fd(), segments.back().c_str(),
                                         O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  struct stat info {};
  if (file && fstat(file.fd(), &info) != 0) throw file_error(errno, "reading", path);
  if (!file && folder && errno != ENOENT && errno != ELOOP)
    throw file_error(errno, "reading", path);
  if (!file || !S_ISREG(info.st_mode)) {
    throw Error(ErrorCode::kNotFound, "There is no object " + key + " to read.");
  }
  std::string out(size, '\0');
  size_t done = 0;
  while (done < size) {
    const ssize_t got =
        pread(file.fd(), out.data() + done, size - done, static_cast<off_t>(offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw file_error(errno, "reading", path);
    if (got == 0) {
      throw Error(
          ErrorCode::kCorrupt,
          key + " ends before byte " + std::to_string(offset + size) + " of those expected.",
          "It was replaced by another object, or cut off.");
    }
    done += static_cast<size_t>(got);
  }
  return out;
}

std::string LocalFolder::path_above(const std::string& key) const {
  const std::string path = root_ + "/" + key;
  return path.substr(0, path.rfind('/'));
}

PublishResult LocalFolder::take_in(const std::string& from, const std::string& key,
                                   Overwrite overwrite) const {
  make_folders(root_, kFolderMode);
  const std::vector<std::string> segments = split(key);
  const std::string& name = segments.back();
  const std::string path = root_ + "/" + key;
  const Descriptor folder = walk(root_, segments, &syncs_);
  if (overwrite == Overwrite::kNever) {
    if (!move_if_free(from, folder, name, path)) return PublishResult::kNameTaken;
  } else if (renameat(AT_FDCWD, from.c_str(), folder.fd(), name.c_str()) != 0) {
    throw file_error(errno, "naming", path);
  }
  syncs_.add(path_above(key));
  return PublishResult::kPublished;
}

}  // namespace sluice
