#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace sluice {

/// One row of CSV after the other (RFC 4180; lines end in LF or CRLF, and any byte may delimit).
/// The fields lie in the text that was given. One thread.
class CsvText {
 public:
  struct Field {
    std::string_view text;  ///< Without the quotes around it.
    bool quoted = false;
    bool doubled = false;  ///< Quotes inside of it are written twice.

    /// What the field holds; `scratch` is where it is put together.
    std::string_view value(std::string& scratch) const;
  };
  enum class Outcome {
    kRow,
    kCutOff,     ///< The text ends inside of the row, and is not the last.
    kOpenQuote,  ///< The last text ends inside of quotes.
  };

  explicit CsvText(char delimiter) : delimiter_(delimiter) {}

  /// Reads the row at the beginning of `text`, which is not empty. `last`: nothing comes behind it.
  Outcome read(std::string_view text, bool last);

  // Of the row that was read:
  const std::vector<Field>& fields() const { return fields_; }
  /// Bytes, with the end of its line.
  size_t size() const { return size_; }
  /// Lines that it takes; kOpenQuote: up to the one in which the open quote stands, itself
  /// included.
  size_t lines() const { return lines_; }
  bool is_blank() const {
    return fields_.size() == 1 && fields_[0].text.empty() && !fields_[0].quoted;
  }
  /// Why the row is none, the end of a sentence that begins with "The row"; empty: it is one.
  const std::string& fault() const { return fault_; }

 private:
  size_t read_quoted(std::string_view text, size_t at);

  char delimiter_;
  std::vector<Field> fields_;
  size_t size_ = 0;
  size_t lines_ = 0;
  std::string fault_;
};

/// Fields of one row; more are none of anybody's.
inline constexpr size_t kMostCsvFields = 10000;

}  // namespace sluice
