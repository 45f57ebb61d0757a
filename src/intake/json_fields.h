#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "domain/data_source.h"
#include "domain/json_path.h"

namespace sluice {

/// The keys of an object that columns want something of, as a tree. Rows mostly have the same keys
/// in the same order, so a key is first compared with the one that followed last time. One thread.
class JsonFields {
 public:
  /// A column that wants one thing of each element of a list: `$.items[:].price`.
  struct List {
    size_t column = 0;
    std::vector<JsonStep> steps;  ///< From an element on.
  };
  struct Field {
    std::string key;
    std::vector<size_t> columns;  ///< Those that want the value itself.
    std::vector<List> lists;
    std::unique_ptr<JsonFields> inside;  ///< Of an object that is the value; may be null.
    size_t next = 0;                     ///< Which field followed last time.
  };

  JsonFields() = default;
  /// All columns, by their JSON paths.
  explicit JsonFields(const std::vector<DataColumn>& columns);

  /// Where to look first, at the beginning of an object.
  void begin_object() { guess_ = 0; }
  /// The field with that key; null where no column wants it.
  Field* find(std::string_view key) {
    if (guess_ < fields_.size() && fields_[guess_].key == key) {
      last_ = guess_;
      guess_ = fields_[last_].next;
      return &fields_[last_];
    }
    return look_up(key);
  }
  /// Columns that want the whole object (`$`).
  const std::vector<size_t>& whole() const { return whole_; }

 private:
  void add(size_t column, const std::vector<JsonStep>& steps, size_t from);
  Field* look_up(std::string_view key);

  std::vector<Field> fields_;
  std::unordered_map<std::string, size_t> by_key_;
  std::vector<size_t> whole_;
  std::string scratch_;
  size_t guess_ = 0;
  size_t last_ = 0;
};

/// What `steps` lead to in a JSON value, as JSON: a list where one of them is "each", `null` where
/// there is nothing. `value` is valid JSON.
std::string json_at(std::string_view value, const std::vector<JsonStep>& steps);

}  // namespace sluice
