#include "format/text_writer.h"

#include "base/encoding.h"
#include "base/error.h"

namespace sluice {

void TextWriter::flush() {
  const auto size = static_cast<size_t>(next_ - buffer_.data());
  next_ = buffer_.data();
  if (size > 0) out_.write(std::string_view(buffer_.data(), size));
}

void TextWriter::put_long(std::string_view bytes) {
  flush();
  if (bytes.size() >= buffer_.size()) return out_.write(bytes);
  put(bytes);
}

void TextWriter::put_base64(std::string_view bytes) {
  // A multiple of three bytes, so that only the last piece is padded.
  constexpr size_t kPiece = 12 * 1024;
  for (size_t at = 0; at < bytes.size(); at += kPiece) {
    scratch_.clear();
    base64_append(scratch_, bytes.substr(at, kPiece));
    put(scratch_);
  }
}

void TextWriter::finish() {
  flush();
  out_.finish();
}

void fail_not_utf8(const std::string& column, uint64_t row) {
  throw Error(
      ErrorCode::kInvalid,
      "Column '" + column + "' holds text that is not valid UTF-8 in row " + std::to_string(row) +
          " of a file.",
      "Correct the data, or write the column as hex(...) or CAST(... AS BLOB) in the query.");
}

}  // namespace sluice
