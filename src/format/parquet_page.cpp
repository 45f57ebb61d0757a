#include "format/parquet_page.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "base/error.h"
#include "format/codec_checksum.h"
#include "format/thrift_writer.h"

namespace sluice {
namespace {

/// The format counts the bytes of a page in 31 bits.
int32_t page_size(size_t bytes) {
  if (bytes > static_cast<size_t>(std::numeric_limits<int32_t>::max())) {
    throw Error(ErrorCode::kTooLarge, "A value is too long for a Parquet file, 2 GiB or more.",
                "Leave the column out, or shorten it in the query.");
  }
  return static_cast<int32_t>(bytes);
}

int32_t number(ParquetEncoding encoding) { return static_cast<int32_t>(encoding); }

}  // namespace

ParquetPageWriter::ParquetPageWriter(Compression compression, const CompressionLevel& level) {
  if (compression != Compression::kNone) codec_ = make_page_codec(compression, level);
}

void ParquetPageWriter::begin(std::string& out) {
  out_ = &out;
  start_ = out.size();
  chunk_ = {};
}

void ParquetPageWriter::write_dictionary(size_t entries, std::string_view values) {
  chunk_.dictionary_offset = out_->size();
  write(ParquetPageType::kDictionary, ParquetEncoding::kPlain, entries, values);
}

std::string& ParquetPageWriter::begin_data(const ParquetLevels& levels, size_t first,
                                           size_t entries) {
  page_.clear();
  levels.append_to(page_, first, entries);
  page_entries_ = entries;
  return page_;
}

void ParquetPageWriter::end_data(ParquetEncoding encoding) {
  if (chunk_.values == 0) chunk_.data_offset = out_->size();
  chunk_.values += static_cast<int64_t>(page_entries_);
  write(ParquetPageType::kData, encoding, page_entries_, page_);
}

ParquetColumnChunk ParquetPageWriter::end() {
  chunk_.packed_bytes = out_->size() - start_;
  out_ = nullptr;
  return std::exchange(chunk_, {});
}

void ParquetPageWriter::write(ParquetPageType type, ParquetEncoding encoding, size_t values,
                              std::string_view page) {
  std::string_view packed = page;
  if (codec_) {
    packed_.clear();
    codec_->compress(page, packed_);
    packed = packed_;
  }
  header_.clear();
  ThriftWriter header(header_);
  header.begin_struct();
  header.int32(1, static_cast<int32_t>(type));
  header.int32(2, page_size(page.size()));
  header.int32(3, page_size(packed.size()));
  header.int32(4, static_cast<int32_t>(crc32_of(packed)));
  const bool data = type == ParquetPageType::kData;
  header.begin_struct(data ? 5 : 7);
  header.int32(1, static_cast<int32_t>(values));
  header.int32(2, number(encoding));
  if (data) {
    header.int32(3, number(ParquetEncoding::kRle));  // Of definition levels,
    header.int32(4, number(ParquetEncoding::kRle));  // and of repetition levels, if there are some.
  }
  header.end_struct();
  header.end_struct();
  out_->append(header_);
  out_->append(packed);
  chunk_.raw_bytes += header_.size() + page.size();
  count(type, encoding);
}

void ParquetPageWriter::count(ParquetPageType type, ParquetEncoding encoding) {
  const auto same = std::find_if(chunk_.pages.begin(), chunk_.pages.end(), [&](const auto& each) {
    return each.type == type && each.encoding == encoding;
  });
  if (same != chunk_.pages.end()) {
    ++same->pages;
  } else {
    chunk_.pages.push_back({type, encoding, 1});
  }
}

}  // namespace sluice
