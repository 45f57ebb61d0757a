#pragma once

#include <cmath>
#include <string>
#include <string_view>
#include <vector>

#include "data/batch.h"
#include "data/column_type.h"
#include "format/text_writer.h"

namespace sluice {

/// Which integers are written as text: beyond 2^53 a double, and with it JavaScript, no longer
/// knows every integer (RFC 8259, section 6).
enum class JsonIntegers { kNumbers, kBigAsText, kText };

/// How rows become JSON, one after the other.
struct JsonRules {
  std::vector<FileColumn> columns;
  std::vector<CharBuffer> leads;  ///< What stands before each value: `{"a":`, `,"b":`.
  std::string_view row_end;       ///< A constant.
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
  explicit JsonRows(const JsonRules& rules) : rules_(rules) {}

  TextWriter& writer() { return writer_; }
  const TextWriter& writer() const { return writer_; }
  const std::string& header() const { return kNothing; }

  void put_row(const Batch& batch, size_t row) {
    if (rules_.columns.empty()) writer_.put('{');
    for (size_t i = 0; i < rules_.columns.size(); ++i) put_cell(batch, row, i);
    writer_.put(rules_.row_end);
  }

 private:
  void put_cell(const Batch& batch, size_t row, size_t column) {
    const std::string_view lead = rules_.leads[column].view();
    const Cell& cell = batch.at(rules_.columns[column].source, row);
    if (cell.type == ValueType::kText) return put_text(lead, batch, row, column);
    writer_.wrote(copy_padded(writer_.room(lead.size()), lead));
    switch (cell.type) {
      case ValueType::kInteger:
        return put_integer(cell.integer);
      case ValueType::kReal:
        return put_real(cell.real);
      case ValueType::kBlob:
        return put_blob(batch.text(cell));
      case ValueType::kNull:
      case ValueType::kText:
        break;
    }
    writer_.put("null");
  }

  void put_integer(int64_t value) {
    constexpr int64_t kExactInDouble = int64_t{1} << 53;
    const bool big = value > kExactInDouble || value < -kExactInDouble;
    const bool quoted = rules_.integers == JsonIntegers::kText ||
                        (big && rules_.integers == JsonIntegers::kBigAsText);
    if (quoted) writer_.put('"');
    writer_.put_integer(value);
    if (quoted) writer_.put('"');
  }

  void put_real(double value) {
    if (std::isfinite(value)) return writer_.put_real(value);
    if (std::isnan(value)) return writer_.put("\"NaN\"");
    writer_.put(value < 0 ? "\"-Infinity\"" : "\"Infinity\"");
  }

  void put_blob(std::string_view bytes) {
    writer_.put('"');
    writer_.put_base64(bytes);
    writer_.put('"');
  }

  /// Room once for the lead, the text and two quotes: most text needs no more.
  void put_text(std::string_view lead, const Batch& batch, size_t row, size_t column) {
    const std::string_view text = batch.text(batch.at(rules_.columns[column].source, row));
    char* out = copy_padded(writer_.room(lead.size() + text.size() + 2), lead);
    *out++ = '"';
    const TextScan found = copy_and_scan(text, out, [](Bytes16 bytes) {
      return (bytes == uint8_t{'"'}) | (bytes == uint8_t{'\\'}) | (bytes < uint8_t{0x20});
    });
    if (found.non_ascii) check_utf8(text, rules_.columns[column].name, batch, row);
    if (found.special) {
      writer_.wrote(out);
      put_escaped(text);
      return writer_.put('"');
    }
    out += text.size();
    *out++ = '"';
    writer_.wrote(out);
  }

  static void check_utf8(std::string_view text, const std::string& column, const Batch& batch,
                         size_t row);
  void put_escaped(std::string_view text);

  inline static const std::string kNothing;

  const JsonRules& rules_;
  TextWriter writer_;
};

}  // namespace sluice
