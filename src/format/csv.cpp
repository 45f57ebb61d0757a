#include <array>
#include <string>
#include <string_view>

#include "base/encoding.h"
#include "format/file_formats.h"
#include "format/text_block.h"

namespace sluice {
namespace {

/// The rules of one export's CSV files (RFC 4180, but for the line ends and what the options say).
struct CsvRules {
  std::vector<FileColumn> columns;
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
  explicit CsvRows(const CsvRules& rules) : rules_(rules) {}

  TextWriter& writer() { return writer_; }
  const TextWriter& writer() const { return writer_; }
  const std::string& header() const { return rules_.header; }
  void look_at(const Batch& batch) { cells_.look_at(batch); }

  void put_row(const Batch& batch, size_t row) {
    bool first = true;
    for (const FileColumn& column : rules_.columns) {
      if (!first) writer_.put(rules_.delimiter);
      first = false;
      const Cell& cell = cells_.at(column.source, row);
      switch (cell.type) {
        case ValueType::kNull:
          put_null();
          break;
        case ValueType::kInteger:
          writer_.put_integer(cell.integer);
          break;
        case ValueType::kReal:
          writer_.put_real(cell.real);
          break;
        case ValueType::kText:
          put_value(batch, row, cell, column.name);
          break;
        case ValueType::kBlob:
          put_blob(batch.text(cell));
      }
    }
    writer_.put(rules_.line_end);
  }

  /// A name in the header, which is checked UTF-8.
  void put_name(std::string_view name) { put_text(name, scan(name)); }

 private:
  /// A file of one column would have an empty line for NULL, which readers skip.
  void put_null() {
    if (rules_.null_text.empty() && rules_.columns.size() == 1) return writer_.put("\"\"");
    writer_.put(rules_.null_text);
  }

  TextScan scan(std::string_view text) const {
    const char delimiter = rules_.delimiter;
    return scan_text(text, [delimiter](uint64_t word) {
      return words::has(word, delimiter) | words::has(word, '"') | words::has(word, '\n') |
             words::has(word, '\r');
    });
  }

  void put_value(const Batch& batch, size_t row, const Cell& cell, const std::string& name) {
    const std::string_view text = batch.text(cell);
    const TextScan found = scan(text);
    if (found.non_ascii && !is_utf8(text)) fail_not_utf8(name, batch.place(row));
    put_text(text, found);
  }

  void put_text(std::string_view text, TextScan found) {
    if (rules_.escape_formulas && is_formula(text)) return put_quoted("'" + std::string(text));
    if (found.special || text == rules_.null_text) {
      put_quoted(text);
    } else {
      writer_.put(text);
    }
  }

  void put_quoted(std::string_view text) {
    writer_.put('"');
    for (size_t quote = text.find('"'); quote != std::string_view::npos; quote = text.find('"')) {
      writer_.put(text.substr(0, quote + 1));
      writer_.put('"');
      text.remove_prefix(quote + 1);
    }
    writer_.put(text);
    writer_.put('"');
  }

  /// Base64 needs no quotes, but an empty BLOB is not NULL.
  void put_blob(std::string_view bytes) {
    const bool quoted = bytes.empty() || is_base64_of(rules_.null_text, bytes);
    if (quoted) writer_.put('"');
    writer_.put_base64(bytes);
    if (quoted) writer_.put('"');
  }

  const CsvRules& rules_;
  TextWriter writer_;
  BatchView cells_;
};

CsvRules rules_of(FormatSpec& spec) {
  CsvRules rules;
  rules.columns = std::move(spec.columns);
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
