#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "engine/sql_aggregate.h"
#include "engine/sql_functions.h"
#include "engine/sql_values.h"

namespace sluice {
namespace {

/// Of larger groups a sample is taken. Some 0.05 percentage points off is usual then.
constexpr uint64_t kSample = 1'000'000;

/// Numbers of which one is wanted that so large a part of the others is below.
class Numbers {
 public:
  explicit Numbers(FunctionWorld& world) : memory_(world) {}

  void add(const SqlCall& row, size_t i, bool may_sample) {
    const double number = row.real(i);
    is_whole_ &= row.type(i) == SQLITE_INTEGER;
    ++count_;
    if (may_sample && numbers_.size() >= kSample) {
      // Each of the numbers so far is in the sample with the same chance. Always the same chance
      // for the same rows, so that a statement that is read twice gives one result.
      const uint64_t place = next_random() % count_;
      if (place < numbers_.size()) numbers_[place] = number;
      return;
    }
    if (numbers_.size() == numbers_.capacity()) {
      const size_t wanted = std::max<size_t>(numbers_.capacity() * 2, 32);
      memory_.set((wanted + numbers_.size()) * sizeof(double), row);
      numbers_.reserve(wanted);
      memory_.set(wanted * sizeof(double), row);
    }
    numbers_.push_back(number);
  }

  bool is_empty() const { return numbers_.empty(); }
  bool is_whole() const { return is_whole_; }

  /// Between the two numbers that are next to the level, in proportion.
  double interpolated(double level) {
    const double place = level * static_cast<double>(numbers_.size() - 1);
    const auto below = static_cast<size_t>(place);
    const double low = at(below);
    if (below + 1 >= numbers_.size()) return low;
    const double part = place - static_cast<double>(below);
    return low * (1 - part) + at(below + 1) * part;
  }

  /// One of the numbers.
  double exact(double level) {
    const auto place = static_cast<size_t>(level * static_cast<double>(numbers_.size()));
    return at(std::min(place, numbers_.size() - 1));
  }

 private:
  double at(size_t place) {
    const auto nth = numbers_.begin() + static_cast<std::ptrdiff_t>(place);
    std::nth_element(numbers_.begin(), nth, numbers_.end());
    return *nth;
  }

  uint64_t next_random() {
    // Xorshift with 64 bits of state.
    random_ ^= random_ << 13U;
    random_ ^= random_ >> 7U;
    random_ ^= random_ << 17U;
    return random_;
  }

  MemoryShare memory_;
  std::vector<double> numbers_;
  uint64_t count_ = 0;
  bool is_whole_ = true;
  uint64_t random_ = 0x9E3779B97F4A7C15;
};

double level_argument(const SqlCall& row, size_t i) {
  const double level = row.real(i);
  if (!(level >= 0 && level <= 1)) throw row.wrong(i, "is no level between 0 and 1");
  return level;
}

template <bool kExact>
class Quantile final : public Aggregate {
 public:
  explicit Quantile(FunctionWorld& world) : numbers_(world) {}
  void add(const SqlCall& row) override {
    const size_t last = row.size() - 1;
    if (last > 0) level_ = level_argument(row, 0);
    if (!row.is_null(last)) numbers_.add(row, last, !kExact);
  }
  void finish(const SqlCall& result) override {
    if (numbers_.is_empty()) return result.give_null();
    if (!kExact) return result.give(numbers_.interpolated(level_));
    const double number = numbers_.exact(level_);
    const bool is_whole = numbers_.is_whole() && std::abs(number) < 0x1p53;
    is_whole ? result.give(static_cast<int64_t>(number)) : result.give(number);
  }

 private:
  Numbers numbers_;
  double level_ = 0.5;
};

/// The levels, and at last the value.
template <bool kExact>
class Quantiles final : public Aggregate {
 public:
  explicit Quantiles(FunctionWorld& world) : numbers_(world) {}
  void add(const SqlCall& row) override {
    const size_t last = row.size() - 1;
    if (levels_.empty()) {
      for (size_t i = 0; i < last; ++i) levels_.push_back(level_argument(row, i));
    }
    if (!row.is_null(last)) numbers_.add(row, last, !kExact);
  }
  void finish(const SqlCall& result) override {
    std::string json = "[";
    for (const double level : levels_) {
      if (json.size() > 1) json += ',';
      if (numbers_.is_empty()) {
        json += "null";
      } else {
        append_plain_real(json, kExact ? numbers_.exact(level) : numbers_.interpolated(level));
      }
    }
    result.give_json(json + "]");
  }

 private:
  Numbers numbers_;
  std::vector<double> levels_;
};

constexpr auto kTable = std::to_array<SqlAggregate>({
    {"quantile([level, ]value)", 1, 2, make_aggregate<Quantile<false>>},
    {"quantileIf([level, ]value, condition)", 2, 3, make_conditional<Quantile<false>>},
    {"quantileTDigest([level, ]value)", 1, 2, make_aggregate<Quantile<false>>},
    {"quantileTiming([level, ]value)", 1, 2, make_aggregate<Quantile<false>>},
    {"quantileExact([level, ]value)", 1, 2, make_aggregate<Quantile<true>>},
    {"quantileExactIf([level, ]value, condition)", 2, 3, make_conditional<Quantile<true>>},
    {"quantiles(level[, level...], value)", 2, kAnyNumber, make_aggregate<Quantiles<false>>},
    {"quantilesIf(level[, level...], value, condition)", 3, kAnyNumber,
     make_conditional<Quantiles<false>>},
    {"quantilesExact(level[, level...], value)", 2, kAnyNumber, make_aggregate<Quantiles<true>>},
    {"median(value)", 1, 1, make_aggregate<Quantile<false>>},
    {"medianIf(value, condition)", 2, 2, make_conditional<Quantile<false>>},
    {"medianExact(value)", 1, 1, make_aggregate<Quantile<true>>},
});

}  // namespace

std::span<const SqlAggregate> quantile_aggregates() { return kTable; }

}  // namespace sluice
