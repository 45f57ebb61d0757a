#include "intake/json_fields.h"

#include <utility>

#include "base/json_reader.h"
#include "base/limits.h"

namespace sluice {
namespace {

constexpr std::string_view kNull = "null";

/// The value of `key` in a valid JSON value; `null` where it has none. The last one counts.
std::string_view member(std::string_view value, std::string_view key) {
  JsonReader reader(value);
  std::string_view found = kNull;
  if (!reader.take('{') || reader.take('}')) return found;
  do {
    std::string_view inside;
    std::string_view text;
    bool escaped = false;
    reader.string(inside, escaped);
    reader.take(':');
    reader.value(text, limits::kJsonDepth);
    std::string plain;
    const bool same = escaped ? unescape_json(inside, plain) && plain == key : inside == key;
    if (same) found = text;
  } while (reader.take(','));
  return found;
}

void append_json_at(std::string& out, std::string_view value, const std::vector<JsonStep>& steps,
                    size_t from) {
  for (; from < steps.size() && !steps[from].each; ++from) value = member(value, steps[from].key);
  JsonReader reader(value);
  if (from == steps.size() || !reader.take('[')) {
    out += from == steps.size() ? value : kNull;
    return;
  }
  out += '[';
  if (!reader.take(']')) {
    bool first = true;
    do {
      std::string_view element;
      reader.value(element, limits::kJsonDepth);
      if (!first) out += ',';
      first = false;
      append_json_at(out, element, steps, from + 1);
    } while (reader.take(','));
  }
  out += ']';
}

}  // namespace

JsonFields::JsonFields(const std::vector<DataColumn>& columns) {
  for (size_t column = 0; column < columns.size(); ++column) {
    const DataColumn& info = columns[column];
    std::vector<JsonStep> steps{{info.name, false}};
    if (!info.json_path.empty()) steps = parse_json_path(info.json_path);
    // A list as a whole is the value of its key.
    while (!steps.empty() && steps.back().each) steps.pop_back();
    add(column, steps, 0);
  }
}

void JsonFields::add(size_t column, const std::vector<JsonStep>& steps, size_t from) {
  if (from == steps.size()) {
    whole_.push_back(column);
    return;
  }
  if (steps[from].each) return;  // `$[:]`: a row is no list, so there is nothing.
  const auto [found, is_new] = by_key_.try_emplace(steps[from].key, fields_.size());
  if (is_new) {
    fields_.emplace_back();
    fields_.back().key = steps[from].key;
    fields_.back().next = fields_.size();
  }
  Field& field = fields_[found->second];
  if (from + 1 == steps.size()) {
    field.columns.push_back(column);
  } else if (steps[from + 1].each) {
    field.lists.push_back(
        {column, {steps.begin() + static_cast<std::ptrdiff_t>(from) + 1, steps.end()}});
  } else {
    if (!field.inside) field.inside = std::make_unique<JsonFields>();
    field.inside->add(column, steps, from + 1);
  }
}

JsonFields::Field* JsonFields::look_up(std::string_view key) {
  scratch_ = key;
  const auto found = by_key_.find(scratch_);
  if (found == by_key_.end()) return nullptr;
  fields_[last_].next = found->second;
  last_ = found->second;
  guess_ = fields_[last_].next;
  return &fields_[last_];
}

std::string json_at(std::string_view value, const std::vector<JsonStep>& steps) {
  std::string out;
  append_json_at(out, value, steps, 0);
  return out;
}

}  // namespace sluice
