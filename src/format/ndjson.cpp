#include <algorithm>
#include <cmath>

#include "base/encoding.h"
#include "base/error.h"
#include "data/json_text.h"
#include "format/file_formats.h"
#include "format/text_block.h"

namespace sluice {
namespace {

void check_unique(const std::vector<FileColumn>& columns) {
  std::vector<std::string> names;
  names.reserve(columns.size());
  for (const FileColumn& column : columns) names.push_back(column.name);
  std::sort(names.begin(), names.end());
  const auto twice = std::adjacent_find(names.begin(), names.end());
  if (twice == names.end()) return;
  throw Error(ErrorCode::kInvalid, "The query has two columns named '" + *twice + "'.",
              "NDJSON needs a different name for each column; rename one with AS.");
}

/// The rules of one export's NDJSON files.
struct NdjsonRules {
  std::vector<FileColumn> columns;
  std::vector<CharBuffer> leads;  ///< What stands before each value: `{"a":`, `,"b":`.
  bool big_integers_as_text = false;
};

/// Beyond it a double, and with it JavaScript, no longer knows every integer (RFC 8259, section 6).
constexpr int64_t kExactInDouble = int64_t{1} << 53;

class NdjsonRows {
 public:
  explicit NdjsonRows(const NdjsonRules& rules) : rules_(rules) {}

  TextWriter& writer() { return writer_; }
  const TextWriter& writer() const { return writer_; }
  const std::string& header() const { return kNothing; }

  void put_row(const Batch& batch, size_t row) {
    if (rules_.columns.empty()) writer_.put('{');
    for (size_t i = 0; i < rules_.columns.size(); ++i) put_cell(batch, row, i);
    writer_.put("}\n");
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
    const bool big = value > kExactInDouble || value < -kExactInDouble;
    const bool quoted = big && rules_.big_integers_as_text;
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
    if (found.non_ascii && !is_utf8(text)) {
      fail_not_utf8(rules_.columns[column].name, batch.place(row));
    }
    if (found.special) {
      writer_.wrote(out);
      put_escaped(text);
      return writer_.put('"');
    }
    out += text.size();
    *out++ = '"';
    writer_.wrote(out);
  }

  /// In pieces, so that room is made for no more than six times a piece.
  void put_escaped(std::string_view text) {
    constexpr size_t kPiece = 4096;
    for (size_t at = 0; at < text.size(); at += kPiece) {
      const std::string_view piece = text.substr(at, kPiece);
      char* out = writer_.room(piece.size() * kJsonEscapeBytes);
      writer_.wrote(write_json_escaped(out, piece));
    }
  }

  inline static const std::string kNothing;

  const NdjsonRules& rules_;
  TextWriter writer_;
};

NdjsonRules rules_of(FormatSpec& spec) {
  check_unique(spec.columns);
  NdjsonRules rules;
  rules.big_integers_as_text = spec.options.big_integers_as_text;
  for (const FileColumn& column : spec.columns) {
    std::string key(column.name.size() * kJsonEscapeBytes, '\0');
    key.resize(static_cast<size_t>(write_json_escaped(key.data(), column.name) - key.data()));
    const std::string lead = (rules.leads.empty() ? "{\"" : ",\"") + key + "\":";
    rules.leads.emplace_back().append(lead);
  }
  rules.columns = std::move(spec.columns);
  return rules;
}

class NdjsonFormat final : public TextFormat {
 public:
  explicit NdjsonFormat(FormatSpec spec) : TextFormat(spec), rules_(rules_of(spec)) {}
  std::unique_ptr<BlockBuilder> make_builder() const override { return make_collector(); }
  std::unique_ptr<BlockCollector> make_collector() const override {
    return std::make_unique<TextBlockBuilder<NdjsonRows>>(*this, rules_);
  }

 private:
  const std::string& header() const override { return header_; }

  NdjsonRules rules_;
  std::string header_;  ///< There is none.
};

}  // namespace

std::unique_ptr<FileFormat> make_ndjson_format(FormatSpec spec) {
  return std::make_unique<NdjsonFormat>(std::move(spec));
}

}  // namespace sluice
