#include "intake/parquet_values.h"

#include <algorithm>
#include <cstring>
#include <iterator>
#include <string>
#include <type_traits>

#include "base/error.h"
#include "intake/bit_unpack.h"
#include "intake/page_bytes.h"
#include "intake/parquet_delta_values.h"
#include "intake/rle_decoder.h"

namespace sluice {
namespace {

/// What a decoder that has to put values together holds of them at once.
constexpr size_t kPieceBytes = 64 * 1024;

size_t width_of(const ParquetNode& leaf) {
  switch (leaf.type) {
    case ParquetType::kInt32:
    case ParquetType::kFloat:
      return 4;
    case ParquetType::kInt64:
    case ParquetType::kDouble:
      return 8;
    case ParquetType::kInt96:
      return 12;
    case ParquetType::kFixedLenByteArray:
      return leaf.width;
    case ParquetType::kBoolean:
    case ParquetType::kByteArray:
      break;
  }
  return 0;
}

template <class Number>
void put_number(ParquetValue& out, const char* from) {
  Number value;
  std::memcpy(&value, from, sizeof value);
  if constexpr (std::is_floating_point_v<Number>) {
    out.real = value;
  } else {
    out.integer = value;
  }
}

/// `count` values that lie one after the other.
void put_fixed(const ParquetNode& leaf, const char* from, ParquetValue* out, size_t count) {
  switch (leaf.type) {
    case ParquetType::kInt32:
      for (size_t i = 0; i < count; ++i) put_number<int32_t>(out[i], from + 4 * i);
      return;
    case ParquetType::kInt64:
      for (size_t i = 0; i < count; ++i) put_number<int64_t>(out[i], from + 8 * i);
      return;
    case ParquetType::kFloat:
      for (size_t i = 0; i < count; ++i) put_number<float>(out[i], from + 4 * i);
      return;
    case ParquetType::kDouble:
      for (size_t i = 0; i < count; ++i) put_number<double>(out[i], from + 8 * i);
      return;
    default:
      break;
  }
  const size_t width = width_of(leaf);
  for (size_t i = 0; i < count; ++i) {
    out[i].bytes = from + width * i;
    out[i].size = width;
  }
}

class PlainFixed final : public ParquetValues {
 public:
  PlainFixed(const ParquetNode& leaf, std::string_view bytes)
      : leaf_(leaf), width_(width_of(leaf)), in_(bytes) {}
  size_t read(ParquetValue* out, size_t count) override {
    put_fixed(leaf_, in_.take(count * width_).data(), out, count);
    return count;
  }

 private:
  const ParquetNode& leaf_;
  size_t width_;
  PageBytes in_;
};

class PlainBytes final : public ParquetValues {
 public:
  explicit PlainBytes(std::string_view bytes) : in_(bytes) {}
  size_t read(ParquetValue* out, size_t count) override {
    for (size_t i = 0; i < count; ++i) {
      const std::string_view value = in_.take(in_.number<uint32_t>());
      out[i].bytes = value.data();
      out[i].size = value.size();
    }
    return count;
  }

 private:
  PageBytes in_;
};

class PlainBooleans final : public ParquetValues {
 public:
  explicit PlainBooleans(std::string_view bytes) : bytes_(bytes) {}
  size_t read(ParquetValue* out, size_t count) override {
    if (count > bytes_.size() * 8 - bit_) fail_damaged("a page ends in the middle of its values");
    for (size_t i = 0; i < count; ++i, ++bit_) {
      out[i].integer = static_cast<int64_t>(unpack_bits(bytes_, bit_, 1));
    }
    return count;
  }

 private:
  std::string_view bytes_;
  size_t bit_ = 0;
};

/// Of the runs of numbers as many as there is room for on the stack.
constexpr size_t kPiece = 512;

class RunBooleans final : public ParquetValues {
 public:
  explicit RunBooleans(PageBytes in) : runs_(in.take(in.number<uint32_t>()), 1) {}
  size_t read(ParquetValue* out, size_t count) override {
    uint32_t numbers[kPiece];
    const size_t now = std::min(count, kPiece);
    runs_.read(numbers, now);
    for (size_t i = 0; i < now; ++i) out[i].integer = numbers[i];
    return now;
  }

 private:
  RleDecoder runs_;
};

class DictionaryValues final : public ParquetValues {
 public:
  DictionaryValues(std::string_view bytes, const std::vector<ParquetValue>& dictionary)
      : dictionary_(dictionary) {
    if (bytes.empty()) return;  // A page of NULLs.
    runs_ = RleDecoder(bytes.substr(1), static_cast<uint8_t>(bytes[0]));
  }
  size_t read(ParquetValue* out, size_t count) override {
    uint32_t numbers[kPiece];
    const size_t now = std::min(count, kPiece);
    runs_.read(numbers, now);
    for (size_t i = 0; i < now; ++i) {
      if (numbers[i] >= dictionary_.size()) {
        fail_damaged("a value has number " + std::to_string(numbers[i]) + " in a dictionary of " +
                     std::to_string(dictionary_.size()));
      }
      out[i] = dictionary_[numbers[i]];
    }
    return now;
  }

