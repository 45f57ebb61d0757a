#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "data/batch.h"
#include "data/column_type.h"
#include "format/json_values.h"
#include "format/nested_json.h"

namespace sluice {

/// How rows become JSON, one after the other.
struct JsonRules {
  std::vector<FileColumn> columns;
  std::vector<NestedJson> nested;  ///< Of each column, should its values be nested.
  std::vector<CharBuffer> leads;   ///< What stands before each value: `{"a":`, `,"b":`.
  std::string_view row_end;        ///< A constant.
  JsonIntegers integers = JsonIntegers::kNumbers;
};

/// Each row an object, `}` and what `row_end` has behind it at its end. Throws kInvalid for two
/// columns of one name; `format` is what the message calls it all.
JsonRules json_objects(std::vector<FileColumn> columns, std::string_view row_end,
                       JsonIntegers integers, std::string_view format);
/// Each row a list.
JsonRules json_lists(std::vector<FileColumn> columns, std::string_view row_end,
                     JsonIntegers integers);

/// Writes rows by these rules, which outlive it. Throws kInvalid for text that is not UTF-8.
class JsonRows {
 public:
  explicit JsonRows(const JsonRules& rules) : rules_(rules), values_(rules.integers) {}

  TextWriter& writer() { return values_.writer(); }
  const TextWriter& writer() const { return values_.writer(); }
  const std::string& header() const { return kNothing; }

  void put_row(const Batch& batch, size_t row) {
    if (rules_.columns.empty()) writer().put('{');
    for (size_t i = 0; i < rules_.columns.size(); ++i) put_cell(batch, row, i);
    writer().put(rules_.row_end);
  }

 private:
  void put_cell(const Batch& batch, size_t row, size_t column) {
    const std::string_view lead = rules_.leads[column].view();
    const Cell& cell = batch.at(rules_.columns[column].source, row);
    if (cell.type == ValueType::kText) {
      if (!values_.put_text(lead, batch.text(cell))) fail(batch, row, column);
      return;
    }
    writer().wrote(copy_padded(writer().room(lead.size()), lead));
    switch (cell.type) {
      case ValueType::kInteger:
        return values_.put_integer(cell.integer);
      case ValueType::kReal:
        return values_.put_real(cell.real);
      case ValueType::kBlob:
        return values_.put_blob(batch.text(cell));
      case ValueType::kBoolean:
      case ValueType::kSingle:
      case ValueType::kDate:
      case ValueType::kTimestamp:
        return values_.put_cell(cell);
      case ValueType::kNumber:
        return values_.put_number(batch.text(cell));
      case ValueType::kNested:
        if (!rules_.nested[column].put(batch.text(cell), values_)) fail(batch, row, column);
        return;
      case ValueType::kNull:
      case ValueType::kText:
        break;
    }
    writer().put("null");
  }

  [[noreturn]] void fail(const Batch& batch, size_t row, size_t column) const {
    fail_not_utf8(rules_.columns[column].name, batch.place(row));
  }

  inline static const std::string kNothing;

  const JsonRules& rules_;
  JsonValues values_;
};

}  // namespace sluice
