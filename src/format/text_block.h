#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "format/block.h"
#include "format/codec_pool.h"
#include "format/text_writer.h"

namespace sluice {

/// What the text formats share: their text is collected row by row and compressed as a whole, or,
/// where a file must be one stream (brotli, gzip on demand), by the joiner. Shared by the builders.
class TextFormat : public FileFormat {
 public:
  explicit TextFormat(const FormatSpec& spec)
      : compression_(spec.compression),
        level_(spec.options.compression_level),
        one_stream_(!can_join(spec.compression) ||
                    (spec.compression == Compression::kGzip && spec.options.single_gzip_member)),
        codecs_(std::make_unique<CodecPool>(one_stream_ ? Compression::kNone : spec.compression,
                                            spec.options.compression_level)) {}

  std::unique_ptr<BlockJoiner> make_joiner(ByteSink& out, bool with_head) const override;
  size_t open_file_bytes() const override {
    return one_stream_ ? open_stream_bytes(compression_, level_) : 0;
  }
  /// The bytes of a block: `header`, if there is one, and the writer's text, which is used up.
  std::string pack(const std::string& header, TextWriter& writer) const;

 protected:
  /// What a file begins with; empty: nothing.
  virtual const std::string& header() const = 0;

 private:
  bool copies() const { return one_stream_ || compression_ == Compression::kNone; }

  Compression compression_;
  CompressionLevel level_;
  bool one_stream_;
  std::unique_ptr<CodecPool> codecs_;
};

/// The rows are put by `Rows`, which has `put_row(batch, row)`, `writer()` and `header()`.
template <class Rows>
class TextBlockBuilder final : public BlockCollector {
 public:
  template <class... Arguments>
  explicit TextBlockBuilder(const TextFormat& format, Arguments&&... arguments)
      : format_(format), rows_of_(std::forward<Arguments>(arguments)...) {}

  void add(const Batch& batch) override {
    for (size_t row = 0; row < batch.rows(); ++row) rows_of_.put_row(batch, row);
    rows_ += batch.rows();
  }
  void add(const Batch& batch, std::span<const uint32_t> rows) override {
    for (const uint32_t row : rows) rows_of_.put_row(batch, row);
    rows_ += rows.size();
  }
  uint64_t rows() const override { return rows_; }
  size_t bytes() const override { return rows_of_.writer().size(); }

  void drain(std::string& out) override {
    out += rows_of_.writer().text();
    rows_of_.writer().clear();
    rows_ = 0;
  }
  void restore(std::string_view drained, uint64_t rows) override {
    rows_of_.writer().put(drained);
    rows_ += rows;
  }

  Block take(bool first) override {
    Block block;
    block.rows = std::exchange(rows_, 0);
    const std::string& header = first ? rows_of_.header() : kNoHeader;
    block.raw_bytes = header.size() + bytes();
    block.bytes = format_.pack(header, rows_of_.writer());
    return block;
  }

 private:
  inline static const std::string kNoHeader;

  const TextFormat& format_;
  Rows rows_of_;
  uint64_t rows_ = 0;
};

}  // namespace sluice
