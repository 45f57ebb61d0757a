#include <array>

#include "base/encoding.h"
#include "data/cell_text.h"
#include "format/nested_json.h"
#include "format/text_writer.h"
#include "query/answer_writer.h"

namespace sluice {
namespace {

/// The letter behind the backslash of an escaped byte; 0 for bytes that stand for themselves
/// (ClickHouse's TabSeparated).
constexpr std::array<char, 256> kEscapes = [] {
  std::array<char, 256> table{};
  table['\b'] = 'b';
  table['\f'] = 'f';
  table['\n'] = 'n';
  table['\r'] = 'r';
  table['\t'] = 't';
  table['\0'] = '0';
  table['\''] = '\'';
  table['\\'] = '\\';
  return table;
}();

/// Values between tabs as in CSV, NULL as `\N`, nested values as JSON.
class TsvAnswer final : public AnswerWriter {
 public:
  TsvAnswer(const std::vector<ColumnInfo>& columns, bool with_names)
      : names_(names_of(columns)), json_(JsonIntegers::kNumbers) {
    for (const FileColumn& column : file_columns_of(columns)) nested_.emplace_back(column.type);
    if (!with_names) return;
    for (size_t i = 0; i < names_.size(); ++i) {
      put_escaped(names_[i]);
      writer_.put(i + 1 == names_.size() ? '\n' : '\t');
    }
  }

  void add(Batch& batch) override {
    for (size_t row = 0; row < batch.rows(); ++row) {
      for (size_t column = 0; column < batch.columns(); ++column) {
        put_cell(batch, column, row);
        writer_.put(column + 1 == batch.columns() ? '\n' : '\t');
      }
    }
  }
  size_t bytes() const override { return writer_.size(); }
  std::string finish(const AnswerFigures&) override { return writer_.take(); }

 private:
  void put_cell(const Batch& batch, size_t column, size_t row) {
    const Cell& cell = batch.at(column, row);
    switch (cell.type) {
      case ValueType::kInteger:
        return writer_.put_integer(cell.integer);
      case ValueType::kReal:
        return writer_.put_real(cell.real);
      case ValueType::kBlob:
        return writer_.put_base64(batch.text(cell));
      case ValueType::kText:
        if (!is_utf8(batch.text(cell))) fail_not_utf8(names_[column], batch.place(row));
        return put_escaped(batch.text(cell));
      case ValueType::kBoolean:
      case ValueType::kSingle:
      case ValueType::kDate:
      case ValueType::kTimestamp:
        return writer_.wrote(write_cell(writer_.room(kNumberBytes), cell));
      case ValueType::kNumber:
        return writer_.put(batch.text(cell));
      case ValueType::kNested:
        json_.writer().clear();
        if (!nested_[column].put(batch.text(cell), json_)) {
          fail_not_utf8(names_[column], batch.place(row));
        }
        return put_escaped(json_.writer().text());
      case ValueType::kNull:
        break;
    }
    writer_.put("\\N");
  }

  void put_escaped(std::string_view text) {
    size_t plain = 0;  // Where what was not put yet begins.
    for (size_t i = 0; i < text.size(); ++i) {
      const char escape = kEscapes[static_cast<unsigned char>(text[i])];
      if (escape == 0) continue;
      writer_.put(text.substr(plain, i - plain));
      writer_.put('\\');
      writer_.put(escape);
      plain = i + 1;
    }
    writer_.put(text.substr(plain));
  }

  std::vector<std::string> names_;
  std::vector<NestedJson> nested_;  ///< Of each column, should its values be nested.
  JsonValues json_;                 ///< Of one nested value.
  TextWriter writer_;
};

}  // namespace

std::unique_ptr<AnswerWriter> make_tsv_answer(const std::vector<ColumnInfo>& columns,
                                              bool with_names) {
  return std::make_unique<TsvAnswer>(columns, with_names);
}

}  // namespace sluice
