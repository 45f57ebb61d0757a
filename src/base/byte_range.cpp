#include "base/byte_range.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "base/error.h"

namespace sluice {
namespace {

class MemoryRange final : public ByteRange {
 public:
  explicit MemoryRange(std::string bytes) : bytes_(std::move(bytes)) {}
  uint64_t size() const override { return bytes_.size(); }
  size_t read(uint64_t offset, char* to, size_t most) const override {
    if (offset >= bytes_.size()) return 0;
    return bytes_.copy(to, most, offset);
  }

 private:
  std::string bytes_;
};

class FileRange final : public ByteRange {
 public:
  FileRange(int file, uint64_t size) : file_(file), size_(size) {}
  ~FileRange() override { close(file_); }
  FileRange(const FileRange&) = delete;
  FileRange& operator=(const FileRange&) = delete;

  uint64_t size() const override { return size_; }
  size_t read(uint64_t offset, char* to, size_t most) const override {
    const uint64_t left = offset >= size_ ? 0 : size_ - offset;
    const size_t wanted = static_cast<size_t>(std::min<uint64_t>(most, left));
    size_t done = 0;
    while (done < wanted) {
      const ssize_t got = pread(file_, to + done, wanted - done, static_cast<off_t>(offset + done));
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) throw failed(got);
      done += static_cast<size_t>(got);
    }
    return done;
  }

 private:
  static Error failed(ssize_t got) {
    if (got == 0) {
      return {ErrorCode::kStorage, "A file became shorter while it was read.",
              "Leave it as it is until it has been read."};
    }
    return {ErrorCode::kStorage, std::string("A file can't be read: ") + std::strerror(errno) + ".",
            "Check the disk that it is on."};
  }

  int file_;
  uint64_t size_;
};

class PartRange final : public ByteRange {
 public:
  PartRange(std::shared_ptr<const ByteRange> whole, uint64_t offset, uint64_t size)
      : whole_(std::move(whole)), offset_(offset), size_(size) {}
  uint64_t size() const override { return size_; }
  size_t read(uint64_t offset, char* to, size_t most) const override {
    const uint64_t left = offset >= size_ ? 0 : size_ - offset;
    return whole_->read(offset_ + offset, to, static_cast<size_t>(std::min<uint64_t>(most, left)));
  }

 private:
  std::shared_ptr<const ByteRange> whole_;
  uint64_t offset_;
  uint64_t size_;
};

}  // namespace

std::shared_ptr<const ByteRange> range_in_memory(std::string bytes) {
  return std::make_shared<MemoryRange>(std::move(bytes));
}

std::shared_ptr<const ByteRange> range_of_file(int file, uint64_t size) {
  return std::make_shared<FileRange>(file, size);
}

std::shared_ptr<const ByteRange> part_of(std::shared_ptr<const ByteRange> whole, uint64_t offset,
                                         uint64_t size) {
  return std::make_shared<PartRange>(std::move(whole), offset, size);
}

std::string bytes_of(const ByteRange& range) {
  std::string bytes(static_cast<size_t>(range.size()), '\0');
  bytes.resize(range.read(0, bytes.data(), bytes.size()));
  return bytes;
}

}  // namespace sluice
