#include "intake/parquet_pages.h"

#include <zlib.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <string>
#include <utility>

#include "base/error.h"
#include "data/thrift_decoder.h"
#include "intake/page_bytes.h"

namespace sluice {
namespace {

/// Headers are short, but for the statistics that some writers put into them.
constexpr size_t kFirstHeaderBytes = 1024;
constexpr size_t kMostHeaderBytes = 8 * 1024 * 1024;
/// Read from the file at once, at least.
constexpr size_t kWindowBytes = 16 * 1024;

ParquetEncoding encoding_of(int32_t number) { return static_cast<ParquetEncoding>(number); }

}  // namespace

/// The struct PageHeader with the one of its own that belongs to the type of page.
struct ParquetPages::Header {
  int32_t type = -1;
  int32_t raw_size = -1;
  int32_t packed_size = -1;
  std::optional<int32_t> crc;
  int32_t values = -1;
  int32_t encoding = -1;
  int32_t definition_encoding = static_cast<int32_t>(ParquetEncoding::kRle);
  int32_t repetition_encoding = static_cast<int32_t>(ParquetEncoding::kRle);
  // Version 2.
  int32_t definition_bytes = 0;
  int32_t repetition_bytes = 0;
  bool compressed = true;

  bool is(ParquetPageType wanted) const { return type == static_cast<int32_t>(wanted); }

  void read(ThriftDecoder& in) {
    for (ThriftField field; in.next(field);) {
      switch (field.id) {
        case 1:
          type = in.int32(field);
          break;
        case 2:
          raw_size = in.int32(field);
          break;
        case 3:
          packed_size = in.int32(field);
          break;
        case 4:
          crc = in.int32(field);
          break;
        case 5:
        case 7:
          if (in.structure(field)) read_data(in);
          break;
        case 8:
          if (in.structure(field)) read_data_v2(in);
          break;
        default:
          in.skip(field);
      }
    }
  }

