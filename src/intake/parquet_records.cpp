#include "intake/parquet_records.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/encoding.h"
#include "base/error.h"
#include "base/limits.h"
#include "data/json_text.h"
#include "data/value_text.h"
#include "intake/page_bytes.h"
#include "intake/parquet_assembly.h"
#include "intake/parquet_cursor.h"
#include "intake/parquet_file.h"
#include "intake/parquet_path.h"
#include "intake/parquet_text.h"

namespace sluice {
namespace {

/// A column that is wanted, by how it is read; one of the file's columns may be read twice.
struct WantedColumn {
  std::unique_ptr<ParquetNode> field;     ///< What the others read.
  std::unique_ptr<ParquetCursor> values;  ///< A leaf that is in no list.
  std::unique_ptr<ParquetAssembly>
      records;  ///< Anything else. Neither: the file has no such field.

  void begin(const std::vector<ParquetChunkPlace>& chunks) {
    if (values) values->begin(chunks[values->leaf().first_leaf]);
    if (records) records->begin(chunks);
  }
  bool more() { return (values && values->more()) || (records && records->more()); }
};

class ParquetRecords final : public RecordSource {
 public:
  ParquetRecords(std::shared_ptr<const ByteRange> bytes, const std::vector<DataColumn>& columns)
      : bytes_(std::move(bytes)), file_(*bytes_), reading_{*bytes_} {
    bool any = false;
    for (const DataColumn& column : columns) {
      names_.push_back(column.name);
      WantedColumn& wanted = wanted_.emplace_back();
      std::optional<ParquetNode> field = find_field(file_.root(), column);
      if (!field) continue;
      any = true;
      wanted.field = std::make_unique<ParquetNode>(std::move(*field));
      if (wanted.field->shape == ParquetShape::kLeaf) {
        wanted.values = std::make_unique<ParquetCursor>(*wanted.field, reading_);
      } else {
        wanted.records = std::make_unique<ParquetAssembly>(*wanted.field, reading_);
      }
    }
    // Rows of NULLs alone are nobody's wish, and a small file could say that it has any number.
    if (!any) fail_no_column(file_.root());
  }

  bool next(Batch& batch, std::vector<RejectedRow>& rejected) override {
    rejected.clear();
    batch.reset(wanted_.size());
    batch_ = &batch;
    first_row_ += std::exchange(batch_rows_, 0);
    batch.set_place(first_row_, " of the file");
    while (batch.rows() < limits::kBatchRows && batch.bytes() < limits::kBatchBytes) {
      if (row_ == group_rows_ && !next_group()) break;
      for (size_t i = 0; i < wanted_.size(); ++i) put_cell(batch, i);
      batch.end_row();
      ++row_;
    }
    batch_rows_ = batch.rows();
    count(batch);
    return batch_rows_ > 0;
  }

  uint64_t line_of(size_t row) const override { return first_row_ + row; }

  /// The columns that are read, as a line of JSON.
  std::string text_of(size_t row) const override {
    std::string text = "{";
    for (size_t i = 0; i < wanted_.size() && text.size() < limits::kQuarantinedBytes; ++i) {
      if (i > 0) text += ',';
      append_json_string(text, names_[i]);
      text += ':';
      append_cell(text, i, row);
    }
    text += '}';
    size_t size = std::min(text.size(), limits::kQuarantinedBytes);
    while (!is_utf8(std::string_view(text).substr(0, size))) --size;
    text.resize(size);
    return text;
  }

 private:
  [[noreturn]] static void fail_no_column(const ParquetNode& root) {
    constexpr size_t kShown = 20;
    std::string names;
    for (size_t i = 0; i < std::min(kShown, root.children.size()); ++i) {
      names += (i > 0 ? ", " : "") + shown_name(root.children[i].name);
    }
    if (root.children.size() > kShown) names += ", ...";
    throw Error(ErrorCode::kInvalid, "The Parquet file has none of the data source's columns.",
                "It has these: " + names + ".");
  }

