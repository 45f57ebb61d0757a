#include "net/request_body.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>

#include "base/error.h"

namespace sluice {

RequestBody::RequestBody(const HttpRequest& request)
    : memory_(request.body),
      path_(request.body_file),
      base_(request.body_offset),
      size_(request.body_file.empty() ? request.body.size() : request.body_size) {
  if (path_.empty()) return;
  fd_ = open(path_.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd_ < 0) fail(errno);
}

RequestBody::~RequestBody() {
  if (fd_ >= 0) close(fd_);
}

size_t RequestBody::read(char* out, size_t capacity) {
  const size_t want = static_cast<size_t>(std::min<uint64_t>(capacity, size_ - position_));
  if (want == 0) return 0;
  if (fd_ < 0) {
    std::memcpy(out, memory_.data() + position_, want);
    position_ += want;
    return want;
  }
  ssize_t got = 0;
  do {
    got = pread(fd_, out, want, static_cast<off_t>(base_ + position_));
  } while (got < 0 && errno == EINTR);
  if (got < 0) fail(errno);
  if (got == 0) {
    throw Error(ErrorCode::kStorage, "The file " + path_ + " is shorter than it was when staged.");
  }
  position_ += static_cast<uint64_t>(got);
  return static_cast<size_t>(got);
}

void RequestBody::fail(int code) const {
  throw Error(ErrorCode::kStorage, "The file " + path_ + " cannot be read: " +
                                       std::generic_category().message(code) + ".");
}

}  // namespace sluice
