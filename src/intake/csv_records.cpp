#include "intake/csv_records.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/encoding.h"
#include "base/error.h"
#include "base/limits.h"
#include "intake/csv_text.h"
#include "intake/text_window.h"

namespace sluice {
namespace {

std::string lines_text(uint64_t line) { return "line " + std::to_string(line); }

class CsvRecords final : public RecordSource {
 public:
  CsvRecords(std::unique_ptr<ByteStream> stream, const CsvDialect& dialect,
             const std::vector<DataColumn>& columns)
      : header_(dialect.header), csv_(dialect.delimiter), window_(std::move(stream)) {
    for (const DataColumn& column : columns) {
      names_.push_back(column.name);
      keeps_empty_.push_back(column.kind == DataKind::kText && !column.nullable &&
                             !column.fallback);
    }
    for (size_t i = 0; i < names_.size(); ++i) column_of_.emplace_back(i);
  }

  bool next(Batch& batch, std::vector<RejectedRow>& rejected) override {
    batch.reset(names_.size());
    rows_.clear();
    const size_t rejected_before = rejected.size();
    while (true) {
      window_.advance(std::exchange(used_, 0));
      if (window_.view().empty()) return false;
      read_rows(batch, rejected);
      if (batch.rows() > 0 || rejected.size() > rejected_before) return true;
      if (used_ > 0) continue;  // Blank lines, the header.
      if (!window_.widen()) throw too_long();
    }
  }

  uint64_t line_of(size_t row) const override { return rows_[row].line; }
  std::string text_of(size_t row) const override {
    return shown_row(window_.view().substr(rows_[row].begin, rows_[row].size));
  }

 private:
  struct Row {
    uint64_t line = 0;
    size_t begin = 0;  ///< In the window.
    size_t size = 0;
  };

  /// The whole rows of the window, up to a batch.
  void read_rows(Batch& batch, std::vector<RejectedRow>& rejected) {
    const std::string_view view = window_.view();
    size_t faults = 0;
    while (used_ < view.size() && batch.rows() + faults < limits::kBatchRows &&
           batch.bytes() < limits::kBatchBytes) {
      const CsvText::Outcome outcome = csv_.read(view.substr(used_), window_.is_last());
      if (outcome == CsvText::Outcome::kCutOff) return;
      if (outcome == CsvText::Outcome::kOpenQuote || csv_.size() > limits::kRowBytes) {
        if (batch.rows() + faults > 0) return;
        throw outcome == CsvText::Outcome::kOpenQuote ? open_quote() : too_long();
      }
      std::string_view row = view.substr(used_, csv_.size());
      if (row.ends_with('\n')) row.remove_suffix(1);
      if (row.ends_with('\r')) row.remove_suffix(1);
      const bool is_row = !csv_.is_blank() && !take_header();
      if (is_row) {
        std::string fault = fault_of_row();
        if (fault.empty()) {
          add_row(batch);
          rows_.push_back({line_, used_, row.size()});
        } else {
          ++faults;
          rejected.push_back({line_, shown_row(row), {}, {std::move(fault)}});
        }
      }
      line_ += csv_.lines();
      used_ += csv_.size();
    }
  }

  Error open_quote() const {
    return {ErrorCode::kInvalid,
            "The CSV ends inside of quotes that were opened in " +
                lines_text(line_ + csv_.lines() - 1) + ".",
            "Close the quotes; a quote inside of them is written twice."};
  }
  Error too_long() const {
    return {ErrorCode::kTooLarge,
            "The row that begins in " + lines_text(line_) + " is longer than " +
                std::to_string(limits::kRowBytes) + " bytes.",
            "Perhaps quotes in this line are not closed."};
  }

