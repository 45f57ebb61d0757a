#include "pipeline/output_file.h"

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "pipeline/stage_named.h"

namespace sluice {
namespace {

constexpr size_t kPieceDigits = 4;

/// "a/x.csv.gz", "-0003" -> "a/x-0003.csv.gz".
std::string with_suffix(const std::string& key, const std::string& suffix,
                        const std::string& extension) {
  const size_t stem = key.ends_with(extension) ? key.size() - extension.size() : key.size();
  return key.substr(0, stem) + suffix + key.substr(stem);
}

bool rolls_over(const FileOptions& options) {
  return options.max_file_size > 0 || options.max_rows_per_file > 0;
}

std::string piece_key(const std::string& template_key, const std::string& extension,
                      const FileOptions& options, unsigned piece) {
  if (!rolls_over(options)) return template_key;
  std::string number = std::to_string(piece);
  number.insert(0, kPieceDigits - std::min(kPieceDigits, number.size()), '0');
  return with_suffix(template_key, "-" + number, extension);
}

}  // namespace

std::string first_piece_key(const std::string& template_key, const std::string& extension,
                            const FileOptions& options) {
  return piece_key(template_key, extension, options, 0);
}

std::unique_ptr<StagedObject> FileOpener::open(const std::string& key) {
  if (opened_ >= request_.limits.files) refuse(key);
  ++opened_;
  const SinkSettings& settings = request_.plan.settings;
  return stage_named(request_, parts_, staged_.names(), key, plan_.extension,
                     content_type(settings.format, settings.compression));
}

void FileOpener::refuse(const std::string& key) const {
  throw Error(ErrorCode::kTooLarge,
              "The job would write more than " + std::to_string(request_.limits.files) +
                  " files (the next one is '" + key + "').",
              "Use a column with fewer distinct values, filter the rows in SQL, or start Sluice "
              "with a higher --max-files.");
}

void OutputFile::append(Block block) {
  if (block.rows == 0 && !joiner_ && pieces_ == 0) {
    if (!held_) held_ = std::move(block);
    return;
  }
  const uint64_t most = opener_.request().plan.settings.options.max_file_size;
  if (joiner_ && most > 0 && staged_->size() + block.bytes.size() > most) end_piece();
  write(std::move(block));
}

void OutputFile::write(Block block) {
  if (!joiner_) open_piece();
  if (held_) joiner_->append(*std::exchange(held_, std::nullopt));
  rows_ += block.rows;
  joiner_->append(std::move(block));
}

void OutputFile::open_piece() {
  asked_ = piece_key(template_key_, opener_.plan().extension,
                     opener_.request().plan.settings.options, pieces_);
  staged_ = opener_.open(asked_);
  sink_ = std::make_unique<ChecksumSink>(*staged_);
  // The very first block begins with what a file begins with; the first of a later piece does not.
  joiner_ = opener_.plan().format->make_joiner(*sink_, pieces_ > 0);
  ++pieces_;
}

void OutputFile::end_piece() {
  if (!joiner_) return;
  joiner_->finish();
  ended_bytes_ += staged_->size();
  opener_.ended({staged_->key(), std::exchange(rows_, 0), staged_->size(), staged_->ticket(),
                 FileRole::kData, sink_->crc32c(), asked_, opener_.plan().extension});
  joiner_.reset();
  sink_.reset();
  staged_.reset();
}

void OutputFile::finish(bool even_empty) {
  if (held_ && even_empty) write(*std::exchange(held_, std::nullopt));
  end_piece();
}

}  // namespace sluice
