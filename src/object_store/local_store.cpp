#include "object_store/local_store.h"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "base/error.h"
#include "base/log.h"
#include "object_store/file_error.h"
#include "object_store/local_publish.h"
#include "object_store/local_ticket.h"
#include "object_store/spool_file.h"
#include "object_store/staging.h"

namespace sluice {
namespace {

constexpr unsigned kFileMode = 0666;  // Less the umask: what is published is for others to read.
constexpr const char* kStagingName = ".sluice";

int64_t modified_ns(const struct stat& info) {
  return int64_t{info.st_mtim.tv_sec} * 1'000'000'000 + info.st_mtim.tv_nsec;
}

bool is_file_of(const LocalTicket& ticket, const struct stat& info) {
  return info.st_dev == ticket.device && info.st_ino == ticket.inode &&
         static_cast<uint64_t>(info.st_size) == ticket.size &&
         modified_ns(info) == ticket.modified_ns;
}

std::optional<struct stat> stat_file(const std::string& path) {
  struct stat info {};
  if (lstat(path.c_str(), &info) == 0) return info;
  if (errno == ENOENT || errno == ENOTDIR) return std::nullopt;
  throw file_error(errno, "looking at", path);
}

class LocalObject final : public StagedObject {
 public:
  LocalObject(std::string key, const StageOptions& options, const std::string& staging,
              const std::string& name, PendingSyncs& syncs)
      : file_(staging + "/" + name, kFileMode), syncs_(syncs) {
    ticket_.key = std::move(key);
    ticket_.file = name;
    ticket_.overwrite = options.overwrite;
  }

  ~LocalObject() override {
    if (finished_) return;
    try {
      file_.remove();
    } catch (const Error& error) {
      log_warn("Removing what was staged failed: " + error.message());
    }
  }

  void write(std::string_view bytes) override {
    if (finished_) throw Error(ErrorCode::kInternal, "Written to after finish.");
    file_.append(bytes);
    file_.begin_writeback();
  }

  void finish() override {
    if (finished_) return;
    file_.close(syncs_);
    const auto info = stat_file(file_.path());
    if (!info || static_cast<uint64_t>(info->st_size) != file_.size()) {
      throw Error(ErrorCode::kCorrupt, "The staged file " + file_.path() + " lacks bytes.",
                  "Is another process writing in the staging folder?");
    }
    ticket_.size = file_.size();
    ticket_.device = info->st_dev;
    ticket_.inode = info->st_ino;
    ticket_.modified_ns = modified_ns(*info);
    finished_ = true;
  }

  StageTicket ticket() const override {
    if (!finished_) throw Error(ErrorCode::kInternal, "A ticket was asked before finish.");
    return write_ticket(ticket_);
  }
  const std::string& key() const override { return ticket_.key; }
  uint64_t size() const override { return file_.size(); }

 private:
  SpoolFile file_;
  PendingSyncs& syncs_;
  LocalTicket ticket_;
  bool finished_ = false;
};

struct Entry {
  std::string order;  ///< A folder's name ends in `/` here: then names sort as keys do.
  bool is_folder;
};

struct DirClose {
  void operator()(DIR* dir) const { closedir(dir); }
};

/// Entries of the open folder `fd` (which it closes), in the order of their keys; links and other
/// special files are no objects.
std::vector<Entry> read_entries(int fd, const std::string& path) {
  std::unique_ptr<DIR, DirClose> dir(fdopendir(fd));
  if (!dir) {
    const int code = errno;
    close(fd);
    throw file_error(code, "listing", path);
  }
  std::vector<Entry> out;
  while (true) {
    errno = 0;
    const dirent* entry = readdir(dir.get());
    if (entry == nullptr) break;
    const std::string name = entry->d_name;
    if (name == "." || name == "..") continue;
    struct stat info {};
    if (fstatat(dirfd(dir.get()), entry->d_name, &info, AT_SYMLINK_NOFOLLOW) != 0) continue;
    if (S_ISDIR(info.st_mode)) out.push_back({name + "/", true});
    if (S_ISREG(info.st_mode)) out.push_back({name, false});
  }
  if (errno != 0) throw file_error(errno, "listing", path);
  std::sort(out.begin(), out.end(),
            [](const Entry& a, const Entry& b) { return a.order < b.order; });
  return out;
}

class LocalStore final : public ObjectStore {
 public:
  LocalStore(LocalStoreOptions options, Random& random)
      : options_(std::move(options)), folder_(options_.root, syncs_), random_(random) {}

  std::unique_ptr<StagedObject> stage(const std::string& key,
                                      const StageOptions& options) override {
    check_local_key(key);
    check_job_id(options.job_id);
    return std::make_unique<LocalObject>(key, options, options_.staging_dir,
                                         options.job_id + "/" + random_.hex(16), syncs_);
  }

