#include "format/text_writer.h"

#include "base/encoding.h"
#include "base/error.h"
#include "base/limits.h"

namespace sluice {
void TextWriter::put_base64(std::string_view bytes) {
  scratch_.clear();
  base64_append(scratch_, bytes);
  put(scratch_);
}

void TextWriter::clear() {
  if (buffer_.capacity() > 2 * limits::kBlockBytes) buffer_ = {};
  buffer_.clear();
}

std::string TextWriter::take() {
  std::string text(buffer_.view());
  clear();
  return text;
}

void fail_not_utf8(const std::string& column, const std::string& place) {
  throw Error(
      ErrorCode::kInvalid,
      "Column '" + column + "' holds text that is not valid UTF-8 in " + place + ".",
      "Correct the data, or write the column as hex(...) or CAST(... AS BLOB) in the query.");
}

}  // namespace sluice
