#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "net/http_client.h"

namespace sluice {

/// The body of a request: memory or a range of a file, readable again from any offset. Holds the
/// file open. Throws kStorage for a file that can't be read, or that ends before its range does.
class RequestBody {
 public:
  explicit RequestBody(const HttpRequest& request);
  ~RequestBody();
  RequestBody(const RequestBody&) = delete;
  RequestBody& operator=(const RequestBody&) = delete;

  uint64_t size() const { return size_; }
  bool all_taken() const { return position_ == size_; }
  void seek(uint64_t position) { position_ = position; }
  /// Up to `capacity` bytes from where the last read ended; 0 at the end.
  size_t read(char* out, size_t capacity);

 private:
  [[noreturn]] void fail(int code) const;

  std::string_view memory_;
  std::string path_;
  uint64_t base_ = 0;
  uint64_t size_ = 0;
  uint64_t position_ = 0;
  int fd_ = -1;
};

}  // namespace sluice
