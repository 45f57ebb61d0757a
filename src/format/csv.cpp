#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "base/encoding.h"
#include "data/cell_text.h"
#include "format/file_formats.h"
#include "format/nested_json.h"
#include "format/text_block.h"

namespace sluice {
namespace {

/// The rules of one export's CSV files (RFC 4180, but for the line ends and what the options say).
struct CsvRules {
  std::vector<FileColumn> columns;
  std::vector<NestedJson> nested;  ///< Of each column, should its values be nested.
  char delimiter = ',';
  std::string_view line_end = "\n";
  std::string null_text;
  bool escape_formulas = false;
  std::string header;
};

/// What a spreadsheet takes for a formula (OWASP, "CSV Injection").
bool is_formula(std::string_view text) {
  constexpr std::string_view kStarts = "=+-@\t\r";
  return !text.empty() && kStarts.find(text.front()) != std::string_view::npos;
}

/// Base64 that reads as NULL would ("NULL" is the base64 of three bytes).
bool is_base64_of(std::string_view text, std::string_view bytes) {
  constexpr size_t kLongestNull = 64;
  return !text.empty() && bytes.size() < kLongestNull && base64_encode(bytes) == text;
}

class CsvRows {
 public:
  explicit CsvRows(const CsvRules& rules) : rules_(rules), json_(JsonIntegers::kNumbers) {}

  TextWriter& writer() { return writer_; }
  const TextWriter& writer() const { return writer_; }
  const std::string& header() const { return rules_.header; }

  void put_row(const Batch& batch, size_t row) {
    const size_t last = rules_.columns.size() - 1;
    for (size_t i = 0; i <= last; ++i) {
      char* out = put_cell(batch, row, i);
      // One or two bytes, for which the slack behind the value is enough.
      if (i < last) {
        *out++ = rules_.delimiter;
      } else {
        out = std::copy(rules_.line_end.begin(), rules_.line_end.end(), out);
      }
      writer_.wrote(out);
    }
  }

  /// A name in the header, which is checked UTF-8.
  void put_name(std::string_view name) {
    CharBuffer copy;
    copy.append(name);
    writer_.wrote(put_text(copy.view()).end);
  }

 private:
  struct PutText {
    char* end;
    bool non_ascii;
  };

  // Those that return a pointer leave the value in the writer's room and say where it ends.

  char* put_cell(const Batch& batch, size_t row, size_t column) {
    const Cell& cell = batch.at(rules_.columns[column].source, row);
    switch (cell.type) {
      case ValueType::kNull:
        return put_null();
      case ValueType::kInteger:
        return write_integer(writer_.room(kNumberBytes), cell.integer);
      case ValueType::kReal:
        return write_real(writer_.room(kNumberBytes), cell.real);
      case ValueType::kText: {
        const std::string_view text = batch.text(cell);
        const PutText put = put_text(text);
        if (put.non_ascii && !is_utf8(text)) {
          fail_not_utf8(rules_.columns[column].name, batch.place(row));
        }
        return put.end;
      }
      case ValueType::kDate:
      case ValueType::kSingle:
        return write_cell(writer_.room(kNumberBytes), cell);
      case ValueType::kNumber:
        writer_.put(batch.text(cell));
        return writer_.room(0);
      case ValueType::kBoolean:
      case ValueType::kTimestamp:
        return put_word(cell);
      case ValueType::kNested:
        return put_nested(batch, row, column);
      case ValueType::kBlob:
        break;
    }
    return put_blob(batch.text(cell));
  }

  /// What may hold a delimiter or read as NULL would.
  char* put_word(const Cell& cell) {
    std::array<char, kNumberBytes + TextWriter::kSlack> text{};
    const char* const end = write_cell(text.data(), cell);
    return put_text({text.data(), static_cast<size_t>(end - text.data())}).end;
  }

  char* put_nested(const Batch& batch, size_t row, size_t column) {
    const Cell& cell = batch.at(rules_.columns[column].source, row);
    json_.writer().clear();
    if (!rules_.nested[column].put(batch.text(cell), json_)) {
      fail_not_utf8(rules_.columns[column].name, batch.place(row));
    }
    return put_text(json_.writer().text()).end;
  }

  /// A file of one column would have an empty line for NULL, which readers skip.
  char* put_null() {
    const bool alone = rules_.null_text.empty() && rules_.columns.size() == 1;
    writer_.put(alone ? "\"\"" : std::string_view(rules_.null_text));
    return writer_.room(0);
  }

  /// `text` as Batch::text gives it: with bytes behind it that may be read.
  PutText put_text(std::string_view text) {
    char* const room = writer_.room(text.size());
    const char delimiter = rules_.delimiter;
    const TextScan found = copy_and_scan(text, room, [delimiter](Bytes16 bytes) {
      return (bytes == static_cast<uint8_t>(delimiter)) | (bytes == uint8_t{'"'}) |
             (bytes == uint8_t{'\n'}) | (bytes == uint8_t{'\r'});
    });
    if (rules_.escape_formulas && is_formula(text)) {
      return {put_quoted("'" + std::string(text)), found.non_ascii};
    }
    if (found.special || text == rules_.null_text) return {put_quoted(text), found.non_ascii};
    return {room + text.size(), found.non_ascii};
  }

  char* put_quoted(std::string_view text) {
    writer_.put('"');
    for (size_t quote = text.find('"'); quote != std::string_view::npos; quote = text.find('"')) {
      writer_.put(text.substr(0, quote + 1));
      writer_.put('"');
      text.remove_prefix(quote + 1);
    }
    writer_.put(text);
    writer_.put('"');
    return writer_.room(0);
  }

  /// Base64 needs no quotes, but an empty BLOB is not NULL.
  char* put_blob(std::string_view bytes) {
    const bool quoted = bytes.empty() || is_base64_of(rules_.null_text, bytes);
    if (quoted) writer_.put('"');
    writer_.put_base64(bytes);
    if (quoted) writer_.put('"');
    return writer_.room(0);
  }

  const CsvRules& rules_;
  TextWriter writer_;
  JsonValues json_;  ///< Of one nested value.
};

CsvRules rules_of(FormatSpec& spec) {
  CsvRules rules;
  rules.columns = std::move(spec.columns);
  for (const FileColumn& column : rules.columns) rules.nested.emplace_back(column.type);
  rules.delimiter = spec.options.csv_delimiter;
  if (spec.options.csv_crlf) rules.line_end = "\r\n";
  rules.null_text = spec.options.csv_null;
  rules.escape_formulas = spec.options.csv_escape_formulas;
  if (!spec.options.csv_header) return rules;
  CsvRows names(rules);
  for (size_t i = 0; i < rules.columns.size(); ++i) {
    if (i > 0) names.writer().put(rules.delimiter);
    names.put_name(rules.columns[i].name);
  }
  names.writer().put(rules.line_end);
  rules.header = names.writer().take();
  return rules;
}

class CsvFormat final : public TextFormat {
 public:
  explicit CsvFormat(FormatSpec spec) : TextFormat(spec), rules_(rules_of(spec)) {}
  std::unique_ptr<BlockBuilder> make_builder() const override { return make_collector(); }
  std::unique_ptr<BlockCollector> make_collector() const override {
    return std::make_unique<TextBlockBuilder<CsvRows>>(*this, rules_);
  }

 private:
  const std::string& header() const override { return rules_.header; }

  CsvRules rules_;
};

}  // namespace

std::unique_ptr<FileFormat> make_csv_format(FormatSpec spec) {
  return std::make_unique<CsvFormat>(std::move(spec));
}

}  // namespace sluice
