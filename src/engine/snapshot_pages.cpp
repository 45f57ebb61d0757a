#include "engine/snapshot_pages.h"

#include <algorithm>
#include <cstring>

namespace sluice {
namespace {

/// Of the index of the log, the part that holds its header.
constexpr int kIndexBytes = 32768;
/// Behind the two copies of the header: how many frames are in the file already.
constexpr size_t kBackfilledAt = 2 * kWalHeaderBytes;
constexpr size_t kLastFrameAt = 16;
constexpr size_t kSaltAt = 32;
constexpr size_t kSaltBytes = 8;
constexpr uint64_t kLogHeaderBytes = 32;
constexpr uint64_t kFrameHeaderBytes = 24;
constexpr uint32_t kMostFrames = 262144;  // A gigabyte of pages; 2 MiB of memory.
constexpr size_t kFileHeaderBytes = 100;
constexpr unsigned char kWithLog = 2;
constexpr uint32_t kUtf8 = 1;
constexpr uint32_t kSmallestPage = 512;
constexpr uint32_t kLargestPage = 65536;

uint32_t big_endian(const unsigned char* bytes) {
  return uint32_t{bytes[0]} << 24 | uint32_t{bytes[1]} << 16 | uint32_t{bytes[2]} << 8 | bytes[3];
}

/// The index of the log is in the machine's own order.
uint32_t native(const unsigned char* bytes) {
  uint32_t value = 0;
  std::memcpy(&value, bytes, sizeof value);
  return value;
}

sqlite3_file* file_of(sqlite3* connection, const std::string& schema, int which) {
  sqlite3_file* file = nullptr;
  if (sqlite3_file_control(connection, schema.c_str(), which, &file) != SQLITE_OK) return nullptr;
  return file == nullptr || file->pMethods == nullptr ? nullptr : file;
}

const unsigned char* index_of(sqlite3_file* file) {
  if (file->pMethods->iVersion < 2) return nullptr;
  void volatile* region = nullptr;
  if (file->pMethods->xShmMap(file, 0, kIndexBytes, 0, &region) != SQLITE_OK) return nullptr;
  return static_cast<const unsigned char*>(const_cast<void*>(region));
}

}  // namespace

bool SnapshotPages::read_from(sqlite3_file* file, void* to, uint64_t size, uint64_t offset) {
  return file->pMethods->xRead(file, to, static_cast<int>(size),
                               static_cast<sqlite3_int64>(offset)) == SQLITE_OK;
}

std::optional<WalState> SnapshotPages::wal_state(sqlite3* connection, const std::string& schema) {
  sqlite3_file* const file = file_of(connection, schema, SQLITE_FCNTL_FILE_POINTER);
  std::array<unsigned char, kFileHeaderBytes> head{};
  if (file == nullptr || !read_from(file, head.data(), head.size(), 0)) return std::nullopt;
  WalState state;
  if (head[18] != kWithLog && head[19] != kWithLog) return state;
  const unsigned char* const index = index_of(file);
  if (index == nullptr) return std::nullopt;
  state.header.emplace();
  WalHeader copy{};
  std::memcpy(state.header->data(), index, kWalHeaderBytes);
  std::memcpy(copy.data(), index + kWalHeaderBytes, kWalHeaderBytes);
  if (copy != *state.header) return std::nullopt;  // Somebody is writing it.
  return state;
}

std::optional<SnapshotPages> SnapshotPages::open(sqlite3* connection, const std::string& schema,
                                                 const WalState& state) {
  SnapshotPages pages;
  pages.file_ = file_of(connection, schema, SQLITE_FCNTL_FILE_POINTER);
  if (pages.file_ == nullptr || !pages.find_page_size()) return std::nullopt;
  if (state.header && !pages.open_log(connection, schema, *state.header)) return std::nullopt;
  if (!pages.check_first_page()) return std::nullopt;
  return pages;
}

bool SnapshotPages::open_log(sqlite3* connection, const std::string& schema,
                             const WalHeader& header) {
  const unsigned char* const index = index_of(file_);
  if (index == nullptr) return false;
  // All that the snapshot has from the log may be in the file already, and stays there. Where it
  // is not, the connection reads the log, and this keeps it from starting over.
  if (native(index + kBackfilledAt) >= native(header.data() + kLastFrameAt)) return true;
  log_ = file_of(connection, schema, SQLITE_FCNTL_JOURNAL_POINTER);
  return log_ != nullptr && read_frames(header);
}

bool SnapshotPages::find_page_size() {
  std::array<unsigned char, kFileHeaderBytes> head{};
  if (!read_from(file_, head.data(), head.size(), 0)) return false;
  // 1 stands for 65,536, which two bytes can't hold.
  page_size_ = uint32_t{head[16]} << 8 | head[17];
  if (page_size_ == 1) page_size_ = kLargestPage;
  return page_size_ >= kSmallestPage;
}

bool SnapshotPages::check_first_page() {
  std::vector<char> page(page_size_);
  if (!read(1, page.data())) return false;
  const auto* const head = reinterpret_cast<const unsigned char*>(page.data());
  usable_size_ = page_size_ - head[20];
  return big_endian(head + 56) == kUtf8;
}

bool SnapshotPages::read_frames(const WalHeader& header) {
  const uint32_t last = native(header.data() + kLastFrameAt);
  if (last > kMostFrames) return false;
  for (uint32_t frame = 1; frame <= last; ++frame) {
    std::array<unsigned char, kFrameHeaderBytes> head{};
    const uint64_t offset = kLogHeaderBytes + (frame - 1) * (kFrameHeaderBytes + page_size_);
    if (!read_from(log_, head.data(), head.size(), offset)) return false;
    if (std::memcmp(head.data() + 8, header.data() + kSaltAt, kSaltBytes) != 0) return false;
    frames_.emplace_back(big_endian(head.data()), frame);
  }
  std::sort(frames_.begin(), frames_.end());
  // Of each page the last.
  const auto first_kept =
      std::unique(frames_.rbegin(), frames_.rend(),
                  [](const auto& a, const auto& b) { return a.first == b.first; });
  frames_.erase(frames_.begin(), first_kept.base());
  return true;
}

bool SnapshotPages::read(uint32_t page, char* to) const {
  if (page == 0) return false;
  const auto frame = std::lower_bound(frames_.begin(), frames_.end(), std::pair(page, 0U));
  if (frame != frames_.end() && frame->first == page) {
    const uint64_t whole = kFrameHeaderBytes + page_size_;
    return read_from(log_, to, page_size_,
                     kLogHeaderBytes + (frame->second - 1) * whole + kFrameHeaderBytes);
  }
  return read_from(file_, to, page_size_, uint64_t{page - 1} * page_size_);
}

}  // namespace sluice
