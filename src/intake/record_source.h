#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "data/batch.h"
#include "intake/fitted_rows.h"

namespace sluice {

/// The records of a file as its format has them, before they are fitted: one column of the batch
/// for each column of the data source, in its order, found by name or JSON path. A cell is kNull
/// (null, or no such field), kInteger, kReal, kText or kBlob; booleans are kInteger; dates, times
/// and decimals that the format knows are kText in the form of domain/data_source.h; nested values
/// are kText that is JSON. One thread at a time.
class RecordSource {
 public:
  virtual ~RecordSource() = default;
  /// Refills `batch`; adds to `rejected` what can't be read as a record. False at the end. Throws
  /// as FittedRows::next says.
  virtual bool next(Batch& batch, std::vector<RejectedRow>& rejected) = 0;
  /// Of a row of the last batch: its line (RejectedRow::line), and the row as it came, cut to what
  /// RejectedRow::text may hold.
  virtual uint64_t line_of(size_t row) const = 0;
  virtual std::string text_of(size_t row) const = 0;
};

}  // namespace sluice
