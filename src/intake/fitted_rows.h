#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/byte_range.h"
#include "data/batch.h"
#include "data/rejected_row.h"
#include "domain/data_source.h"

namespace sluice {

/// How a file of rows is written.
enum class RowFormat { kCsv, kNdjson, kParquet };

/// By the names that clients use (`csv`, `ndjson`, `jsonl`, `json`, `parquet`), in any case. Throws
/// kInvalid that lists them.
RowFormat parse_row_format(std::string_view text);

struct CsvDialect {
  char delimiter = ',';
  enum class Header { kDetect, kYes, kNo } header = Header::kDetect;
};

/// What is read, from what.
struct RowInput {
  std::shared_ptr<const ByteRange> bytes;
  RowFormat format = RowFormat::kNdjson;
  CsvDialect csv = {};
};

/// Rows of a file as the columns of a data source want them: each cell of a batch is kNull (only
/// where the column is nullable, or its DEFAULT is the time, which is told when the row is written)
/// or what its kind is stored as (domain/data_source.h). One thread at a time.
class FittedRows {
 public:
  virtual ~FittedRows() = default;
  /// Refills `batch` with the next rows (limits::kBatchRows or kBatchBytes) and `rejected` with
  /// those among them that do not fit; false at the end, with both empty. Throws kInvalid, with the
  /// line, for what makes the rest unreadable (a quote that is not closed, bytes that are no gzip,
  /// no Parquet footer), kTooLarge (a line or value over its limit, a compressed file that swells
  /// beyond limits), kStorage.
  virtual bool next(Batch& batch, std::vector<RejectedRow>& rejected) = 0;
};

/// Opens the rows. gzip and zstd around CSV and NDJSON are recognised by their first bytes and
/// undone. A field without a column is left out; a column without a field is NULL, its fallback, or
/// rejects the row.
std::unique_ptr<FittedRows> open_rows(const RowInput& input,
                                      const std::vector<DataColumn>& columns);

/// Columns that fit what the file holds, told by its first rows (Parquet: by its schema). Throws
/// what `open_rows` and `next` throw, and kInvalid where there is nothing to tell them by.
std::vector<DataColumn> infer_columns(const RowInput& input);

}  // namespace sluice
