#include "format/nested_json.h"

#include <string>

#include "base/error.h"
#include "data/cell_text.h"
#include "data/json_text.h"

namespace sluice {
namespace {

bool has_own_names(const std::vector<ColumnField>& fields) {
  for (size_t i = 0; i < fields.size(); ++i) {
    if (fields[i].name != std::to_string(i + 1)) return true;
  }
  return false;
}

}  // namespace

NestedJson::NestedJson(const ColumnType& type) : kind_(type.kind) {
  if (!type.fields) return;
  const bool names = has_own_names(*type.fields);
  for (const ColumnField& field : *type.fields) {
    parts_.emplace_back(field.type);
    std::string lead = leads_.empty() ? (names ? "{" : "[") : ",";
    if (names) {
      append_json_string(lead, field.name);
      lead += ':';
    }
    leads_.emplace_back().append(lead);
  }
  end_ = names ? "}" : "]";
}

bool NestedJson::put(std::string_view bytes, JsonValues& out) const {
  NestedReader reader(bytes);
  return put(reader, out);
}

bool NestedJson::put(NestedReader& reader, JsonValues& out) const {
  const NestedPart part = reader.next();
  switch (part.cell.type) {
    case ValueType::kNull:
      out.writer().put("null");
      return true;
    case ValueType::kText:
      return out.put_text({}, part.bytes);
    case ValueType::kBlob:
      out.put_blob(part.bytes);
      return true;
    case ValueType::kNumber:
      out.put_number(part.bytes);
      return true;
    case ValueType::kNested:
      return put_parts(reader, part.cell.size, out);
    case ValueType::kInteger:
    case ValueType::kReal:
    case ValueType::kBoolean:
    case ValueType::kSingle:
    case ValueType::kDate:
    case ValueType::kTimestamp:
      break;
  }
  out.put_cell(part.cell);
  return true;
}

bool NestedJson::put_parts(NestedReader& reader, uint32_t count, JsonValues& out) const {
  if (kind_ == ColumnKind::kList) return put_list(reader, count, out);
  if (kind_ == ColumnKind::kMap) return put_map(reader, count, out);
  if (kind_ != ColumnKind::kStruct || count != parts_.size()) {
    throw Error(ErrorCode::kInternal, "A nested value is not of its column's type.");
  }
  if (count == 0) out.writer().put('[');
  for (size_t i = 0; i < parts_.size(); ++i) {
    out.writer().put(leads_[i].view());
    if (!parts_[i].put(reader, out)) return false;
  }
  out.writer().put(end_);
  return true;
}

bool NestedJson::put_list(NestedReader& reader, uint32_t count, JsonValues& out) const {
  out.writer().put('[');
  for (uint32_t i = 0; i < count; ++i) {
    if (i > 0) out.writer().put(',');
    if (!parts_.front().put(reader, out)) return false;
  }
  out.writer().put(']');
  return true;
}

bool NestedJson::put_map(NestedReader& reader, uint32_t count, JsonValues& out) const {
  out.writer().put('{');
  for (uint32_t i = 0; i < count; ++i) {
    if (i > 0) out.writer().put(',');
    if (!parts_.front().put_key(reader, out)) return false;
    out.writer().put(':');
    if (!parts_.back().put(reader, out)) return false;
  }
  out.writer().put('}');
  return true;
}

/// What would be a string anyway is the key as it is; of others the JSON text is.
bool NestedJson::put_key(NestedReader& reader, JsonValues& out) const {
  NestedReader ahead = reader;
  if (ahead.next().cell.type == ValueType::kText) return put(reader, out);
  JsonValues key(JsonIntegers::kNumbers);
  if (!put(reader, key)) return false;
  const std::string_view text = key.writer().text();
  if (text.starts_with('"')) {
    out.writer().put(text);
    return true;
  }
  return out.put_text({}, text);
}

}  // namespace sluice
