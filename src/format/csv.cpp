#include "base/encoding.h"
#include "format/encoder.h"
#include "format/encoders.h"
#include "format/text_writer.h"

namespace sluice {
namespace {

class CsvEncoder final : public Encoder {
 public:
  CsvEncoder(const std::vector<ColumnInfo>& columns, ByteSink& out) : writer_(out) {
    for (size_t i = 0; i < columns.size(); ++i) {
      names_.push_back(columns[i].name);
      if (i > 0) writer_.put(',');
      put_text(columns[i].name, i);
    }
    writer_.put('\n');
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
    for (size_t column = 0; column < names_.size(); ++column) {
      if (column > 0) writer_.put(',');
      const Cell& cell = cells_.at(column, row);
      switch (cell.type) {
        case ValueType::kNull:
          if (names_.size() == 1) writer_.put("\"\"");
          break;
        case ValueType::kInteger:
          writer_.put_integer(cell.integer);
          break;
        case ValueType::kReal:
          writer_.put_real(cell.real);
          break;
        case ValueType::kText:
          put_text(batch.text(cell), column);
          break;
        case ValueType::kBlob:
          put_blob(batch.text(cell));
      }
    }
    writer_.put('\n');
  }

  void put_text(std::string_view text, size_t column) {
    const TextScan scan = scan_text(text, [](uint64_t word) {
      return words::has(word, ',') | words::has(word, '"') | words::has(word, '\n') |
             words::has(word, '\r');
    });
    if (scan.non_ascii && !is_utf8(text)) fail_not_utf8(names_[column], rows_);
    if (scan.special || text.empty()) {
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
    if (bytes.empty()) return writer_.put("\"\"");
    writer_.put_base64(bytes);
  }

  TextWriter writer_;
  BatchView cells_;
  std::vector<std::string> names_;
  uint64_t rows_ = 0;
};

}  // namespace

std::unique_ptr<Encoder> make_csv_encoder(const std::vector<ColumnInfo>& columns, ByteSink& out) {
  return std::make_unique<CsvEncoder>(columns, out);
}

}  // namespace sluice
