#include <utility>

#include "base/error.h"
#include "base/limits.h"
#include "data/byte_sink.h"
#include "format/block.h"
#include "format/type_plan.h"
#include "query/answer_writer.h"

namespace sluice {
namespace {

/// As an export without options writes it.
class CsvAnswer final : public AnswerWriter {
 public:
  CsvAnswer(const std::vector<ColumnInfo>& columns, bool with_names)
      : format_(make_format(columns, with_names)), builder_(format_->make_builder()) {}

  void add(Batch& batch) override { builder_->add(batch); }
  size_t bytes() const override { return builder_->bytes(); }
  std::string finish(const AnswerFigures&) override { return builder_->take(true).bytes; }

 private:
  static std::unique_ptr<FileFormat> make_format(const std::vector<ColumnInfo>& columns,
                                                 bool with_names) {
    FormatSpec spec;
    spec.options.csv_header = with_names;
    spec.columns = file_columns_of(columns);
    return make_file_format(std::move(spec));
  }

  std::unique_ptr<FileFormat> format_;
  std::unique_ptr<BlockBuilder> builder_;
};

class TextSink final : public ByteSink {
 public:
  explicit TextSink(std::string& out) : out_(out) {}
  void write(std::string_view bytes) override { out_ += bytes; }
  void finish() override {}

 private:
  std::string& out_;
};

/// Keeps the rows until all are there: only then their types are known. A column that does not hold
/// what it is declared to hold becomes text: who asks for an answer can't set options.
class ParquetAnswer final : public AnswerWriter {
 public:
  explicit ParquetAnswer(const std::vector<ColumnInfo>& columns) : columns_(columns) {}

  void add(Batch& batch) override {
    bytes_ += batch.bytes();
    batches_.push_back(std::move(batch));
  }
  size_t bytes() const override { return bytes_; }

  std::string finish(const AnswerFigures&) override {
    const std::vector<CastColumn> casts = types();
    FormatSpec spec;
    spec.format = Format::kParquet;
    spec.compression = Compression::kSnappy;
    for (const CastColumn& cast : casts) {
      spec.columns.push_back({cast.name, cast.type, spec.columns.size()});
    }
    const std::unique_ptr<FileFormat> format = make_file_format(std::move(spec));
    const std::unique_ptr<BlockBuilder> builder = format->make_builder();
    std::string out;
    TextSink sink(out);
    const std::unique_ptr<BlockJoiner> joiner = format->make_joiner(sink, false);
    ValueCaster caster(casts, TypeMismatch::kString);
    bool first = true;
    for (Batch& batch : batches_) {
      if (!caster.cast(batch)) {
        throw Error(ErrorCode::kInternal, "A value does not fit the type that was found for it.");
      }
      builder->add(batch);
      batch = Batch();
      if (builder->rows() < limits::kRowGroupRows) continue;
      joiner->append(builder->take(std::exchange(first, false)));
    }
    if (first || builder->rows() > 0) joiner->append(builder->take(first));
    joiner->finish();
    return out;
  }

 private:
  std::vector<CastColumn> types() const {
    size_t next = 0;
    return survey_types(
        columns_,
        [&](Batch& batch) {
          if (next == batches_.size()) return false;
          batch = batches_[next++];
          return true;
        },
        TypeMismatch::kString);
  }

  std::vector<ColumnInfo> columns_;
  std::vector<Batch> batches_;
  size_t bytes_ = 0;
};

}  // namespace

std::unique_ptr<AnswerWriter> make_csv_answer(const std::vector<ColumnInfo>& columns,
                                              bool with_names) {
  return std::make_unique<CsvAnswer>(columns, with_names);
}

std::unique_ptr<AnswerWriter> make_parquet_answer(const std::vector<ColumnInfo>& columns) {
  return std::make_unique<ParquetAnswer>(columns);
}

}  // namespace sluice
