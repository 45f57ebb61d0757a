#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/crc32c.h"
#include "pipeline/export.h"
#include "pipeline/output_plan.h"
#include "pipeline/staged_files.h"

namespace sluice {

/// Where the data files of one export are made: chooses their names and stages them. One thread.
class FileOpener {
 public:
  /// What is ended is added to `staged` and its owner's from then on.
  FileOpener(const ExportRequest& request, const ExportParts& parts, const OutputPlan& plan,
             StagedFiles& staged)
      : request_(request), parts_(parts), plan_(plan), staged_(staged) {}

  /// Stages a file under `key` or, where the strategy `new` finds that name taken, under the next
  /// numbered one. Throws kTooLarge when there are more files than allowed.
  std::unique_ptr<StagedObject> open(const std::string& key);
  /// Throws kTooLarge: one file more than allowed.
  [[noreturn]] void refuse(const std::string& key) const;

  const ExportRequest& request() const { return request_; }
  const OutputPlan& plan() const { return plan_; }
  void ended(StagedFile file) { staged_.add(std::move(file)); }
  size_t opened() const { return opened_; }

 private:
  const ExportRequest& request_;
  const ExportParts& parts_;
  const OutputPlan& plan_;
  StagedFiles& staged_;
  size_t opened_ = 0;
};

/// The name of the first file under a template's expansion, which is the expansion itself where
/// files do not roll over.
std::string first_piece_key(const std::string& template_key, const std::string& extension,
                            const FileOptions& options);

/// Takes the checksum of what goes through to a staged object, which outlives it.
class ChecksumSink final : public ByteSink {
 public:
  explicit ChecksumSink(StagedObject& out) : out_(out) {}
  void write(std::string_view bytes) override {
    crc_ = sluice::crc32c(bytes, crc_);
    out_.write(bytes);
  }
  void finish() override { out_.finish(); }
  std::string crc32c() const { return crc32c_hex(crc_); }

 private:
  StagedObject& out_;
  uint32_t crc_ = 0;
};

/// What is written under one expansion of the file template: one file or, where a limit makes files
/// roll over, several, which are numbered then ("x-0000.csv", "x-0001.csv"...). Nothing is opened
/// before the first row. One thread. Destroyed before `finish`, the file it is at is aborted.
class OutputFile {
 public:
  OutputFile(FileOpener& opener, std::string template_key)
      : opener_(opener), template_key_(std::move(template_key)) {}

  /// The next block. The first one of all was taken with `first`.
  void append(Block block);
  /// The next row begins a new file.
  void end_piece();
  /// Ends the file. `even_empty`: also one without rows, if a block was appended.
  void finish(bool even_empty);
  /// As stored, of what is written by now.
  uint64_t bytes() const { return ended_bytes_ + (staged_ ? staged_->size() : 0); }

 private:
  void open_piece();
  void write(Block block);

  FileOpener& opener_;
  std::string template_key_;
  std::optional<Block> held_;  ///< Without rows: written before the first that has some.
  std::string asked_;          ///< The name of `staged_` before it was numbered.
  std::unique_ptr<StagedObject> staged_;
  std::unique_ptr<ChecksumSink> sink_;
  std::unique_ptr<BlockJoiner> joiner_;
  uint64_t rows_ = 0;
  unsigned pieces_ = 0;
  uint64_t ended_bytes_ = 0;
};

}  // namespace sluice
