#include "pipeline/file_set.h"

#include "base/error.h"
#include "base/limits.h"
#include "domain/file_template.h"

namespace sluice {
namespace {

std::string extension_of(const ExportRequest& request) {
  return file_extension(request.plan.settings.format, request.plan.settings.compression);
}

}  // namespace

/// Written through encoder -> compressor -> staged object, and therefore taken down in that order.
struct FileSet::File {
  std::unique_ptr<StagedObject> staged;
  std::unique_ptr<ByteSink> compressor;
  std::unique_ptr<Encoder> encoder;
  std::vector<uint32_t> rows_of_batch;
  uint64_t rows = 0;
};

FileSet::FileSet(const ExportRequest& request, const ExportParts& parts,
                 std::vector<ColumnInfo> columns)
    : request_(request),
      parts_(parts),
      columns_(std::move(columns)),
      keys_(FileTemplate::parse(request.plan.settings.file_template), request.destination.prefix,
            extension_of(request), columns_, request.plan.variables),
      reserved_(parts.reservations,
                request.plan.settings.connection_id + '\n' + request.destination.bucket) {}

FileSet::~FileSet() = default;

std::string FileSet::choose_key(const std::string& template_key) {
  if (request_.plan.settings.write_strategy == WriteStrategy::kTruncate) return template_key;
  std::string key = template_key;
  for (unsigned number = 1;; ++number) {
    if (reserved_.take(key) && !parts_.store.head(key)) return key;
    key = numbered_key(template_key, number, extension_of(request_));
  }
}

std::unique_ptr<FileSet::File> FileSet::open(const std::string& template_key) {
  if (files_.size() >= limits::kFilesPerJob) {
    throw Error(ErrorCode::kTooLarge,
                "The file template makes more than " + std::to_string(limits::kFilesPerJob) +
                    " files (the next one is '" + template_key + "').",
                "Use a column with fewer distinct values, or filter the rows in SQL.");
  }
  const SinkSettings& settings = request_.plan.settings;
  const std::string key = choose_key(template_key);
  StageOptions options;
  options.job_id = request_.job_id;
  options.content_type = content_type(settings.format, settings.compression);
  options.overwrite =
      settings.write_strategy == WriteStrategy::kNew ? Overwrite::kNever : Overwrite::kReplace;
  options.on_remote_begin = [this, key](const StageTicket& ticket) {
    parts_.journal.begun(key, ticket);
  };
  auto file = std::make_unique<File>();
  file->staged = parts_.store.stage(key, options);
  file->compressor = make_compressor(settings.compression, *file->staged);
  file->encoder = make_encoder(settings.format, columns_, *file->compressor);
  return file;
}

FileSet::File& FileSet::file_of(const std::string& template_key) {
  const auto [found, is_new] = index_.try_emplace(template_key, files_.size());
  if (is_new) files_.push_back(open(template_key));
  return *files_[found->second];
}

void FileSet::open_empty() {
  if (keys_.is_single_file()) file_of(keys_.single_key());
}

void FileSet::add(const Batch& batch) {
  rows_ += batch.rows();
  if (!keys_.is_single_file()) {
    add_split(batch);
    return;
  }
  if (files_.empty()) open_empty();
  File& file = *files_.front();
  file.encoder->add(batch);
  file.rows += batch.rows();
}

void FileSet::add_split(const Batch& batch) {
  std::string key;
  std::string last_key;
  File* file = nullptr;
  touched_.clear();
  for (uint32_t row = 0; row < batch.rows(); ++row) {
    keys_.key_of(batch, row, key);
    if (file == nullptr || key != last_key) {
      file = &file_of(key);
      last_key = key;
      if (file->rows_of_batch.empty()) touched_.push_back(index_.at(key));
    }
    file->rows_of_batch.push_back(row);
  }
  for (size_t index : touched_) {
    File& touched = *files_[index];
    touched.encoder->add(batch, touched.rows_of_batch);
    touched.rows += touched.rows_of_batch.size();
    touched.rows_of_batch.clear();
  }
}

uint64_t FileSet::bytes() const {
  uint64_t bytes = 0;
  for (const auto& file : files_) bytes += file->staged->size();
  return bytes;
}

void FileSet::finish(std::vector<StagedFile>& staged) {
  for (const auto& file : files_) {
    file->encoder->finish();
    staged.push_back(
        {file->staged->key(), file->rows, file->staged->size(), file->staged->ticket()});
  }
}

}  // namespace sluice
