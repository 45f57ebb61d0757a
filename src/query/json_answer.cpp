#include <array>
#include <cstdio>
#include <utility>

#include "data/json_text.h"
#include "format/json_rows.h"
#include "query/answer_types.h"
#include "query/answer_writer.h"

namespace sluice {
namespace {

JsonRules rules_of(AnswerFormat format, const std::vector<ColumnInfo>& columns,
                   JsonIntegers integers) {
  if (format == AnswerFormat::kJsonCompact)
    return json_lists(file_columns_of(columns), "],\n", integers);
  if (format == AnswerFormat::kNdjson) {
    return json_objects(file_columns_of(columns), "}\n", integers, "NDJSON");
  }
  return json_objects(file_columns_of(columns), "},\n", integers, "JSON");
}

std::string seconds_text(double seconds) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.9f", seconds);
  return text.data();
}

/// One object a line and nothing around them.
class NdjsonAnswer final : public AnswerWriter {
 public:
  explicit NdjsonAnswer(JsonRules rules) : rules_(std::move(rules)), rows_(rules_) {}

  void add(Batch& batch) override {
    for (size_t row = 0; row < batch.rows(); ++row) rows_.put_row(batch, row);
  }
  size_t bytes() const override { return rows_.writer().size(); }
  std::string finish(const AnswerFigures&) override { return rows_.writer().take(); }

 private:
  JsonRules rules_;
  JsonRows rows_;
};

/// The public API's answer: the columns, the rows, and figures.
class JsonAnswer final : public AnswerWriter {
 public:
  JsonAnswer(JsonRules rules, const std::vector<ColumnInfo>& columns)
      : rules_(std::move(rules)), rows_(rules_), types_(columns), names_(names_of(columns)) {}

  void add(Batch& batch) override {
    types_.look_at(batch);
    for (size_t row = 0; row < batch.rows(); ++row) rows_.put_row(batch, row);
  }
  size_t bytes() const override { return rows_.writer().size(); }

  std::string finish(const AnswerFigures& figures) override {
    std::string out = "{\"meta\":[";
    for (size_t i = 0; i < names_.size(); ++i) {
      out += i == 0 ? "{\"name\":" : ",{\"name\":";
      append_json_string(out, names_[i]);
      out += ",\"type\":";
      append_json_string(out, types_.type_of(i));
      out += '}';
    }
    out += "],\n\"data\":[\n";
    std::string_view rows = rows_.writer().text();
    // The last row has no other behind it.
    if (rows.ends_with(",\n")) rows.remove_suffix(2);
    const std::string end = end_of(figures);
    out.reserve(out.size() + rows.size() + end.size());
    out += rows;
    out += end;
    return out;
  }

 private:
  static std::string end_of(const AnswerFigures& figures) {
    const std::string rows = std::to_string(figures.rows);
    return "\n],\n\"rows\":" + rows + ",\"rows_before_limit_at_least\":" + rows +
           ",\"statistics\":{\"elapsed\":" + seconds_text(figures.elapsed) +
           ",\"rows_read\":" + std::to_string(figures.rows_read) +
           ",\"bytes_read\":" + std::to_string(figures.bytes_read) + "}}\n";
  }

  JsonRules rules_;
  JsonRows rows_;
  AnswerTypes types_;
  std::vector<std::string> names_;
};

}  // namespace

std::unique_ptr<AnswerWriter> make_json_answer(AnswerFormat format,
                                               const std::vector<ColumnInfo>& columns,
                                               bool integers_as_text) {
  JsonRules rules =
      rules_of(format, columns, integers_as_text ? JsonIntegers::kText : JsonIntegers::kNumbers);
  if (format == AnswerFormat::kNdjson) return std::make_unique<NdjsonAnswer>(std::move(rules));
  return std::make_unique<JsonAnswer>(std::move(rules), columns);
}

}  // namespace sluice
