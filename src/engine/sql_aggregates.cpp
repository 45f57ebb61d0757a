#include <array>
#include <cmath>

#include "engine/sql_aggregate.h"
#include "engine/sql_functions.h"
#include "engine/sql_values.h"
#include "engine/value_set.h"

namespace sluice {
namespace {

class CountIf final : public Aggregate {
 public:
  explicit CountIf(FunctionWorld& /*world*/) {}
  void add(const SqlCall& row) override { count_ += row.is_true(0) ? 1 : 0; }
  void remove(const SqlCall& row) override { count_ -= row.is_true(0) ? 1 : 0; }
  void finish(const SqlCall& result) override { result.give(count_); }

 private:
  int64_t count_ = 0;
};

/// An integer as long as all values are, then real. 0 without rows.
class Sum final : public Aggregate {
 public:
  explicit Sum(FunctionWorld& /*world*/) {}
  void add(const SqlCall& row) override { change(row, 1); }
  void remove(const SqlCall& row) override { change(row, -1); }
  void finish(const SqlCall& result) override {
    if (reals_ > 0) return result.give(real_ + static_cast<double>(whole_));
    if (overflowed_) throw result.failed("the sum has more than 64 bits");
    result.give(whole_);
  }

 private:
  void change(const SqlCall& row, int sign) {
    if (row.is_null(0)) return;
    if (row.type(0) == SQLITE_INTEGER) {
      const int64_t number = row.integer(0);
      overflowed_ |= sign > 0 ? __builtin_add_overflow(whole_, number, &whole_)
                              : __builtin_sub_overflow(whole_, number, &whole_);
      return;
    }
    real_ += sign * row.real(0);
    reals_ += sign;
  }

  int64_t whole_ = 0;
  bool overflowed_ = false;
  double real_ = 0;
  int64_t reals_ = 0;
};

class Average final : public Aggregate {
 public:
  explicit Average(FunctionWorld& /*world*/) {}
  void add(const SqlCall& row) override { change(row, 1); }
  void remove(const SqlCall& row) override { change(row, -1); }
  void finish(const SqlCall& result) override {
    count_ == 0 ? result.give_null() : result.give(sum_ / static_cast<double>(count_));
  }

 private:
  void change(const SqlCall& row, int sign) {
    if (row.is_null(0)) return;
    sum_ += sign * row.real(0);
    count_ += sign;
  }

  double sum_ = 0;
  int64_t count_ = 0;
};

/// Keeps the value of one of its rows.
class OneValue : public Aggregate {
 public:
  explicit OneValue(FunctionWorld& world) : memory_(world) {}
  void finish(const SqlCall& result) override {
    value_ ? result.give_value(value_.get()) : result.give_null();
  }

 protected:
  void keep(const SqlCall& row, size_t i) {
    sqlite3_value* const value = row.value(i);
    memory_.set(kept_bytes(value), row);
    value_ = keep_value(value);
  }
  sqlite3_value* value() const { return value_.get(); }

 private:
  MemoryShare memory_;
  KeptValue value_;
};

/// Of any number of rows the one that is the furthest in SQLite's order.
template <int kSign>
class Furthest final : public OneValue {
 public:
  using OneValue::OneValue;
  void add(const SqlCall& row) override {
    if (row.is_null(0)) return;
    if (value() == nullptr || compare_values(row.value(0), value()) * kSign > 0) keep(row, 0);
  }
};

template <bool kLast>
class Any final : public OneValue {
 public:
  using OneValue::OneValue;
  void add(const SqlCall& row) override {
    if (!row.is_null(0) && (kLast || value() == nullptr)) keep(row, 0);
  }
};

/// The first argument of the row whose second is the furthest; the first of several such rows.
template <int kSign>
class ArgFurthest final : public Aggregate {
 public:
  explicit ArgFurthest(FunctionWorld& world) : memory_(world) {}
  void add(const SqlCall& row) override {
    if (row.has_null()) return;
    if (key_ && compare_values(row.value(1), key_.get()) * kSign <= 0) return;
    memory_.set(kept_bytes(row.value(0)) + kept_bytes(row.value(1)), row);
    value_ = keep_value(row.value(0));
    key_ = keep_value(row.value(1));
  }
  void finish(const SqlCall& result) override {
    value_ ? result.give_value(value_.get()) : result.give_null();
  }

