#pragma once

#include <cstddef>
#include <cstdint>

namespace sluice::limits {

inline constexpr size_t kDataSources = 10000;
/// A body of events, as it comes.
inline constexpr size_t kEventsBytes = 10 * 1024 * 1024;
/// Up to this size events are joined with others; more of them are written as files are.
inline constexpr size_t kJoinedEventsBytes = 1024 * 1024;
/// Rows of events, and their bytes, that may wait to be committed.
inline constexpr size_t kWaitingRows = 500'000;
inline constexpr size_t kWaitingBytes = 64 * 1024 * 1024;
/// Rows that go into one transaction with others.
inline constexpr size_t kJoinedRows = 50'000;
/// Of the warehouse's write-ahead log: pages at which it is moved into the file, and bytes that it
/// keeps after it was longer.
inline constexpr int kWalPages = 4000;
inline constexpr int64_t kWalBytesKept = 64 * 1024 * 1024;

}  // namespace sluice::limits
