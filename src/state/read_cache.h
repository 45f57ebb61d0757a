#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>

#include "state/state_database.h"

namespace sluice {

/// What was read from the state database, for as long as nothing is written to it: calls that come
/// thousands of times a second ask for the same pipe and the same token. Thread-safe.
template <class Value>
class ReadCache {
 public:
  /// Of at most `most` keys; then it begins anew.
  ReadCache(StateDatabase& database, size_t most) : database_(database), most_(most) {}

  /// What `load` has returned for that key since the last write, or returns now.
  template <class Load>
  Value get(const std::string& key, Load&& load) {
    // Before the read: what is written meanwhile makes it too old, never too new.
    const uint64_t version = database_.version();
    {
      const std::lock_guard lock(mutex_);
      if (version == version_) {
        if (const auto found = values_.find(key); found != values_.end()) return found->second;
      }
    }
    Value value = load();
    const std::lock_guard lock(mutex_);
    if (version > version_ || values_.size() >= most_) {
      values_.clear();
      version_ = std::max(version, version_);
    }
    if (version == version_) values_.insert_or_assign(key, value);
    return value;
  }

 private:
  StateDatabase& database_;
  const size_t most_;
  std::mutex mutex_;
  // Guarded by mutex_.
  uint64_t version_ = 0;
  std::map<std::string, Value> values_;
};

}  // namespace sluice
