#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "data/batch.h"
#include "format/block.h"

namespace sluice {

inline FormatSpec spec_of(Format format, const std::vector<ColumnInfo>& columns,
                          FileOptions options = {}) {
  FormatSpec spec;
  spec.format = format;
  spec.options = std::move(options);
  spec.columns = file_columns_of(columns);
  return spec;
}

/// A whole file of one block.
class FileEncoder {
 public:
  FileEncoder(FormatSpec spec, ByteSink& out)
      : format_(make_file_format(std::move(spec))),
        builder_(format_->make_builder()),
        joiner_(format_->make_joiner(out, false)) {}
  void add(const Batch& batch) { builder_->add(batch); }
  void add(const Batch& batch, std::span<const uint32_t> rows) { builder_->add(batch, rows); }
  void finish() {
    joiner_->append(builder_->take(true));
    joiner_->finish();
  }

 private:
  std::unique_ptr<FileFormat> format_;
  std::unique_ptr<BlockBuilder> builder_;
  std::unique_ptr<BlockJoiner> joiner_;
};

inline std::unique_ptr<FileEncoder> make_encoder(Format format,
                                                 const std::vector<ColumnInfo>& columns,
                                                 ByteSink& out, FileOptions options = {}) {
  return std::make_unique<FileEncoder>(spec_of(format, columns, std::move(options)), out);
}

}  // namespace sluice
