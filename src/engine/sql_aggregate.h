#pragma once

#include <cstddef>
#include <memory>

#include "engine/sql_call.h"

namespace sluice {

/// What an aggregate adds up: one group, or one window.
class Aggregate {
 public:
  virtual ~Aggregate() = default;
  /// Takes the arguments of a row.
  virtual void add(const SqlCall& row) = 0;
  /// Takes back a row that has left a moving window.
  virtual void remove(const SqlCall& row);
  /// Gives what there is so far; more rows may follow.
  virtual void finish(const SqlCall& result) = 0;
};

/// What an aggregate holds of the memory that those of one connection share
/// (limits::kAggregateBytes).
class MemoryShare {
 public:
  explicit MemoryShare(FunctionWorld& world) : world_(world) {}
  ~MemoryShare() { world_.aggregate_bytes() -= bytes_; }
  MemoryShare(const MemoryShare&) = delete;
  MemoryShare& operator=(const MemoryShare&) = delete;

  bool has_room_for(size_t bytes) const;
  /// From now on it holds `bytes`. Throws kTooLarge, in the name of `call`.
  void set(size_t bytes, const SqlCall& call);
  void add(size_t bytes, const SqlCall& call) { set(bytes_ + bytes, call); }

 private:
  FunctionWorld& world_;
  size_t bytes_ = 0;
};

/// The aggregate with a condition behind its arguments: rows where it does not hold are no rows.
class ConditionalAggregate final : public Aggregate {
 public:
  explicit ConditionalAggregate(std::unique_ptr<Aggregate> inner) : inner_(std::move(inner)) {}
  void add(const SqlCall& row) override {
    if (holds(row)) inner_->add(row.between(0, row.size() - 1));
  }
  void remove(const SqlCall& row) override {
    if (holds(row)) inner_->remove(row.between(0, row.size() - 1));
  }
  void finish(const SqlCall& result) override { inner_->finish(result); }

 private:
  static bool holds(const SqlCall& row) { return row.is_true(row.size() - 1); }

  std::unique_ptr<Aggregate> inner_;
};

/// Makers for the tables of aggregates.
template <typename Kind>
std::unique_ptr<Aggregate> make_aggregate(FunctionWorld& world) {
  return std::make_unique<Kind>(world);
}
template <typename Kind>
std::unique_ptr<Aggregate> make_conditional(FunctionWorld& world) {
  return std::make_unique<ConditionalAggregate>(std::make_unique<Kind>(world));
}

}  // namespace sluice
