#pragma once

#include <mutex>
#include <set>
#include <string>
#include <vector>

namespace sluice {

/// The object names that running exports of this process have chosen but not yet published, so that
/// two of them never choose the same one. Thread-safe.
class KeyReservations {
 public:
  /// The names held by one export; given back when destroyed.
  class Holder {
   public:
    /// `place` tells one bucket or folder from another.
    Holder(KeyReservations& owner, std::string place) : owner_(owner), place_(std::move(place)) {}
    ~Holder();
    Holder(const Holder&) = delete;
    Holder& operator=(const Holder&) = delete;

    /// False when any export holds the name, this one included.
    bool take(const std::string& key);

   private:
    KeyReservations& owner_;
    std::string place_;
    std::vector<std::string> taken_;
  };

 private:
  std::mutex mutex_;
  std::set<std::string> names_;
};

}  // namespace sluice