  /// Whether the row just read is the header, which then says what the fields are.
  bool take_header() {
    if (std::exchange(began_, true) || header_ == CsvDialect::Header::kNo) return false;
    std::vector<std::optional<size_t>> columns;
    std::vector<bool> seen(names_.size());
    size_t matches = 0;
    std::optional<size_t> twice;
    for (const CsvText::Field& field : csv_.fields()) {
      columns.push_back(column_named(field.value(scratch_)));
      if (!columns.back()) continue;
      if (seen[*columns.back()]) {
        twice = columns.back();
        continue;
      }
      seen[*columns.back()] = true;
      ++matches;
    }
    // Where half of them are names of columns the row is one, though it names some wrong: by their
    // places the fields would get into columns that they are not of.
    const bool is_header = matches > 0 && 2 * matches >= std::min(names_.size(), columns.size());
    if (header_ == CsvDialect::Header::kDetect && !is_header) return false;
    if (matches == 0) {
      throw Error(ErrorCode::kInvalid, "The header of the CSV names none of the columns.",
                  "Columns: " + all_names() + ".");
    }
    if (twice) {
      throw Error(ErrorCode::kInvalid,
                  "The header of the CSV names the column '" + names_[*twice] + "' twice.",
                  "Rename one of them.");
    }
    column_of_ = std::move(columns);
    return true;
  }

  std::optional<size_t> column_named(std::string_view field) const {
    const std::string exact = ascii_lower(trim(field));
    const std::string tidied = ascii_lower(csv_column_name(field));
    for (const std::string& wanted : {exact, tidied}) {
      for (size_t i = 0; i < names_.size(); ++i) {
        if (ascii_lower(names_[i]) == wanted) return i;
      }
    }
    return std::nullopt;
  }

  std::string all_names() const {
    std::string all;
    for (const std::string& name : names_) all += (all.empty() ? "" : ", ") + name;
    return all;
  }

  std::string fault_of_row() const {
    if (!csv_.fault().empty()) return "The row " + csv_.fault() + ".";
    const size_t has = csv_.fields().size();
    if (has == column_of_.size()) return {};
    return "The row has " + std::to_string(has) + (has == 1 ? " field" : " fields") +
           " in place of " + std::to_string(column_of_.size()) + ".";
  }

  void add_row(Batch& batch) {
    for (size_t column = 0; column < names_.size(); ++column) batch.add_null(column);
    for (size_t i = 0; i < column_of_.size(); ++i) {
      if (!column_of_[i]) continue;
      const size_t column = *column_of_[i];
      const CsvText::Field& field = csv_.fields()[i];
      const bool empty = field.text.empty() && !field.quoted;
      const bool null = !field.quoted && field.text == "\\N";
      if (null || (empty && !keeps_empty_[column])) continue;
      batch.add_text(column, field.value(scratch_));
    }
    batch.end_row();
  }

  std::vector<std::string> names_;
  std::vector<bool> keeps_empty_;
  std::vector<std::optional<size_t>> column_of_;  ///< Of each field; nothing: it is left out.
  CsvDialect::Header header_;
  bool began_ = false;
  CsvText csv_;
  TextWindow window_;
  size_t used_ = 0;    ///< Bytes of the window that the last batch is of.
  uint64_t line_ = 1;  ///< Of the row that is read next.
  std::vector<Row> rows_;
  std::string scratch_;
};

}  // namespace

std::unique_ptr<RecordSource> make_csv_records(std::shared_ptr<const ByteRange> bytes,
                                               const CsvDialect& dialect,
                                               const std::vector<DataColumn>& columns) {
  const char delimiter = dialect.delimiter;
  if (delimiter == '"' || delimiter == '\n' || delimiter == '\r' || delimiter == '\0') {
    throw Error(ErrorCode::kInvalid, "Quotes and line breaks can't delimit the fields of CSV.",
                "Use for example , ; | or a tab.");
  }
  return std::make_unique<CsvRecords>(open_byte_stream(std::move(bytes)), dialect, columns);
}

std::string csv_column_name(std::string_view field) {
  std::string name;
  for (const char c : trim(field)) {
    const bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (word) {
      name += c;
    } else if (name.empty() || name.back() != '_') {
      name += '_';
    }
  }
  name.resize(std::min(name.size(), limits::kNameBytes - 8));
  if (name.empty() || (name[0] >= '0' && name[0] <= '9')) name.insert(name.begin(), '_');
  return name;
}

}  // namespace sluice