 private:
  const std::vector<ParquetValue>& dictionary_;
  RleDecoder runs_;
};

/// BYTE_STREAM_SPLIT: the first bytes of all values, then all second ones, and so on.
class SplitValues final : public ParquetValues {
 public:
  SplitValues(const ParquetNode& leaf, std::string_view bytes)
      : leaf_(leaf), width_(width_of(leaf)), bytes_(bytes), values_(bytes.size() / width_) {
    if (bytes.size() % width_ != 0) fail_damaged("a page ends in the middle of its values");
  }
  size_t read(ParquetValue* out, size_t count) override {
    const size_t now = std::min(count, std::max<size_t>(1, kPieceBytes / width_));
    if (now > values_ - at_) fail_damaged("a page ends in the middle of its values");
    piece_.resize(now * width_);
    for (size_t byte = 0; byte < width_; ++byte) {
      const char* const from = bytes_.data() + byte * values_ + at_;
      for (size_t i = 0; i < now; ++i) piece_[i * width_ + byte] = from[i];
    }
    at_ += now;
    put_fixed(leaf_, piece_.data(), out, now);
    return now;
  }

 private:
  const ParquetNode& leaf_;
  size_t width_;
  std::string_view bytes_;
  size_t values_;
  size_t at_ = 0;
  std::string piece_;
};

std::unique_ptr<ParquetValues> plain_values(const ParquetNode& leaf, std::string_view bytes) {
  if (leaf.type == ParquetType::kBoolean) return std::make_unique<PlainBooleans>(bytes);
  if (leaf.type == ParquetType::kByteArray) return std::make_unique<PlainBytes>(bytes);
  return std::make_unique<PlainFixed>(leaf, bytes);
}

[[noreturn]] void fail_encoding(ParquetEncoding encoding) {
  constexpr std::string_view kNames[] = {
      "PLAIN",          "GROUP_VAR_INT",       "PLAIN_DICTIONARY",        "RLE",
      "BIT_PACKED",     "DELTA_BINARY_PACKED", "DELTA_LENGTH_BYTE_ARRAY", "DELTA_BYTE_ARRAY",
      "RLE_DICTIONARY", "BYTE_STREAM_SPLIT"};
  const auto number = static_cast<size_t>(encoding);
  const std::string shown =
      number < std::size(kNames) ? std::string(kNames[number]) : std::to_string(number);
  throw Error(ErrorCode::kInvalid,
              "Its values have the encoding " + shown + ", which is not known for their type.",
              "Write the column with another encoding: PLAIN is always read.");
}

}  // namespace

std::unique_ptr<ParquetValues> make_parquet_values(const ParquetNode& leaf, const ParquetPage& page,
                                                   std::string_view bytes,
                                                   const std::vector<ParquetValue>* dictionary) {
  const bool number = leaf.type == ParquetType::kInt32 || leaf.type == ParquetType::kInt64;
  const bool text = leaf.type == ParquetType::kByteArray;
  switch (page.encoding) {
    case ParquetEncoding::kPlain:
      return plain_values(leaf, bytes);
    case ParquetEncoding::kPlainDictionary:
    case ParquetEncoding::kRleDictionary:
      if (dictionary == nullptr) fail_damaged("values refer to a dictionary, and there is none");
      return std::make_unique<DictionaryValues>(bytes, *dictionary);
    case ParquetEncoding::kRle:
      if (leaf.type != ParquetType::kBoolean) break;
      return std::make_unique<RunBooleans>(PageBytes(bytes));
    case ParquetEncoding::kDeltaBinaryPacked:
      if (!number) break;
      return make_delta_numbers(leaf, bytes, page.values);
    case ParquetEncoding::kDeltaLengthByteArray:
      if (!text) break;
      return make_delta_length_texts(bytes, page.values);
    case ParquetEncoding::kDeltaByteArray:
      if (!text && leaf.type != ParquetType::kFixedLenByteArray) break;
      return make_delta_texts(leaf, bytes, page.values);
    case ParquetEncoding::kByteStreamSplit:
      if (text || leaf.type == ParquetType::kBoolean || leaf.type == ParquetType::kInt96) break;
      return std::make_unique<SplitValues>(leaf, bytes);
    case ParquetEncoding::kBitPacked:
      break;
  }
  fail_encoding(page.encoding);
}

}  // namespace sluice