 private:
  MemoryShare memory_;
  KeptValue value_;
  KeptValue key_;
};

/// Exact up to a million different rows. Beyond, and where memory is short, only those are kept
/// whose fingerprints end with so many zeros, which stand for all others.
class Uniq final : public Aggregate {
 public:
  explicit Uniq(FunctionWorld& world) : memory_(world) {}
  void add(const SqlCall& row) override {
    if (row.has_null()) return;
    const Fingerprint value = fingerprint_of(row, 0, row.size());
    if (!is_kept(value)) return;
    while (set_.size() >= kMostKept || !memory_.has_room_for(set_.bytes_when_grown())) {
      if (set_.size() == 0) break;
      set_.thin_out(++bits_);
    }
    if (!is_kept(value)) return;
    memory_.set(set_.bytes_when_grown(), row);
    set_.insert(value);
    memory_.set(set_.bytes(), row);
  }
  void finish(const SqlCall& result) override {
    result.give(static_cast<int64_t>(set_.size() << bits_));
  }

 private:
  static constexpr size_t kMostKept = 1'000'000;

  bool is_kept(const Fingerprint& value) const {
    return (value.low & ((uint64_t{1} << bits_) - 1)) == 0;
  }

  MemoryShare memory_;
  ValueSet set_;
  unsigned bits_ = 0;
};

class UniqExact final : public Aggregate {
 public:
  explicit UniqExact(FunctionWorld& world) : memory_(world) {}
  void add(const SqlCall& row) override {
    if (row.has_null()) return;
    memory_.set(set_.bytes_when_grown(), row);
    set_.insert(fingerprint_of(row, 0, row.size()));
    memory_.set(set_.bytes(), row);
  }
  void finish(const SqlCall& result) override { result.give(static_cast<int64_t>(set_.size())); }

 private:
  MemoryShare memory_;
  ValueSet set_;
};

/// Welford's method: one pass, without the difference of large sums.
template <bool kSample, bool kRoot>
class Variance final : public Aggregate {
 public:
  explicit Variance(FunctionWorld& /*world*/) {}
  void add(const SqlCall& row) override {
    if (row.is_null(0)) return;
    const double number = row.real(0);
    ++count_;
    const double before = number - mean_;
    mean_ += before / static_cast<double>(count_);
    squares_ += before * (number - mean_);
  }
  void finish(const SqlCall& result) override {
    const int64_t freedom = kSample ? count_ - 1 : count_;
    if (freedom < 1) return result.give_null();
    const double variance = squares_ / static_cast<double>(freedom);
    result.give(kRoot ? std::sqrt(variance) : variance);
  }

 private:
  int64_t count_ = 0;
  double mean_ = 0;
  double squares_ = 0;
};

constexpr auto kTable = std::to_array<SqlAggregate>({
    {"countIf(condition)", 1, 1, make_aggregate<CountIf>},
    {"sumIf(value, condition)", 2, 2, make_conditional<Sum>},
    {"avgIf(value, condition)", 2, 2, make_conditional<Average>},
    {"minIf(value, condition)", 2, 2, make_conditional<Furthest<-1>>},
    {"maxIf(value, condition)", 2, 2, make_conditional<Furthest<1>>},
    {"any(value)", 1, 1, make_aggregate<Any<false>>},
    {"anyIf(value, condition)", 2, 2, make_conditional<Any<false>>},
    {"anyLast(value)", 1, 1, make_aggregate<Any<true>>},
    {"anyLastIf(value, condition)", 2, 2, make_conditional<Any<true>>},
    {"argMax(value, by)", 2, 2, make_aggregate<ArgFurthest<1>>},
    {"argMaxIf(value, by, condition)", 3, 3, make_conditional<ArgFurthest<1>>},
    {"argMin(value, by)", 2, 2, make_aggregate<ArgFurthest<-1>>},
    {"argMinIf(value, by, condition)", 3, 3, make_conditional<ArgFurthest<-1>>},
    {"uniq(value[, value...])", 1, kAnyNumber, make_aggregate<Uniq>},
    {"uniqIf(value[, value...], condition)", 2, kAnyNumber, make_conditional<Uniq>},
    {"uniqCombined(value[, value...])", 1, kAnyNumber, make_aggregate<Uniq>},
    {"uniqHLL12(value[, value...])", 1, kAnyNumber, make_aggregate<Uniq>},
    {"uniqExact(value[, value...])", 1, kAnyNumber, make_aggregate<UniqExact>},
    {"uniqExactIf(value[, value...], condition)", 2, kAnyNumber, make_conditional<UniqExact>},
    {"varPop(value)", 1, 1, make_aggregate<Variance<false, false>>},
    {"varSamp(value)", 1, 1, make_aggregate<Variance<true, false>>},
    {"stddevPop(value)", 1, 1, make_aggregate<Variance<false, true>>},
    {"stddevSamp(value)", 1, 1, make_aggregate<Variance<true, true>>},
});

}  // namespace

std::span<const SqlAggregate> plain_aggregates() { return kTable; }

}  // namespace sluice
