#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "data/batch.h"
#include "domain/file_template.h"

namespace sluice {

/// Names the file that each row of one export belongs to. Bound to a result's columns. One thread.
class KeyBuilder {
 public:
  /// `prefix` may be empty; slashes at its ends are ignored. `extension` is `file_extension` of
  /// format and compression. Throws kInvalid like `FileTemplate::check_names`.
  KeyBuilder(const FileTemplate& file_template, std::string_view prefix, std::string_view extension,
             const std::vector<ColumnInfo>& columns, const RunVariables& variables);

  /// Every row has the same key, so that batches need not be split.
  bool is_single_file() const { return single_; }
  /// The key where no value of a row is needed: of the one file, also when there are no rows.
  /// Only when `is_single_file`.
  const std::string& single_key() const { return head_; }

  /// The one column whose values alone tell the key, as they are; none where it takes more.
  std::optional<size_t> only_column() const;
  /// The one column whose values tell the key, as they are or as dates; none where it takes more.
  std::optional<size_t> deciding_column() const;

  /// Replaces `key` by the object key of a row. `{N}` deals rows in the order of these calls, so
  /// call it once for each row. Throws kInvalid that names column and value: text that is not
  /// UTF-8, no date where one is formatted, a key over limits::kKeyBytes.
  void key_of(const Batch& batch, size_t row, std::string& key);

 private:
  /// What is appended one after the other; text before it stands in `text`.
  struct Step {
    enum class Kind { kText, kValue, kDate, kSpread };
    Kind kind = Kind::kText;
    std::string text;
    size_t column = 0;
    DateFormat date;
    unsigned parts = 0;
    size_t width = 0;
  };
  void add_text(std::string_view text);
  void add_piece(const TemplatePiece& piece, const std::vector<ColumnInfo>& columns,
                 const RunVariables& variables);
  void append_step(const Step& step, const Batch& batch, size_t row, std::string& key) const;
  void append_value(const Step& step, const Batch& batch, const Cell& cell, std::string& key) const;
  void append_date(const Step& step, const Batch& batch, const Cell& cell, std::string& key) const;
  [[noreturn]] void fail_too_long(const Batch& batch, size_t row, size_t bytes) const;

  std::string head_;         ///< What every key begins with.
  std::vector<Step> steps_;  ///< What follows; empty when there is a single file.
  std::vector<std::string> names_;
  uint64_t dealt_ = 0;
  bool single_ = false;
};

}  // namespace sluice
