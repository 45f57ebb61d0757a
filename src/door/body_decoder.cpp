#include "door/body_decoder.h"

#include <algorithm>

#include "door/ascii.h"

namespace sluice {
namespace {

/// A chunk's size with its extensions, which nobody uses and which are skipped.
constexpr size_t kChunkLineBytes = 256;
constexpr size_t kTrailerBytes = 8 * 1024;
constexpr size_t kChunkSizeDigits = 15;

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = lower_ascii(c);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

}  // namespace

BodyDecoder::BodyDecoder(const RequestHead& head, uint64_t limit, uint64_t in_memory)
    : limit_(limit), in_memory_(in_memory), step_(head.chunked ? Step::kChunkSize : Step::kData) {
  if (head.chunked) return;
  left_ = head.content_length;
  if (left_ == 0) step_ = Step::kComplete;
  if (left_ > limit_) fail(413, "The request body is too large for this route.");
  spooled_ = left_ > in_memory_;
}

void BodyDecoder::fail(int status, std::string_view sentence) { fault_ = Fault{status, sentence}; }

size_t BodyDecoder::take(std::string_view bytes) {
  size_t taken = 0;
  while (taken < bytes.size() && !fault_ && step_ != Step::kComplete) {
    const std::string_view rest = bytes.substr(taken);
    const bool data = step_ == Step::kData || step_ == Step::kChunkData;
    taken += data ? take_data(rest) : take_line(rest);
  }
  return taken;
}

size_t BodyDecoder::take_data(std::string_view bytes) {
  const size_t size = static_cast<size_t>(std::min<uint64_t>(left_, bytes.size()));
  body_.append(bytes.substr(0, size));
  left_ -= size;
  total_ += size;
  if (left_ == 0) step_ = step_ == Step::kData ? Step::kComplete : Step::kChunkEnd;
  return size;
}

size_t BodyDecoder::take_line(std::string_view bytes) {
  const size_t newline = bytes.find('\n');
  const size_t size = newline == std::string_view::npos ? bytes.size() : newline + 1;
  const size_t most = step_ == Step::kTrailer ? kTrailerBytes : kChunkLineBytes;
  if (line_.size() + size > most) {
    fail(400, "A line of the chunked request body is too long.");
    return size;
  }
  line_.append(bytes.substr(0, size));
  if (newline == std::string_view::npos) return size;
  if (!line_.ends_with("\r\n") ||
      std::any_of(line_.begin(), line_.end() - 2, [](char c) { return is_control(c); })) {
    fail(400, "A line of the chunked request body is malformed.");
    return size;
  }
  end_of_line();
  line_.clear();
  return size;
}

void BodyDecoder::end_of_line() {
  switch (step_) {
    case Step::kChunkSize:
      return read_chunk_size();
    case Step::kChunkEnd:
      if (line_.size() != 2)
        return fail(400, "A chunk of the request body is longer than it says.");
      step_ = Step::kChunkSize;
      return;
    case Step::kTrailer:
      // Trailer fields are dropped (RFC 9110, section 6.5.1, allows it): none has a meaning here.
      trailer_bytes_ += line_.size();
      if (line_.size() == 2) step_ = Step::kComplete;
      if (trailer_bytes_ > kTrailerBytes) fail(431, "The trailer of the request is too large.");
      return;
    case Step::kData:
    case Step::kChunkData:
    case Step::kComplete:
      return;
  }
}

void BodyDecoder::read_chunk_size() {
  size_t digits = 0;
  left_ = 0;
  while (hex_digit(line_[digits]) >= 0 && digits <= kChunkSizeDigits) {
    left_ = left_ * 16 + static_cast<uint64_t>(hex_digit(line_[digits++]));
  }
  const std::string_view after =
      trim_blanks(std::string_view(line_).substr(digits, line_.size() - 2 - digits));
  if (digits == 0 || digits > kChunkSizeDigits || !(after.empty() || after.starts_with(';'))) {
    return fail(400, "A chunk size of the request body is not a hexadecimal number.");
  }
  if (left_ > limit_ - total_) {
    return fail(413, "The request body is too large for this route.");
  }
  spooled_ = spooled_ || left_ > in_memory_ - total_;
  step_ = left_ == 0 ? Step::kTrailer : Step::kChunkData;
}

}  // namespace sluice
