#pragma once

#include <algorithm>
#include <chrono>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <utility>

#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"

namespace sluice {

/// A value that is good for a while: issued when it is first asked for, and again before it
/// expires: when a quarter of its time is left, or five minutes, whichever is less. Where that
/// fails, the old one serves until its end. Thread-safe: while one thread asks for a new one the
/// others wait for it.
template <typename Value>
class Refreshed {
 public:
  struct Issued {
    Value value;
    std::optional<Timestamp> expires_at = std::nullopt;  ///< Nothing: never.
  };
  /// Called with no lock of others held; throws `Error`.
  using Issue = std::function<Issued(const std::stop_token&)>;

  /// The clock must outlive it.
  Refreshed(Issue issue, Clock& clock) : issue_(std::move(issue)), clock_(clock) {}

  /// Throws what issuing throws when there is no value that is still good.
  Value get(const std::stop_token& stop) {
    std::scoped_lock lock(mutex_);
    if (!current_) {
      keep(issue_(stop));
    } else if (refresh_at_ && clock_.now() >= *refresh_at_) {
      refresh(stop);
    }
    return current_->value;
  }

  /// Drops the value if `stale` says that it is the one; the next `get` gets a new one.
  void forget(const std::function<bool(const Value&)>& stale) {
    std::scoped_lock lock(mutex_);
    if (current_ && stale(current_->value)) current_.reset();
  }

 private:
  void keep(Issued issued) {
    current_ = std::move(issued);
    refresh_at_.reset();
    if (!current_->expires_at) return;
    const std::chrono::microseconds lifetime = *current_->expires_at - clock_.now();
    const std::chrono::microseconds most = std::chrono::minutes(5);
    refresh_at_ = *current_->expires_at - std::min(lifetime / 4, most);
  }

  void refresh(const std::stop_token& stop) {
    try {
      keep(issue_(stop));
    } catch (const Error& error) {
      if (clock_.now() >= *current_->expires_at) throw;
      log_warn("Credentials could not be refreshed yet: " + error.message());
    }
  }

  const Issue issue_;
  Clock& clock_;
  std::mutex mutex_;
  std::optional<Issued> current_;
  std::optional<Timestamp> refresh_at_;
};

}  // namespace sluice
