#include "data_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/encoding.h"
#include "base/error.h"

namespace sluice {
namespace {

constexpr size_t kKeyBytes = 32;
constexpr const char* kNext = ".next";

Error storage_error(const std::string& what, int code) {
  return {ErrorCode::kStorage, what + ": " + std::strerror(code) + ".",
          "Check that the folder is writable and its disk not full, or choose another --data-dir."};
}

void make_folder(const std::string& path) {
  std::error_code failed;
  std::filesystem::create_directories(path, failed);
  if (failed) throw storage_error("The folder " + path + " can't be made", failed.value());
}

void write_all(int file, const std::string& path, std::string_view content) {
  while (!content.empty()) {
    const ssize_t wrote = write(file, content.data(), content.size());
    if (wrote < 0) throw storage_error("The file " + path + " can't be written", errno);
    content.remove_prefix(static_cast<size_t>(wrote));
  }
}

/// Gives a whole file its name, durably.
void put_in_place(const std::string& whole, const std::string& path) {
  if (rename(whole.c_str(), path.c_str()) != 0) {
    throw storage_error("The file " + path + " can't be put in place", errno);
  }
  const std::string folder = std::filesystem::path(path).parent_path().string();
  const int opened = open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_CLOEXEC);
  const bool synced = opened >= 0 && fsync(opened) == 0;
  const int code = errno;
  if (opened >= 0) close(opened);
  if (!synced) throw storage_error("The folder of " + path + " can't be synced", code);
}

Secret read_key(const std::string& path) {
  std::ifstream file(path);
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  std::optional<std::string> key = hex_decode(trim(text));
  if (!key || key->size() != kKeyBytes) {
    throw Error(ErrorCode::kCorrupt, "The file " + path + " holds no key of 64 hex digits.",
                "Restore it from a backup; stored credentials can't be read without it.");
  }
  return Secret(std::move(*key));
}

}  // namespace

DataFolder::DataFolder(const std::string& path) : path_(path) {
  make_folder(path_);
  const std::string lock_path = path_ + "/lock";
  lock_ = open(lock_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock_ < 0) throw storage_error("The data folder " + path_ + " can't be written", errno);
  if (flock(lock_, LOCK_EX | LOCK_NB) != 0) {
    const int code = errno;
    close(lock_);
    if (code != EWOULDBLOCK)
      throw storage_error("The file " + lock_path + " can't be locked", code);
    throw Error(ErrorCode::kConflict, "Another Sluice is running on the data folder " + path_ + ".",
                "Stop it, or choose another --data-dir.");
  }
  make_folder(spool());
}

DataFolder::~DataFolder() { close(lock_); }

Secret DataFolder::secret_key(Random& random) const {
  if (!std::filesystem::exists(secret_key_file())) {
    write_private_file(secret_key_file(), random.hex(kKeyBytes) + "\n");
  }
  return read_key(secret_key_file());
}

std::optional<Secret> DataFolder::next_secret_key() const {
  const std::string path = secret_key_file() + kNext;
  if (!std::filesystem::exists(path)) return std::nullopt;
  return read_key(path);
}

Secret DataFolder::make_next_secret_key(Random& random) const {
  write_private_file(secret_key_file() + kNext, random.hex(kKeyBytes) + "\n");
  return read_key(secret_key_file() + kNext);
}

void DataFolder::adopt_next_secret_key() const {
  put_in_place(secret_key_file() + kNext, secret_key_file());
}

void DataFolder::drop_next_secret_key() const {
  std::filesystem::remove(secret_key_file() + kNext);
}

void write_private_file(const std::string& path, const std::string& content) {
  const std::string temporary = path + ".new";
  const int file = open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) throw storage_error("The file " + temporary + " can't be made", errno);
  try {
    write_all(file, temporary, content);
    if (fsync(file) != 0) throw storage_error("The file " + temporary + " can't be synced", errno);
  } catch (...) {
    close(file);
    throw;
  }
  close(file);
  put_in_place(temporary, path);
}

}  // namespace sluice
