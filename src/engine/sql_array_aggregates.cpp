#include <algorithm>
#include <array>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/sql_aggregate.h"
#include "engine/sql_functions.h"
#include "engine/sql_values.h"
#include "engine/value_set.h"

namespace sluice {
namespace {

/// Where there are two arguments the first is how many elements there may be.
size_t limit_of(const SqlCall& row, int64_t otherwise) {
  if (row.size() < 2) return static_cast<size_t>(otherwise);
  return static_cast<size_t>(row.integer(0, 1, INT32_MAX));
}

class GroupArray final : public Aggregate {
 public:
  explicit GroupArray(FunctionWorld& world) : memory_(world) {}
  void add(const SqlCall& row) override {
    const size_t last = row.size() - 1;
    if (row.is_null(last) || count_ >= limit_of(row, INT32_MAX)) return;
    if (count_++ > 0) json_ += ',';
    append_json_value(json_, row, last);
    row.check_size(json_.size());
    memory_.set(json_.capacity(), row);
  }
  void finish(const SqlCall& result) override { result.give_json(json_ + "]"); }

 private:
  MemoryShare memory_;
  std::string json_ = "[";
  size_t count_ = 0;
};

class GroupUniqArray final : public Aggregate {
 public:
  explicit GroupUniqArray(FunctionWorld& world) : memory_(world) {}
  void add(const SqlCall& row) override {
    const size_t last = row.size() - 1;
    if (row.is_null(last) || seen_.size() >= limit_of(row, INT32_MAX)) return;
    memory_.set(json_.capacity() + seen_.bytes_when_grown(), row);
    if (!seen_.insert(fingerprint_of(row, last, 1))) return;
    if (seen_.size() > 1) json_ += ',';
    append_json_value(json_, row, last);
    row.check_size(json_.size());
    memory_.set(json_.capacity() + seen_.bytes(), row);
  }
  void finish(const SqlCall& result) override { result.give_json(json_ + "]"); }

 private:
  MemoryShare memory_;
  std::string json_ = "[";
  ValueSet seen_;
};

class TopK final : public Aggregate {
 public:
  explicit TopK(FunctionWorld& world) : memory_(world) {}
  void add(const SqlCall& row) override {
    constexpr size_t kBytesEach = 160;
    constexpr int64_t kUsually = 10;
    const size_t last = row.size() - 1;
    limit_ = limit_of(row, kUsually);
    if (row.is_null(last)) return;
    std::string value;
    append_json_value(value, row, last);
    const size_t bytes = value.capacity();
    const auto [place, is_new] = counts_.try_emplace(std::move(value), Count{0, counts_.size()});
    ++place->second.rows;
    if (is_new) memory_.add(kBytesEach + bytes, row);
  }
  void finish(const SqlCall& result) override {
    std::vector<Counts::const_iterator> order;
    for (auto it = counts_.cbegin(); it != counts_.cend(); ++it) order.push_back(it);
    std::sort(order.begin(), order.end(), [](const auto& a, const auto& b) {
      if (a->second.rows != b->second.rows) return a->second.rows > b->second.rows;
      return a->second.place < b->second.place;
    });
    order.resize(std::min(order.size(), limit_));
    std::string json = "[";
    for (const auto& entry : order) {
      if (json.size() > 1) json += ',';
      json += entry->first;
    }
    result.give_json(json + "]");
  }

 private:
  struct Count {
    uint64_t rows = 0;
    size_t place = 0;  ///< Which was seen first, for those with as many rows.
  };
  using Counts = std::unordered_map<std::string, Count>;

  MemoryShare memory_;
  Counts counts_;
  size_t limit_ = 0;
};

constexpr auto kTable = std::to_array<SqlAggregate>({
    {"groupArray([most, ]value)", 1, 2, make_aggregate<GroupArray>},
    {"groupArrayIf([most, ]value, condition)", 2, 3, make_conditional<GroupArray>},
    {"groupUniqArray([most, ]value)", 1, 2, make_aggregate<GroupUniqArray>},
    {"groupUniqArrayIf([most, ]value, condition)", 2, 3, make_conditional<GroupUniqArray>},
    {"topK([most, ]value)", 1, 2, make_aggregate<TopK>},
    {"topKIf([most, ]value, condition)", 2, 3, make_conditional<TopK>},
});

}  // namespace

std::span<const SqlAggregate> array_aggregates() { return kTable; }

}  // namespace sluice
