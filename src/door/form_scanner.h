#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "door/request_head.h"

namespace sluice {

/// Finds the parts of a multipart/form-data body (RFC 7578; RFC 2046, section 5.1.1) in bytes that
/// come in any pieces. Keeps the parts' heads only and tells where the contents stand, so memory is
/// bounded by the number of parts (1,000) and the size of a head (8 KiB), not by the body. Time
/// grows with the bytes alone, whatever is in them.
///
/// A line is a delimiter only if nothing but blanks follows the boundary (or its closing `--`):
/// what else looks like one is content. Other than RFC 2046 has it for mail, bytes before the first
/// delimiter or after the last are a fault: they would be lost without a word. So is a transfer
/// encoding of a part, which RFC 7578, section 4.7, does away with.
class FormScanner {
 public:
  struct Part {
    std::string name;
    /// Of the quoted forms `\"` and `\\` are undone; nothing is percent-decoded.
    std::string filename;
    std::string content_type;
    uint64_t begin = 0;  ///< Of the content, from the first byte that was fed.
    uint64_t size = 0;
  };

  /// An empty boundary is a fault.
  explicit FormScanner(std::string_view boundary);

  /// False once there is a fault.
  bool feed(std::string_view bytes);
  /// To be called once, after the last byte.
  std::variant<std::vector<Part>, Fault> finish();

 private:
  enum class Step {
    kContent,     ///< Of a part, or in front of the first delimiter; `matched_` of one has come.
    kBoundary,    ///< Right behind a boundary.
    kDash,        ///< Behind the first `-` that follows it.
    kPadding,     ///< Blanks after a boundary.
    kLineEnd,     ///< The CR after them.
    kClosing,     ///< After `--`, perhaps with blanks.
    kClosingEnd,  ///< The CR after them.
    kHead,        ///< In the header lines of a part.
    kEpilogue,    ///< After everything.
  };

  size_t take_content(std::string_view bytes);
  size_t take_head(std::string_view bytes);
  void take_after_boundary(char c);
  void go_on_with_content(char c);
  void end_part();
  void begin_part();
  void end_of_head_line();
  void read_field(std::string_view line);
  void read_disposition(std::string_view value);
  void fail(std::string_view sentence);

  /// CR LF, two dashes and the boundary.
  std::string delimiter_;
  Step step_ = Step::kContent;
  /// The CR LF in front of the first delimiter is the end of the request's head.
  size_t matched_ = 2;
  /// Where the bytes that may be a delimiter begin.
  uint64_t candidate_ = 0;
  /// Bytes fed so far.
  uint64_t at_ = 0;
  std::string line_;
  size_t head_bytes_ = 0;
  bool named_ = false;  ///< The part's Content-Disposition has come.
  std::vector<Part> parts_;
  std::optional<Fault> fault_;
};

}  // namespace sluice