  PublishResult publish(const StageTicket& ticket) override {
    const LocalTicket staged = read_local_ticket(ticket);
    const std::string from = options_.staging_dir + "/" + staged.file;
    const auto source = stat_file(from);
    if (!source || !is_file_of(staged, *source)) {
      const auto there = folder_.find(staged.key);
      if (there && is_file_of(staged, *there)) {
        syncs_.add(folder_.path_above(staged.key));
        return PublishResult::kPublished;
      }
      throw Error(ErrorCode::kConflict,
                  staged.key + " can't be published: its staged file " + from +
                      " is gone or was changed, and the name does not hold it.",
                  "Run the job again.");
    }
    return settle(staged, from, folder_.take_in(from, staged.key, staged.overwrite));
  }

  std::optional<StageTicket> rename(const StageTicket& ticket, const std::string& key) override {
    check_local_key(key);
    LocalTicket staged = read_local_ticket(ticket);
    staged.key = key;
    return write_ticket(staged);
  }

  void sync() override { syncs_.flush(); }

  void discard(const StageTicket& ticket) override {
    const LocalTicket staged = read_local_ticket(ticket);
    const std::string path = options_.staging_dir + "/" + staged.file;
    if (unlink(path.c_str()) != 0 && errno != ENOENT && errno != ENOTDIR) {
      throw file_error(errno, "removing", path);
    }
  }

  void remove_staging(const std::string& job_id) override {
    remove_staging_folder(options_.staging_dir, job_id);
  }

  std::vector<UnfinishedUpload> unfinished(const std::string&) override { return {}; }

  std::optional<ObjectInfo> head(const std::string& key) override {
    check_local_key(key);
    const auto info = folder_.find(key);
    if (!info) return std::nullopt;
    return ObjectInfo{key, static_cast<uint64_t>(info->st_size), "", ""};
  }

  std::string read(const std::string& key, uint64_t offset, uint64_t size) override {
    check_local_key(key);
    check_range(offset, size);
    return folder_.read(key, offset, size);
  }

  void list(const std::string& prefix,
            const std::function<bool(const ObjectInfo&)>& each) override {
    const int fd = open(options_.root.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT) return;
    if (fd < 0) throw file_error(errno, "opening", options_.root);
    list_folder(fd, "", prefix, each);
  }

  void remove(const std::string& key) override {
    check_local_key(key);
    if (!folder_.find(key)) return;
    const std::string path = options_.root + "/" + key;
    if (unlink(path.c_str()) != 0 && errno != ENOENT) throw file_error(errno, "removing", path);
  }

  void probe(const std::string&) override {
    make_folders(options_.root, 0777);
    SpoolFile file(options_.staging_dir + "/probe-" + random_.hex(8), kFileMode);
    file.append("sluice");
    file.sync();
    file.remove();
    if (faccessat(AT_FDCWD, options_.root.c_str(), W_OK | X_OK, AT_EACCESS) != 0) {
      throw file_error(errno, "writing", options_.root);
    }
  }

 private:
  /// With a link (where rename can't be exclusive) a crash may leave both names: then the name that
  /// is taken is our own.
  PublishResult settle(const LocalTicket& staged, const std::string& from, PublishResult result) {
    const auto there = folder_.find(staged.key);
    const bool ours = there && is_file_of(staged, *there);
    if (result == PublishResult::kNameTaken && ours) {
      unlink(from.c_str());
      return PublishResult::kPublished;
    }
    if (result == PublishResult::kPublished && !ours) {
      throw Error(ErrorCode::kConflict, staged.key + " was changed by another writer right away.",
                  "Let only one sink write to a name.");
    }
    return result;
  }

  /// False when `each` wants no more. `fd` is the folder of `path`, which ends in `/` unless empty.
  bool list_folder(int fd, const std::string& path, const std::string& prefix,
                   const std::function<bool(const ObjectInfo&)>& each) {
    const std::string full = options_.root + "/" + path;
    for (const Entry& entry : read_entries(fd, full)) {
      const std::string key = path + entry.order;
      if (path.empty() && entry.is_folder && entry.order == std::string(kStagingName) + "/") {
        continue;
      }
      if (!key.starts_with(prefix) && !(entry.is_folder && prefix.starts_with(key))) continue;
      if (entry.is_folder) {
        const std::string below = options_.root + "/" + key;
        const int next = open(below.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (next < 0 && errno == ENOENT) continue;
        if (next < 0) throw file_error(errno, "opening", below);
        if (!list_folder(next, key, prefix, each)) return false;
      } else if (const auto info = folder_.find(key)) {
        if (!each({key, static_cast<uint64_t>(info->st_size), "", ""})) return false;
      }
    }
    return true;
  }

  LocalStoreOptions options_;
  PendingSyncs syncs_;
  LocalFolder folder_;
  Random& random_;
};

}  // namespace

std::unique_ptr<ObjectStore> make_local_store(LocalStoreOptions options, Random& random) {
  return std::make_unique<LocalStore>(std::move(options), random);
}

}  // namespace sluice
