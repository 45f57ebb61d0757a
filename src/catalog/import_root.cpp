#include "catalog/import_root.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <optional>
#include <utility>
#include <vector>

#include "base/encoding.h"
#include "base/error.h"

namespace sluice {
namespace {

namespace fs = std::filesystem;

std::string shown(const std::string& name) { return "'" + name.substr(0, 300) + "'"; }

Error outside(const std::string& name) {
  return {ErrorCode::kForbidden, "The file " + shown(name) + " is not below the import root.",
          "Put it into the folder of --import-root, not as a link, or send its content in the "
          "request."};
}

/// The path in a `file:` address.
std::string path_of_url(const std::string& url) {
  std::string text = url.substr(std::string_view("file:").size());
  if (text.starts_with("//")) {
    const size_t slash = text.find('/', 2);
    const std::string host = text.substr(2, slash - 2);
    if (slash == std::string::npos || (!host.empty() && host != "localhost")) {
      throw Error(ErrorCode::kInvalid, "The address " + shown(url) + " names another machine.",
                  "Write file:///folder/name.csv.");
    }
    text = text.substr(slash);
  }
  std::string path;
  for (size_t i = 0; i < text.size(); ++i) {
    const std::optional<std::string> byte =
        text[i] == '%' ? hex_decode(std::string_view(text).substr(i + 1, 2)) : std::nullopt;
    if (byte && byte->size() == 1) {
      path += *byte;
      i += 2;
    } else {
      path += text[i];
    }
  }
  return path;
}

std::string path_of(const std::string& name) {
  const std::string lower = ascii_lower(name);
  if (lower.starts_with("file:")) return path_of_url(name);
  const size_t colon = lower.find("://");
  if (colon == std::string::npos) return name;
  throw Error(ErrorCode::kInvalid,
              "Sluice does not fetch data from " + shown(name.substr(0, colon + 3) + "...") + ".",
              "Send the file in the request, or put it below --import-root and name it with "
              "file:///.");
}

/// Its parts below `root`.
std::vector<std::string> parts_below(const fs::path& root, const std::string& name) {
  fs::path path = fs::path(path_of(name));
  if (path.string().find('\0') != std::string::npos) throw outside(name);
  if (path.is_absolute()) {
    const fs::path below = path.lexically_normal().lexically_relative(root);
    if (below.empty()) throw outside(name);
    path = below;
  }
  std::vector<std::string> parts;
  for (const fs::path& part : path) {
    if (part == "..") throw outside(name);
    if (part != "." && !part.empty()) parts.push_back(part.string());
  }
  if (parts.empty()) throw outside(name);
  return parts;
}

Error failed(const std::string& name, int code) {
  if (code == ENOENT || code == ENOTDIR) {
    return {ErrorCode::kNotFound, "There is no file " + shown(name) + " below the import root.",
            "Check its name; it is looked for in the folder of --import-root."};
  }
  if (code == ELOOP) return outside(name);
  return {ErrorCode::kStorage,
          "The file " + shown(name) + " can't be opened: " + std::strerror(code) + ".",
          "Let the user that Sluice runs as read it."};
}

class Handle {
 public:
  explicit Handle(int file) : file_(file) {}
  ~Handle() {
    if (file_ >= 0) close(file_);
  }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  void reset(int file) {
    if (file_ >= 0) close(file_);
    file_ = file;
  }
  int get() const { return file_; }
  int release() { return std::exchange(file_, -1); }

 private:
  int file_;
};

}  // namespace

std::shared_ptr<const ByteRange> open_import(const std::string& root, const std::string& name) {
  if (root.empty()) {
    (void)path_of(name);  // What can't be at all is said first.
    throw Error(ErrorCode::kForbidden, "Files of this machine can't be imported.",
                "Start Sluice with --import-root, or send the file in the request.");
  }
  const fs::path base = fs::absolute(root).lexically_normal();
  const fs::path folder = base.has_filename() ? base : base.parent_path();
  const std::vector<std::string> parts = parts_below(folder, name);
  Handle at(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (at.get() < 0) throw failed(root, errno);
  for (size_t i = 0; i < parts.size(); ++i) {
    const bool last = i + 1 == parts.size();
    // A folder as such is only passed through. What a pipe would block on is seen before it is
    // read.
    const int flags = O_RDONLY | O_NOFOLLOW | O_CLOEXEC | (last ? O_NONBLOCK : O_DIRECTORY);
    const int next = openat(at.get(), parts[i].c_str(), flags);
    if (next < 0) {
      // With O_DIRECTORY a link is "not a directory".
      struct stat seen {};
      const int code = errno;
      const bool link = fstatat(at.get(), parts[i].c_str(), &seen, AT_SYMLINK_NOFOLLOW) == 0 &&
                        S_ISLNK(seen.st_mode);
      throw link ? outside(name) : failed(name, code);
    }
    at.reset(next);
  }
  struct stat status {};
  if (fstat(at.get(), &status) != 0) throw failed(name, errno);
  if (!S_ISREG(status.st_mode)) {
    throw Error(ErrorCode::kInvalid, shown(name) + " is no plain file.",
                "Name a file of rows, one a call.");
  }
  return range_of_file(at.release(), static_cast<uint64_t>(status.st_size));
}

}  // namespace sluice
