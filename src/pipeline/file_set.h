#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "format/compressor.h"
#include "format/encoder.h"
#include "pipeline/export.h"
#include "pipeline/key_builder.h"

namespace sluice {

/// The files of one export while they are written: rows are split by key, each file encodes,
/// compresses and stages its own. One thread. Destroyed before `finish`, all of them are aborted.
class FileSet {
 public:
  FileSet(const ExportRequest& request, const ExportParts& parts, std::vector<ColumnInfo> columns);
  ~FileSet();
  FileSet(const FileSet&) = delete;
  FileSet& operator=(const FileSet&) = delete;

  void add(const Batch& batch);
  /// The one file of a template without columns, though no row came. Nothing where rows would have
  /// named the files.
  void open_empty();
  /// Ends every file; all bytes are safe then. What is ended is added to `staged` and is the
  /// caller's from then on, also when a later one fails.
  void finish(std::vector<StagedFile>& staged);

  uint64_t rows() const { return rows_; }
  uint64_t bytes() const;
  size_t files() const { return files_.size(); }

 private:
  struct File;

  File& file_of(const std::string& template_key);
  std::unique_ptr<File> open(const std::string& template_key);
  std::string choose_key(const std::string& template_key);
  void add_split(const Batch& batch);

  const ExportRequest& request_;
  const ExportParts& parts_;
  std::vector<ColumnInfo> columns_;
  KeyBuilder keys_;
  KeyReservations::Holder reserved_;
  std::unordered_map<std::string, size_t> index_;
  std::vector<std::unique_ptr<File>> files_;
  std::vector<size_t> touched_;
  uint64_t rows_ = 0;
};

}  // namespace sluice
