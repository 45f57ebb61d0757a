#pragma once

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "base/byte_range.h"
#include "data/value_text.h"
#include "intake/fitted_rows.h"
#include "intake/record_source.h"

namespace sluice {

/// How a cell looks in an expectation: `NULL`, `5`, `1.5`, `'text'`, `bytes 'x'`.
inline std::string cell_text(const Batch& batch, size_t column, size_t row) {
  const Cell& cell = batch.at(column, row);
  std::string text;
  switch (cell.type) {
    case ValueType::kNull:
      return "NULL";
    case ValueType::kInteger:
      append_integer(text, cell.integer);
      return text;
    case ValueType::kReal:
      append_real(text, cell.real);
      return text;
    case ValueType::kText:
      break;
    case ValueType::kBlob:
      text = "bytes ";
      break;
    default:
      fail_not_stored(cell.type);
  }
  return text + "'" + std::string(batch.text(cell)) + "'";
}

using RowTexts = std::vector<std::string>;

struct ReadRows {
  std::vector<RowTexts> rows;
  std::vector<RejectedRow> rejected;

  /// "line: reason" of each rejected row, several reasons as "column: reason; ...".
  std::vector<std::string> faults() const {
    std::vector<std::string> all;
    for (const RejectedRow& row : rejected) {
      std::string text = std::to_string(row.line) + ": ";
      for (size_t i = 0; i < row.reasons.size(); ++i) {
        if (i > 0) text += "; ";
        if (!row.columns.empty()) text += row.columns[i] + ": ";
        text += row.reasons[i];
      }
      all.push_back(std::move(text));
    }
    return all;
  }
};

inline void add_rows(ReadRows& read, const Batch& batch) {
  for (size_t row = 0; row < batch.rows(); ++row) {
    RowTexts cells;
    for (size_t column = 0; column < batch.columns(); ++column) {
      cells.push_back(cell_text(batch, column, row));
    }
    read.rows.push_back(std::move(cells));
  }
}

/// Everything that is read.
inline ReadRows read_all(FittedRows& source) {
  ReadRows read;
  Batch batch;
  std::vector<RejectedRow> rejected;
  while (source.next(batch, rejected)) {
    add_rows(read, batch);
    read.rejected.insert(read.rejected.end(), rejected.begin(), rejected.end());
  }
  return read;
}
inline ReadRows read_all(RecordSource& source) {
  ReadRows read;
  Batch batch;
  while (source.next(batch, read.rejected)) add_rows(read, batch);
  return read;
}

/// Bytes that are made when they are asked for: `head`, then `row` `times` times.
class RepeatedRange final : public ByteRange {
 public:
  RepeatedRange(std::string head, std::string row, uint64_t times)
      : head_(std::move(head)), row_(std::move(row)), times_(times) {}
  uint64_t size() const override { return head_.size() + row_.size() * times_; }
  size_t read(uint64_t offset, char* to, size_t most) const override {
    size_t done = 0;
    while (done < most && offset < size()) {
      const bool in_head = offset < head_.size();
      const std::string& text = in_head ? head_ : row_;
      const auto at = static_cast<size_t>(in_head ? offset : (offset - head_.size()) % row_.size());
      const size_t part = std::min(most - done, text.size() - at);
      std::memcpy(to + done, text.data() + at, part);
      done += part;
      offset += part;
    }
    return done;
  }

 private:
  std::string head_;
  std::string row_;
  uint64_t times_;
};

}  // namespace sluice
