#include "intake/text_window.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/encoding.h"
#include "base/limits.h"
#include "domain/data_value.h"

namespace sluice {
namespace {

constexpr size_t kFirstBytes = 4096;
constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
constexpr std::string_view kReplacement = "\xef\xbf\xbd";

}  // namespace

TextWindow::TextWindow(std::unique_ptr<ByteStream> stream) : stream_(std::move(stream)) {
  fill(limits::kBatchBytes);
  if (view().starts_with(kByteOrderMark)) begin_ = kByteOrderMark.size();
}

void TextWindow::advance(size_t bytes) {
  begin_ += bytes;
  if (!ended_ && view().size() < limits::kBatchBytes) fill(limits::kBatchBytes);
}

bool TextWindow::widen() {
  const size_t size = view().size();
  if (size >= limits::kRowBytes) return false;
  fill(std::min(std::max(2 * size, limits::kBatchBytes), limits::kRowBytes));
  return true;
}

void TextWindow::fill(size_t wanted) {
  const size_t left = view().size();
  if (left > 0 && begin_ > 0) std::memmove(buffer_.data(), view().data(), left);
  begin_ = 0;
  end_ = left;
  while (!ended_ && end_ < wanted) {
    // Grows with what comes: most bodies of events are short.
    if (end_ == buffer_.size()) buffer_.resize(std::min(std::max(2 * end_, kFirstBytes), wanted));
    const size_t got =
        stream_->read(buffer_.data() + end_, std::min(buffer_.size(), wanted) - end_);
    end_ += got;
    ended_ = got == 0;
  }
}

std::string shown_row(std::string_view row) {
  const std::string_view cut = cut_text(row, limits::kQuarantinedBytes);
  if (is_utf8(cut) && cut.find('\0') == std::string_view::npos) return std::string(cut);
  std::string shown;
  for (size_t i = 0; i < cut.size() && shown.size() < limits::kQuarantinedBytes;) {
    size_t length = 1;
    while (length < 4 && i + length < cut.size() &&
           (static_cast<unsigned char>(cut[i + length]) & 0xc0) == 0x80) {
      ++length;
    }
    const std::string_view character = cut.substr(i, length);
    if (character != std::string_view("\0", 1) && is_utf8(character)) {
      shown += character;
    } else {
      shown += kReplacement;
    }
    i += length;
  }
  shown.resize(cut_text(shown, limits::kQuarantinedBytes).size());
  return shown;
}

}  // namespace sluice