 private:
  /// DataPageHeader, and DictionaryPageHeader, which begins like it.
  void read_data(ThriftDecoder& in) {
    for (ThriftField field; in.next(field);) {
      if (field.id == 1) {
        values = in.int32(field);
      } else if (field.id == 2) {
        encoding = in.int32(field);
      } else if (field.id == 3 && field.type == ThriftType::kInt32) {
        definition_encoding = in.int32(field);
      } else if (field.id == 4) {
        repetition_encoding = in.int32(field);
      } else {
        in.skip(field);
      }
    }
  }
  void read_data_v2(ThriftDecoder& in) {
    for (ThriftField field; in.next(field);) {
      switch (field.id) {
        case 1:
          values = in.int32(field);
          break;
        case 4:
          encoding = in.int32(field);
          break;
        case 5:
          definition_bytes = in.int32(field);
          break;
        case 6:
          repetition_bytes = in.int32(field);
          break;
        case 7:
          compressed = in.boolean(field);
          break;
        default:
          in.skip(field);
      }
    }
  }
};

void ParquetReading::hold(size_t before, size_t after) {
  held = held - before + after;
  if (held <= kParquetHeldBytes) return;
  throw Error(ErrorCode::kTooLarge,
              "The pages of a row group of the Parquet file hold more than " +
                  std::to_string(kParquetHeldBytes >> 20) + " MiB at the same time.",
              "Write the file with smaller pages or row groups, or read fewer of its columns.");
}

char* ParquetPages::Buffer::room(size_t size) {
  if (size <= capacity) return bytes.get();
  constexpr size_t kStep = 4096;
  const size_t larger = (size / kStep + 1) * kStep;
  bytes.reset();
  bytes = std::make_unique_for_overwrite<char[]>(larger);
  capacity = larger;
  return bytes.get();
}

void ParquetPages::begin(const ParquetChunkPlace& chunk) {
  codec_ = chunk.codec;
  at_ = chunk.begin;
  end_ = chunk.begin + chunk.size;
  window_ = {};
}

const ParquetPage& ParquetPages::next() {
  while (true) {
    const Header header = read_header();
    check(header);
    if (header.is(ParquetPageType::kData) || header.is(ParquetPageType::kDataV2) ||
        header.is(ParquetPageType::kDictionary)) {
      take_body(header);
      return page_;
    }
    take(static_cast<size_t>(header.packed_size));
  }
}

/// Tried with more bytes until there are enough of them.
ParquetPages::Header ParquetPages::read_header() {
  for (size_t size = kFirstHeaderBytes;; size *= 8) {
    const std::string_view bytes = peek(size).substr(0, size);
    if (bytes.empty()) fail_damaged("a column has fewer values than its row group says");
    ThriftDecoder in(bytes);
    Header header;
    header.read(in);
    if (!in.failed()) {
      take(bytes.size() - in.left());
      return header;
    }
    if (bytes.size() < size || size >= kMostHeaderBytes)
      fail_damaged("the header of a page can't be read");
  }
}

void ParquetPages::check(const Header& header) {
  if (header.type < 0 || header.raw_size < 0 || header.packed_size < 0) {
    fail_damaged("the header of a page makes no sense");
  }
  const auto most = static_cast<int32_t>(kParquetPageBytes);
  const int32_t size = std::max(header.raw_size, header.packed_size);
  if (size > most) {
    throw Error(ErrorCode::kTooLarge,
                "A page of the Parquet file has " + std::to_string(size) + " bytes; at most " +
                    std::to_string(most) + " are read.",
                "Write the file with smaller pages or row groups.");
  }
  if (header.is(ParquetPageType::kIndex) ||
      header.type > static_cast<int32_t>(ParquetPageType::kDataV2)) {
    return;  // Passed.
  }
  if (header.values < 0 || header.encoding < 0) fail_damaged("the header of a page makes no sense");
  if (header.values > kParquetPageValues) {
    throw Error(ErrorCode::kTooLarge,
                "A page of the Parquet file has " + std::to_string(header.values) +
                    " values; at most " + std::to_string(kParquetPageValues) + " are read.",
                "Write the file with smaller pages.");
  }
  if (header.definition_bytes < 0 || header.repetition_bytes < 0 ||
      int64_t{header.definition_bytes} + header.repetition_bytes >
          std::min(header.raw_size, header.packed_size)) {
    fail_damaged("the levels of a page would be longer than the page");
  }
}

void ParquetPages::take_body(const Header& header) {
  std::string_view packed = take(static_cast<size_t>(header.packed_size));
  if (header.crc && crc32_z(0, reinterpret_cast<const Bytef*>(packed.data()), packed.size()) !=
                        static_cast<uint32_t>(*header.crc)) {
    fail_damaged("the checksum of a page is not that of its bytes");
  }
  page_ = {};
  page_.type = static_cast<ParquetPageType>(header.type);
  page_.encoding = encoding_of(header.encoding);
  page_.values = static_cast<size_t>(header.values);
  page_.definition_encoding = encoding_of(header.definition_encoding);
  page_.repetition_encoding = encoding_of(header.repetition_encoding);
  auto raw_size = static_cast<size_t>(header.raw_size);
  bool compressed = codec_ != ParquetCodec::kNone;
  if (header.is(ParquetPageType::kDataV2)) {
    page_.repetition_levels = packed.substr(0, static_cast<size_t>(header.repetition_bytes));
    packed.remove_prefix(page_.repetition_levels.size());
    page_.definition_levels = packed.substr(0, static_cast<size_t>(header.definition_bytes));
    packed.remove_prefix(page_.definition_levels.size());
    raw_size -= page_.repetition_levels.size() + page_.definition_levels.size();
    compressed = compressed && header.compressed;
    // Where all values are NULL some writers compress nothing to nothing.
    if (packed.empty() && raw_size == 0) compressed = false;
  }
  page_.body = compressed ? unpacked(packed, raw_size) : packed;
  if (page_.body.size() != raw_size)
    fail_damaged("a page does not have the size that its header says");
}

std::string_view ParquetPages::unpacked(std::string_view packed, size_t size) {
  char* const to = unpacked_.room(size);
  hold();
  reading_.decompressor.run(codec_, packed, to, size);
  return {to, size};
}

void ParquetPages::hold() {
  const size_t now = window_bytes_.capacity + unpacked_.capacity;
  const size_t before = std::exchange(held_, now);
  reading_.hold(before, now);
}

std::string_view ParquetPages::peek(size_t size) {
  if (window_.size() >= size || at_ == end_) return window_;
  const auto wanted = static_cast<size_t>(
      std::min<uint64_t>(std::max(size, kWindowBytes) - window_.size(), end_ - at_));
  const size_t kept = window_.size();
  if (kept + wanted > window_bytes_.capacity) {
    Buffer larger;
    char* const to = larger.room(kept + wanted);
    if (kept > 0) std::memcpy(to, window_.data(), kept);
    window_bytes_ = std::move(larger);
    hold();
  } else if (kept > 0) {
    std::memmove(window_bytes_.bytes.get(), window_.data(), kept);
  }
  char* const to = window_bytes_.bytes.get();
  const size_t got = reading_.bytes.read(at_, to + kept, wanted);
  at_ = got < wanted ? end_ : at_ + got;
  window_ = {to, kept + got};
  return window_;
}

std::string_view ParquetPages::take(size_t size) {
  const std::string_view taken = peek(size).substr(0, size);
  if (taken.size() < size) fail_damaged("a page is longer than its column");
  window_.remove_prefix(size);
  return taken;
}

}  // namespace sluice
