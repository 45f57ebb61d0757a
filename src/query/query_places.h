#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <stop_token>

namespace sluice {

/// How many queries there may be at once, and how many bytes all their answers may have. Thread-
/// safe; must outlive its places.
class QueryPlaces {
 public:
  QueryPlaces(size_t most, uint64_t bytes, std::chrono::milliseconds patience)
      : most_(most), bytes_(bytes), patience_(patience) {}

  /// One query's place, and its share of the bytes, until it is destroyed.
  class Place {
   public:
    explicit Place(QueryPlaces& places) : places_(places) {}
    ~Place() { places_.leave(held_); }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;

    /// The answer has so many bytes by now. Throws kTooMany where all together have too many.
    void hold(uint64_t bytes);

   private:
    QueryPlaces& places_;
    uint64_t held_ = 0;
  };

  /// Waits for a place as long as the patience lasts; then throws kTooMany. kCancelled when
  /// stopped.
  Place take(const std::stop_token& stop);

 private:
  void leave(uint64_t bytes);
  void add_bytes(uint64_t bytes);

  const size_t most_;
  const uint64_t bytes_;
  const std::chrono::milliseconds patience_;
  std::mutex mutex_;
  std::condition_variable_any left_;
  // Guarded by mutex_.
  size_t taken_ = 0;
  uint64_t held_ = 0;
};

}  // namespace sluice
