#include "state/backup.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "base/error.h"
#include "base/limits.h"

namespace sluice {
namespace {

constexpr int kBusyMs = static_cast<int>(limits::kBusyTimeout.count());

Error storage_error(const std::string& what, const std::string& why) {
  return {ErrorCode::kStorage, what + ": " + why + ".",
          "Check that the folder exists, is writable and has room for a copy of the state."};
}

/// Removes the unfinished copy unless it has become the whole one.
class Unfinished {
 public:
  explicit Unfinished(std::string path) : path_(std::move(path)) {}
  ~Unfinished() { unlink(path_.c_str()); }
  Unfinished(const Unfinished&) = delete;
  Unfinished& operator=(const Unfinished&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

void make_private(const std::string& path) {
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0) throw storage_error("The file " + path + " can't be made", std::strerror(errno));
  close(file);
}

void sync_file(const std::string& path) {
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const bool synced = file >= 0 && fsync(file) == 0;
  const int code = errno;
  if (file >= 0) close(file);
  if (!synced) throw storage_error("The file " + path + " can't be synced", std::strerror(code));
}

void copy_into(const std::string& state_file, const std::string& copy) {
  try {
    // Read-only: closing it must not checkpoint beside the server (sqlite.org/wal.html).
    SQLite::Database source(state_file, SQLite::OPEN_READONLY, kBusyMs);
    SQLite::Statement vacuum(source, "VACUUM INTO ?");
    vacuum.bind(1, copy);
    vacuum.exec();
  } catch (const SQLite::Exception& failure) {
    throw storage_error("The state database " + state_file + " can't be copied", failure.what());
  }
}

BackupFigures checked(const std::string& copy) {
  try {
    SQLite::Database database(copy, SQLite::OPEN_READONLY);
    const std::string verdict = database.execAndGet("PRAGMA integrity_check").getString();
    if (verdict != "ok") {
      throw Error(ErrorCode::kCorrupt, "The copy of the state is damaged: " + verdict + ".",
                  "Check the disk, and restore state.db from an earlier backup.");
    }
    const auto count = [&](const char* table) {
      return database.execAndGet(std::string("SELECT count(*) FROM ") + table).getInt64();
    };
    return {count("pipes"), count("connections"), count("jobs"), std::filesystem::file_size(copy)};
  } catch (const SQLite::Exception& failure) {
    throw Error(ErrorCode::kInvalid,
                std::string("The copy is not that of a Sluice's state: ") + failure.what() + ".",
                "Give the server's --data-dir.");
  }
}

}  // namespace

BackupFigures back_up_state(const std::string& state_file, const std::string& target) {
  if (!std::filesystem::exists(state_file)) {
    throw Error(ErrorCode::kNotFound, "There is no state database " + state_file + ".",
                "Give the server's --data-dir.");
  }
  const Unfinished copy(target + ".unfinished");
  unlink(copy.path().c_str());  // Of a backup that was interrupted.
  make_private(copy.path());
  copy_into(state_file, copy.path());
  const BackupFigures figures = checked(copy.path());
  sync_file(copy.path());
  // A link, other than a rename, does not replace what is there.
  if (link(copy.path().c_str(), target.c_str()) != 0) {
    if (errno != EEXIST) {
      throw storage_error("The file " + target + " can't be put in place", std::strerror(errno));
    }
    throw Error(ErrorCode::kConflict, "The file " + target + " exists already.",
                "Choose another name: a backup replaces nothing.");
  }
  const std::filesystem::path folder = std::filesystem::absolute(target).parent_path();
  sync_file(folder.string());
  return figures;
}

}  // namespace sluice