  /// A few bytes can be any number of NULLs, or of times a long text: the rule for compressed files
  /// is that for these, too. A cell counts as one byte, a text as those it has.
  void count(const Batch& batch) {
    given_ += batch.bytes() - batch.rows() * batch.columns() * (sizeof(Cell) - 1);
    const uint64_t swollen = bytes_->size() * limits::kUnpackedTimes;
    const uint64_t most =
        std::max(std::min(swollen, limits::kUnpackedBytes), limits::kUnpackedAlways);
    if (given_ <= most) return;
    throw Error(ErrorCode::kTooLarge,
                "The Parquet file of " + std::to_string(bytes_->size()) +
                    " bytes holds more than " + std::to_string(most) + " bytes of values.",
                "Write fewer rows into one file.");
  }

  /// The next row group that has rows; false behind the last.
  bool next_group() {
    check_end();
    do {
      if (group_ == file_.groups()) return false;
      row_ = 0;
      group_rows_ = file_.rows(group_);
      const std::vector<ParquetChunkPlace> chunks = file_.chunks(group_++);
      for (WantedColumn& wanted : wanted_) wanted.begin(chunks);
      if (group_rows_ == 0) check_end();
    } while (group_rows_ == 0);
    return true;
  }

  void check_end() {
    if (group_ == 0) return;
    for (size_t i = 0; i < wanted_.size(); ++i) {
      if (wanted_[i].more()) {
        fail_damaged("column '" + names_[i] + "' has more values than row group " +
                     std::to_string(group_) + " has rows");
      }
    }
  }

  void put_cell(Batch& batch, size_t column) {
    WantedColumn& wanted = wanted_[column];
    if (wanted.values) {
      const ParquetValue* const value = wanted.values->take();
      if (value == nullptr) return batch.add_null(column);
      return put_parquet_cell(batch, column, wanted.values->leaf(), *value);
    }
    json_.clear();
    if (!wanted.records || !wanted.records->append_row(json_)) return batch.add_null(column);
    batch.add_text(column, json_);
  }

  void append_cell(std::string& text, size_t column, size_t row) const {
    const Cell& cell = batch_->at(column, row);
    switch (cell.type) {
      case ValueType::kNull:
        text += "null";
        return;
      case ValueType::kInteger:
        return append_integer(text, cell.integer);
      case ValueType::kReal:
        return append_real(text, cell.real);
      case ValueType::kText:
        if (!wanted_[column].records) return append_json_string(text, batch_->text(cell));
        text += batch_->text(cell);
        return;
      case ValueType::kBlob:
        return append_json_string(text, hex_encode(batch_->text(cell)));
      case ValueType::kBoolean:
      case ValueType::kSingle:
      case ValueType::kDate:
      case ValueType::kTimestamp:
      case ValueType::kNumber:
      case ValueType::kNested:
        fail_not_stored(cell.type);
    }
  }

  std::shared_ptr<const ByteRange> bytes_;
  ParquetFile file_;
  ParquetReading reading_;
  std::vector<std::string> names_;
  std::vector<WantedColumn> wanted_;
  size_t group_ = 0;  ///< The one that comes next.
  int64_t group_rows_ = 0;
  int64_t row_ = 0;  ///< Of the current group.
  std::string json_;
  const Batch* batch_ = nullptr;  ///< The one filled last.
  uint64_t first_row_ = 1;
  uint64_t given_ = 0;  ///< Bytes of all rows up to now.
  size_t batch_rows_ = 0;
};

}  // namespace

std::unique_ptr<RecordSource> make_parquet_records(std::shared_ptr<const ByteRange> bytes,
                                                   const std::vector<DataColumn>& columns) {
  return std::make_unique<ParquetRecords>(std::move(bytes), columns);
}

}  // namespace sluice
