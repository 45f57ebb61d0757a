#include "intake/parquet_delta_values.h"

#include <algorithm>
#include <string>

#include "base/error.h"
#include "base/limits.h"
#include "intake/delta_decoder.h"
#include "intake/page_bytes.h"

namespace sluice {
namespace {

constexpr size_t kPiece = 512;
/// A value of this encoding may be a thousand times as long as its bytes: what is put together at
/// once ends behind the value that passes this.
constexpr size_t kPieceBytes = 256 * 1024;

DeltaDecoder checked(std::string_view bytes, size_t most) {
  DeltaDecoder numbers(bytes);
  if (numbers.left() > most) fail_damaged("a page has more delta-encoded numbers than values");
  return numbers;
}

class DeltaNumbers final : public ParquetValues {
 public:
  DeltaNumbers(const ParquetNode& leaf, std::string_view bytes, size_t most)
      : narrow_(leaf.type == ParquetType::kInt32), numbers_(checked(bytes, most)) {}
  size_t read(ParquetValue* out, size_t count) override {
    int64_t numbers[kPiece];
    const size_t now = std::min(count, kPiece);
    numbers_.read(numbers, now);
    for (size_t i = 0; i < now; ++i) {
      // Sums of INT32 wrap around at 32 bits.
      out[i].integer = narrow_ ? static_cast<int32_t>(numbers[i]) : numbers[i];
    }
    return now;
  }

 private:
  bool narrow_;
  DeltaDecoder numbers_;
};

/// Lengths that are read beside what they measure.
class Lengths {
 public:
  Lengths(std::string_view bytes, size_t most) : numbers_(checked(bytes, most)) {
    behind_ = DeltaDecoder(numbers_).behind();
  }
  std::string_view behind() const { return behind_; }
  uint64_t next() {
    int64_t length = 0;
    numbers_.read(&length, 1);
    if (length < 0) fail_damaged("a value has a negative length");
    return static_cast<uint64_t>(length);
  }

 private:
  DeltaDecoder numbers_;
  std::string_view behind_;
};

class DeltaLengthTexts final : public ParquetValues {
 public:
  DeltaLengthTexts(std::string_view bytes, size_t most)
      : lengths_(bytes, most), in_(lengths_.behind()) {}
  size_t read(ParquetValue* out, size_t count) override {
    for (size_t i = 0; i < count; ++i) {
      const std::string_view value = in_.take(lengths_.next());
      out[i].bytes = value.data();
      out[i].size = value.size();
    }
    return count;
  }

 private:
  Lengths lengths_;
  PageBytes in_;
};

class DeltaTexts final : public ParquetValues {
 public:
  DeltaTexts(const ParquetNode& leaf, std::string_view bytes, size_t most)
      : width_(leaf.width),
        prefixes_(bytes, most),
        suffixes_(prefixes_.behind(), most),
        in_(suffixes_.behind()) {}

  size_t read(ParquetValue* out, size_t count) override {
    std::string before = piece_.substr(last_);
    piece_.clear();
    last_ = 0;
    size_t now = 0;
    for (; now < count && piece_.size() < kPieceBytes; ++now) {
      const uint64_t prefix = prefixes_.next();
      const std::string_view suffix = in_.take(suffixes_.next());
      const size_t before_size = now == 0 ? before.size() : piece_.size() - last_;
      if (prefix > before_size) fail_damaged("a value begins with more than the one before it has");
      if (prefix + suffix.size() > limits::kValueBytes) fail_too_long();
      const size_t at = piece_.size();
      if (now == 0) {
        piece_.append(before, 0, prefix);
      } else {
        piece_.append(piece_, last_, prefix);
      }
      piece_.append(suffix);
      last_ = at;
      out[now].size = piece_.size() - at;
      if (width_ != 0 && out[now].size != width_)
        fail_damaged("a value of fixed width has another");
    }
    // Only now, as the piece has moved while it grew.
    size_t at = 0;
    for (size_t i = 0; i < now; ++i) {
      out[i].bytes = piece_.data() + at;
      at += out[i].size;
    }
    return now;
  }

 private:
  [[noreturn]] static void fail_too_long() {
    throw Error(ErrorCode::kTooLarge,
                "A value of the Parquet file has more than " + std::to_string(limits::kValueBytes) +
                    " bytes.",
                "Leave it out, or split it.");
  }

  size_t width_;  ///< 0: values have lengths of their own.
  Lengths prefixes_;
  Lengths suffixes_;
  PageBytes in_;
  std::string piece_;  ///< The values read last, one after the other.
  size_t last_ = 0;    ///< Where the last of them begins.
};

}  // namespace

std::unique_ptr<ParquetValues> make_delta_numbers(const ParquetNode& leaf, std::string_view bytes,
                                                  size_t most) {
  return std::make_unique<DeltaNumbers>(leaf, bytes, most);
}

std::unique_ptr<ParquetValues> make_delta_length_texts(std::string_view bytes, size_t most) {
  return std::make_unique<DeltaLengthTexts>(bytes, most);
}

std::unique_ptr<ParquetValues> make_delta_texts(const ParquetNode& leaf, std::string_view bytes,
                                                size_t most) {
  return std::make_unique<DeltaTexts>(leaf, bytes, most);
}

}  // namespace sluice
