#pragma once

#include <sqlite3.h>

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace sluice {

/// The header of the index of a write-ahead log (sqlite.org/walformat.html).
inline constexpr size_t kWalHeaderBytes = 48;
using WalHeader = std::array<unsigned char, kWalHeaderBytes>;

/// The state of a database's write-ahead log, for comparing: equal before and after a snapshot
/// was begun, it is the snapshot's.
struct WalState {
  /// Nothing where the database has no log.
  std::optional<WalHeader> header;
  bool operator==(const WalState&) const = default;
};

/// The pages of one database file as they were at one moment, read past SQLite's own machine
/// but through its files, so that its locks stay as they are. One thread at a time.
///
/// While a connection is in a read transaction, nobody changes what these pages are read from: in
/// rollback mode a writer needs the lock that excludes readers; with a log, a checkpoint copies no
/// page to the file that is newer than the oldest reader's, and the log does not start over while
/// a reader uses it (sqlite.org/wal.html).
class SnapshotPages {
 public:
  /// Nothing where the state can't be had; then the pages can't be read either.
  static std::optional<WalState> wal_state(sqlite3* connection, const std::string& schema);

  /// The pages of `schema` in the snapshot that `connection` holds. `state` was had before the
  /// snapshot was begun, and again since. Nothing where the file is none that can be read so: in
  /// memory, of UTF-16 text, with a log of more than some gigabyte. The connection must outlive it.
  static std::optional<SnapshotPages> open(sqlite3* connection, const std::string& schema,
                                           const WalState& state);

  uint32_t page_size() const { return page_size_; }
  /// Without what is reserved at the end of each page.
  uint32_t usable_size() const { return usable_size_; }
  /// Fills `to` with page number `page` (from 1); false where it can't be read.
  bool read(uint32_t page, char* to) const;

 private:
  /// Page number and frame (from 1), the last frame of each page, sorted.
  using Frames = std::vector<std::pair<uint32_t, uint32_t>>;

  static bool read_from(sqlite3_file* file, void* to, uint64_t size, uint64_t offset);
  bool open_log(sqlite3* connection, const std::string& schema, const WalHeader& header);
  bool read_frames(const WalHeader& header);
  bool find_page_size();
  /// Of the snapshot: what the file's own first page says may be older.
  bool check_first_page();

  sqlite3_file* file_ = nullptr;
  sqlite3_file* log_ = nullptr;
  uint32_t page_size_ = 0;
  uint32_t usable_size_ = 0;
  Frames frames_;
};

}  // namespace sluice
