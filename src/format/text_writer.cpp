#include "format/text_writer.h"

#include <algorithm>
#include <utility>

#include "base/encoding.h"
#include "base/error.h"
#include "base/limits.h"

namespace sluice {
namespace {

constexpr size_t kFirstBytes = 1024;

}  // namespace

void TextWriter::grow(size_t bytes) {
  const size_t used = size();
  buffer_.resize(std::max({used + bytes, 2 * buffer_.size(), kFirstBytes}));
  next_ = buffer_.data() + used;
}

void TextWriter::put_base64(std::string_view bytes) {
  scratch_.clear();
  base64_append(scratch_, bytes);
  put(scratch_);
}

void TextWriter::clear() {
  if (buffer_.size() > 2 * limits::kBlockBytes) buffer_ = {};
  next_ = buffer_.data();
}

std::string TextWriter::take() {
  buffer_.resize(size());
  std::string text = std::exchange(buffer_, {});
  next_ = buffer_.data();
  return text;
}

void fail_not_utf8(const std::string& column, const std::string& place) {
  throw Error(
      ErrorCode::kInvalid,
      "Column '" + column + "' holds text that is not valid UTF-8 in " + place + ".",
      "Correct the data, or write the column as hex(...) or CAST(... AS BLOB) in the query.");
}

}  // namespace sluice
