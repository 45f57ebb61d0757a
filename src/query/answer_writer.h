#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "data/batch.h"
#include "query/answer_format.h"

namespace sluice {

/// What an answer says of its query, where its format has a place for it.
struct AnswerFigures {
  double elapsed = 0;  ///< Seconds.
  uint64_t rows = 0;
  uint64_t rows_read = 0;
  uint64_t bytes_read = 0;
};

/// Makes the bytes of one answer. One thread.
class AnswerWriter {
 public:
  virtual ~AnswerWriter() = default;
  /// The next rows; they may be taken out of the batch. Throws kInvalid for what the format can't
  /// hold.
  virtual void add(Batch& batch) = 0;
  /// Held so far.
  virtual size_t bytes() const = 0;
  /// The whole answer; the last call.
  virtual std::string finish(const AnswerFigures& figures) = 0;
};

/// Throws kInvalid for columns that the format can't name. `integers_as_text`: in the JSON formats.
std::unique_ptr<AnswerWriter> make_answer_writer(AnswerFormat format,
                                                 const std::vector<ColumnInfo>& columns,
                                                 bool integers_as_text);

// One maker for each kind, for the one above alone.
std::unique_ptr<AnswerWriter> make_json_answer(AnswerFormat format,
                                               const std::vector<ColumnInfo>& columns,
                                               bool integers_as_text);
std::unique_ptr<AnswerWriter> make_csv_answer(const std::vector<ColumnInfo>& columns,
                                              bool with_names);
std::unique_ptr<AnswerWriter> make_tsv_answer(const std::vector<ColumnInfo>& columns,
                                              bool with_names);
std::unique_ptr<AnswerWriter> make_parquet_answer(const std::vector<ColumnInfo>& columns);

}  // namespace sluice
