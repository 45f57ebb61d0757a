#include "door/body_spool.h"

#include <fcntl.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <filesystem>
#include <utility>

#include "base/log.h"
#include "door/socket.h"

namespace sluice {
namespace {

/// Between two looks at what is free on the disk.
constexpr uint64_t kLookEvery = 16 * 1024 * 1024;

/// A part of the budget, for as long as it lives.
class Claim {
 public:
  explicit Claim(std::shared_ptr<SpoolBudget> budget) : budget_(std::move(budget)) {}
  Claim(Claim&& other) noexcept
      : budget_(std::move(other.budget_)), bytes_(std::exchange(other.bytes_, 0)) {}
  Claim& operator=(Claim&&) = delete;
  ~Claim() {
    if (bytes_ > 0) budget_->give_back(bytes_);
  }
  bool grow(uint64_t bytes) {
    if (!budget_->take(bytes)) return false;
    bytes_ += bytes;
    return true;
  }

 private:
  std::shared_ptr<SpoolBudget> budget_;
  uint64_t bytes_ = 0;
};

/// A whole body: the file is closed before its bytes are given back.
struct Spooled {
  Claim claim;
  std::shared_ptr<const ByteRange> file;
};

/// An open file that has no name (any more); -1 with errno.
int open_nameless(const std::string& folder) {
  const int file = open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (file >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL)) return file;
  // Some file systems have no files without a name; one that is removed at once is nearly as good.
  std::string path = folder + "/body-XXXXXX";
  const int named = mkostemp(path.data(), O_CLOEXEC);
  if (named >= 0) unlink(path.c_str());
  return named;
}

}  // namespace

bool SpoolBudget::take(uint64_t bytes) {
  uint64_t taken = taken_;
  do {
    if (bytes > most_ - taken) return false;
  } while (!taken_.compare_exchange_weak(taken, taken + bytes));
  return true;
}

class BodySpool::File {
 public:
  explicit File(std::shared_ptr<SpoolBudget> budget) : claim_(std::move(budget)) {}

  bool claim(uint64_t bytes) { return claim_.grow(bytes); }
  /// False with errno.
  bool open_in(const std::string& folder) {
    if (!file_) file_ = Socket(open_nameless(folder));
    return static_cast<bool>(file_);
  }
  bool write(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t size = ::write(file_.fd(), bytes.data(), bytes.size());
      if (size < 0 && errno == EINTR) continue;
      if (size < 0) return false;
      size_ += static_cast<uint64_t>(size);
      bytes.remove_prefix(static_cast<size_t>(size));
    }
    return true;
  }
  /// Whether the disk has `reserve` bytes left for others; true also where it does not tell.
  bool leaves(uint64_t reserve) {
    if (size_ < next_look_) return true;
    next_look_ = size_ + kLookEvery;
    struct statvfs disk = {};
    if (fstatvfs(file_.fd(), &disk) != 0) return true;
    return uint64_t{disk.f_bavail} * disk.f_frsize >= reserve;
  }
  std::shared_ptr<const ByteRange> finish() {
    const auto whole = std::make_shared<Spooled>(
        Spooled{std::move(claim_), range_of_file(file_.release(), size_)});
    return {whole, whole->file.get()};
  }

 private:
  Claim claim_;
  Socket file_;
  uint64_t size_ = 0;
  uint64_t next_look_ = 0;
};

BodySpool::BodySpool(const DoorOptions& options, std::shared_ptr<SpoolBudget> budget, Tell tell)
    : folder_(options.spool_dir.empty() ? std::filesystem::temp_directory_path().string()
                                        : options.spool_dir),
      reserve_(options.spool_reserve),
      budget_(std::move(budget)),
      tell_(std::move(tell)),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

BodySpool::~BodySpool() { end(); }

void BodySpool::end() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  thread_.join();
  files_.clear();
}

void BodySpool::write(uint64_t id, std::string bytes, bool last) {
  add({id, std::move(bytes), last, false});
}

void BodySpool::drop(uint64_t id) { add({id, {}, false, true}); }

void BodySpool::add(Task task) {
  {
    const std::lock_guard lock(mutex_);
    tasks_.push_back(std::move(task));
  }
  filled_.notify_one();
}

void BodySpool::run(const std::stop_token& stop) {
  while (true) {
    std::unique_lock lock(mutex_);
    filled_.wait(lock, stop, [this] { return !tasks_.empty(); });
    if (stop.stop_requested()) return;
    const Task task = std::move(tasks_.front());
    tasks_.pop_front();
    lock.unlock();
    work(task);
  }
}

void BodySpool::work(const Task& task) {
  if (task.drop) {
    files_.erase(task.id);
    return;
  }
  Written written{task.id};
  try {
    std::unique_ptr<File>& file = files_[task.id];
    if (!file) file = std::make_unique<File>(budget_);
    written.fault = append(*file, task.bytes);
    if (task.last && !written.fault) written.body = file->finish();
  } catch (const std::exception& error) {
    log_error(std::string("A request body was not spooled: ") + error.what());
    written.fault = Fault{503, "The server has no memory for the request body. Try again soon."};
  }
  if (task.last || written.fault) files_.erase(task.id);
  tell_(std::move(written));
}

std::optional<Fault> BodySpool::append(File& file, std::string_view bytes) {
  if (!file.claim(bytes.size())) return kSpoolIsFull;
  if (!file.open_in(folder_)) return refuse(errno);
  if (!file.leaves(reserve_)) return refuse(ENOSPC);
  if (!file.write(bytes)) return refuse(errno);
  return std::nullopt;
}

std::optional<Fault> BodySpool::refuse(int error) const {
  log_warn("A request body can't be written to " + folder_ + ": " + std::strerror(error) + ".");
  if (error == ENOSPC || error == EDQUOT || error == EFBIG) {
    return Fault{507, "The disk of the server has no room for the request body."};
  }
  return Fault{507, "The disk of the server does not take the request body. Its log says why."};
}

}  // namespace sluice
