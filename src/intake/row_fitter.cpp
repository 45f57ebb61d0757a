#include "intake/row_fitter.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <utility>

#include "base/limits.h"
#include "domain/data_value.h"

namespace sluice {
namespace {

/// What a column's cells are made with.
struct Fit {
  explicit Fit(const DataColumn& column)
      : fitter(column),
        name(column.name),
        may_be_null(column.nullable || defaults_to_time(column)),
        fallback(defaults_to_time(column) ? std::nullopt : column.fallback) {}

  ValueFitter fitter;
  std::string name;
  bool may_be_null;
  std::optional<std::string> fallback;  ///< None for the time, which the warehouse knows.
  /// What stands for missing values in this batch, once one was missing; its text is shared.
  std::optional<Cell> missing;
};

class RowFitter final : public FittedRows {
 public:
  RowFitter(std::unique_ptr<RecordSource> records, const std::vector<DataColumn>& columns)
      : records_(std::move(records)) {
    for (const DataColumn& column : columns) fits_.emplace_back(column);
  }

  bool next(Batch& batch, std::vector<RejectedRow>& rejected) override {
    rejected.clear();
    batch.reset(fits_.size());
    if (!records_->next(batch, rejected)) {
      batch.clear();
      return false;
    }
    const size_t unread = rejected.size();
    reject_of_.assign(batch.rows(), kFits);
    for (size_t column = 0; column < fits_.size(); ++column) fit_column(column, batch, rejected);
    if (rejected.size() == unread) return true;
    keep_.resize(batch.rows());
    for (size_t row = 0; row < keep_.size(); ++row) keep_[row] = reject_of_[row] == kFits;
    batch.keep_rows(keep_);
    std::sort(rejected.begin(), rejected.end(),
              [](const RejectedRow& a, const RejectedRow& b) { return a.line < b.line; });
    return true;
  }

 private:
  static constexpr size_t kFits = static_cast<size_t>(-1);

  void fit_column(size_t column, Batch& batch, std::vector<RejectedRow>& rejected) {
    Fit& fit = fits_[column];
    fit.missing.reset();
    for (size_t row = 0; row < batch.rows(); ++row) {
      const Cell cell = batch.at(column, row);
      bool fits = false;
      switch (cell.type) {
        case ValueType::kNull:
          if (fit.missing) batch.replace(column, row, *fit.missing);
          if (fit.missing || (fit.may_be_null && !fit.fallback)) continue;
          if (!fit.fallback) {
            reject(row, fit.name,
                   "The value is missing, and the column is neither Nullable nor has a DEFAULT.",
                   rejected);
            continue;
          }
          fits = fit.fitter.fit_fallback(*fit.fallback, {});
          break;
        case ValueType::kInteger:
          fits = fit.fitter.fit(cell.integer);
          break;
        case ValueType::kReal:
          fits = fit.fitter.fit(cell.real);
          break;
        case ValueType::kText:
        case ValueType::kBlob:
          fits = fit.fitter.fit(batch.text(cell));
          break;
        case ValueType::kBoolean:
        case ValueType::kSingle:
        case ValueType::kDate:
        case ValueType::kTimestamp:
        case ValueType::kNumber:
        case ValueType::kNested:
          fail_not_stored(cell.type);
      }
      if (fits) {
        put(fit.fitter, column, row, batch);
        if (cell.type == ValueType::kNull) fit.missing = batch.at(column, row);
      } else {
        reject(row, fit.name, fit.fitter.reason(), rejected);
      }
    }
  }

  void put(const ValueFitter& fitter, size_t column, size_t row, Batch& batch) {
    Cell cell = batch.at(column, row);
    switch (fitter.result()) {
      case ValueFitter::Result::kNull:
        cell = Cell();
        break;
      case ValueFitter::Result::kInteger:
        cell.type = ValueType::kInteger;
        cell.integer = fitter.integer();
        break;
      case ValueFitter::Result::kReal:
        cell.type = ValueType::kReal;
        cell.real = fitter.real();
        break;
      case ValueFitter::Result::kText:
        return put_text(fitter.text(), column, row, batch);
    }
    batch.replace(column, row, cell);
  }

  /// What is part of the cell's own text stays where it is.
  void put_text(std::string_view text, size_t column, size_t row, Batch& batch) {
    Cell cell = batch.at(column, row);
    if (cell.type == ValueType::kText || cell.type == ValueType::kBlob) {
      const std::string_view old = batch.text(cell);
      const std::less_equal<> before;
      if (before(old.data(), text.data()) &&
          before(text.data() + text.size(), old.data() + old.size())) {
        cell.type = ValueType::kText;
        cell.offset += static_cast<uint64_t>(text.data() - old.data());
        cell.size = static_cast<uint32_t>(text.size());
        batch.replace(column, row, cell);
        return;
      }
    }
    batch.replace_text(column, row, text);
  }

  void reject(size_t row, const std::string& column, const std::string& reason,
              std::vector<RejectedRow>& rejected) {
    if (reject_of_[row] == kFits) {
      reject_of_[row] = rejected.size();
      rejected.push_back({records_->line_of(row), records_->text_of(row), {}, {}});
    }
    RejectedRow& reject = rejected[reject_of_[row]];
    if (reject.columns.size() == limits::kFaultsPerRow) return;
    reject.columns.push_back(column);
    reject.reasons.push_back(reason);
  }

  std::unique_ptr<RecordSource> records_;
  std::vector<Fit> fits_;
  std::vector<size_t> reject_of_;  ///< Of each row of the batch: which of the rejected, or kFits.
  std::vector<bool> keep_;
};

}  // namespace

std::unique_ptr<FittedRows> make_fitted_rows(std::unique_ptr<RecordSource> records,
                                             const std::vector<DataColumn>& columns) {
  return std::make_unique<RowFitter>(std::move(records), columns);
}

}  // namespace sluice
