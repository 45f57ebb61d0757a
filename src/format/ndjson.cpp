#include <algorithm>
#include <array>
#include <cmath>

#include "base/encoding.h"
#include "base/error.h"
#include "format/encoder.h"
#include "format/encoders.h"
#include "format/text_writer.h"

namespace sluice {
namespace {

constexpr size_t kEscapeBytes = 6;

/// The letter behind the backslash of a short escape, 'u' for the others, 0 for bytes that stand
/// for themselves.
constexpr std::array<char, 256> kEscapes = [] {
  std::array<char, 256> table{};
  for (size_t c = 0; c < 0x20; ++c) table[c] = 'u';
  table['\b'] = 'b';
  table['\f'] = 'f';
  table['\n'] = 'n';
  table['\r'] = 'r';
  table['\t'] = 't';
  table['"'] = '"';
  table['\\'] = '\\';
  return table;
}();

char* write_escaped(char* out, std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  for (char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const char escape = kEscapes[byte];
    if (escape == 0) {
      *out++ = c;
      continue;
    }
    *out++ = '\\';
    *out++ = escape;
    if (escape != 'u') continue;
    *out++ = '0';
    *out++ = '0';
    *out++ = kHex[byte >> 4];
    *out++ = kHex[byte & 15];
  }
  return out;
}

void check_unique(const std::vector<ColumnInfo>& columns) {
  std::vector<std::string> names;
  for (const ColumnInfo& column : columns) names.push_back(column.name);
  std::sort(names.begin(), names.end());
  const auto twice = std::adjacent_find(names.begin(), names.end());
  if (twice == names.end()) return;
  throw Error(ErrorCode::kInvalid, "The query has two columns named '" + *twice + "'.",
              "NDJSON needs a different name for each column; rename one with AS.");
}

class NdjsonEncoder final : public Encoder {
 public:
  NdjsonEncoder(const std::vector<ColumnInfo>& columns, ByteSink& out) : writer_(out) {
    check_unique(columns);
    for (const ColumnInfo& column : columns) {
      std::string key(column.name.size() * kEscapeBytes, '\0');
      key.resize(static_cast<size_t>(write_escaped(key.data(), column.name) - key.data()));
      leads_.push_back((leads_.empty() ? "{\"" : ",\"") + key + "\":");
      names_.push_back(column.name);
    }
  }

  void add(const Batch& batch) override {
    if (batch.rows() == 0) return;
    cells_.look_at(batch);
    for (size_t row = 0; row < batch.rows(); ++row) put_row(batch, row);
  }

  void add(const Batch& batch, std::span<const uint32_t> rows) override {
    if (rows.empty()) return;
    cells_.look_at(batch);
    for (uint32_t row : rows) put_row(batch, row);
  }

  void finish() override { writer_.finish(); }

 private:
  void put_row(const Batch& batch, size_t row) {
    ++rows_;
    for (size_t column = 0; column < leads_.size(); ++column) {
      writer_.put(leads_[column]);
      const Cell& cell = cells_.at(column, row);
      switch (cell.type) {
        case ValueType::kNull:
          writer_.put("null");
          break;
        case ValueType::kInteger:
          writer_.put_integer(cell.integer);
          break;
        case ValueType::kReal:
          put_real(cell.real);
          break;
        case ValueType::kText:
          put_text(batch.text(cell), column);
          break;
        case ValueType::kBlob:
          writer_.put('"');
          writer_.put_base64(batch.text(cell));
          writer_.put('"');
      }
    }
    writer_.put("}\n");
  }

  void put_real(double value) {
    if (std::isfinite(value)) return writer_.put_real(value);
    if (std::isnan(value)) return writer_.put("\"NaN\"");
    writer_.put(value < 0 ? "\"-Infinity\"" : "\"Infinity\"");
  }

  void put_text(std::string_view text, size_t column) {
    const TextScan scan = scan_text(text, [](uint64_t word) {
      return words::has(word, '"') | words::has(word, '\\') | words::has_below(word, 0x20);
    });
    if (scan.non_ascii && !is_utf8(text)) fail_not_utf8(names_[column], rows_);
    writer_.put('"');
    if (scan.special) {
      put_escaped(text);
    } else {
      writer_.put(text);
    }
    writer_.put('"');
  }

  void put_escaped(std::string_view text) {
    constexpr size_t kPiece = limits::kEncodeBufferBytes / kEscapeBytes;
    for (size_t at = 0; at < text.size(); at += kPiece) {
      const std::string_view piece = text.substr(at, kPiece);
      char* out = writer_.room(piece.size() * kEscapeBytes);
      writer_.wrote(write_escaped(out, piece));
    }
  }

  TextWriter writer_;
  BatchView cells_;
  std::vector<std::string> names_;
  std::vector<std::string> leads_;  ///< What stands before each value: `{"a":`, `,"b":`.
  uint64_t rows_ = 0;
};

}  // namespace

std::unique_ptr<Encoder> make_ndjson_encoder(const std::vector<ColumnInfo>& columns,
                                             ByteSink& out) {
  return std::make_unique<NdjsonEncoder>(columns, out);
}

}  // namespace sluice
