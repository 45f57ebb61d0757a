#include "pipeline/file_set.h"

#include <algorithm>

#include "base/limits.h"

namespace sluice {
namespace {

/// Of the export's memory: what the builders of all files may hold together. The rest is for the
/// slack of growing buffers, the blocks in the lanes and what the store needs.
constexpr uint64_t kShareOfBuilders = 4;
constexpr uint64_t kShareOfBlocks = 8;
/// When there is too much, so much of it goes at once; a part for each row would be slow.
constexpr size_t kRelief = 2;
constexpr size_t kPartsPerLane = 4;

}  // namespace

struct FileSet::File {
  explicit File(OutputFile file) : output(std::move(file)) {}
  OutputFile output;
  std::unique_ptr<BlockBuilder> builder;
  std::vector<uint32_t> rows_of_batch;
  uint64_t rows_of_piece = 0;
  bool begun = false;  ///< A part was sent to the lanes.
};

FileSet::FileSet(FileOpener& opener, const RunVariables& variables)
    : opener_(opener),
      keys_(FileTemplate::parse(opener.request().plan.settings.file_template),
            opener.request().destination.prefix, opener.plan().extension, opener.plan().columns,
            variables),
      blocks_(opener.request().limits.memory_bytes / kShareOfBlocks),
      work_(opener.request().limits.lanes * kPartsPerLane),
      lanes_(std::make_unique<Lanes>(opener.request().limits.lanes, blocks_,
                                     [this](size_t) { run_lane(); })) {}

FileSet::~FileSet() {
  work_.abandon();
  lanes_.reset();
}

void FileSet::run_lane() {
  while (std::optional<Work> work = work_.take()) {
    const bool wanted = blocks_.push(work->part, work->builder->take(work->first));
    blocks_.end_part(work->part);
    if (!wanted) return;
  }
}

size_t FileSet::file_of(const std::string& template_key) {
  const auto [found, is_new] = index_.try_emplace(template_key, files_.size());
  if (is_new) {
    if (files_.size() >= opener_.request().limits.files) opener_.refuse(template_key);
    files_.push_back(std::make_unique<File>(OutputFile(opener_, template_key)));
  }
  return found->second;
}

void FileSet::split(const Batch& batch) {
  std::string key;
  std::string last_key;
  File* file = nullptr;
  touched_.clear();
  for (uint32_t row = 0; row < batch.rows(); ++row) {
    if (keys_.is_single_file()) {
      key = keys_.single_key();
    } else {
      keys_.key_of(batch, row, key);
    }
    if (file == nullptr || key != last_key) {
      const size_t index = file_of(key);
      file = files_[index].get();
      last_key = key;
      if (file->rows_of_batch.empty()) touched_.push_back(index);
    }
    file->rows_of_batch.push_back(row);
  }
}

void FileSet::spread(const Batch& batch) {
  const uint64_t most = opener_.request().plan.settings.options.max_rows_per_file;
  for (const size_t index : touched_) {
    File& file = *files_[index];
    std::span<const uint32_t> rows = file.rows_of_batch;
    while (!rows.empty()) {
      const size_t room = most == 0 ? rows.size() : static_cast<size_t>(most - file.rows_of_piece);
      const std::span<const uint32_t> fitting = rows.first(std::min(rows.size(), room));
      add_rows(file, batch, fitting);
      rows = rows.subspan(fitting.size());
      const bool ends_piece = most > 0 && file.rows_of_piece == most;
      if (ends_piece || opener_.plan().is_full(*file.builder)) hand_over(index, ends_piece);
    }
    file.rows_of_batch.clear();
  }
  rows_ += batch.rows();
  if (held_bytes_ > opener_.request().limits.memory_bytes / kShareOfBuilders) relieve();
  append_ready(opener_.request().limits.lanes * kPartsPerLane);
}

void FileSet::add_rows(File& file, const Batch& batch, std::span<const uint32_t> rows) {
  if (!file.builder) file.builder = opener_.plan().format->make_builder();
  const size_t before = file.builder->bytes();
  file.builder->add(batch, rows);
  held_bytes_ += file.builder->bytes() - before;
  file.rows_of_piece += rows.size();
}

/// Sends what the file has collected to the lanes.
void FileSet::hand_over(size_t index, bool ends_piece) {
  File& file = *files_[index];
  append_ready(opener_.request().limits.lanes * kPartsPerLane);
  held_bytes_ -= file.builder->bytes();
  sent_.push_back({index, ends_piece});
  work_.put({parts_sent_++, std::move(file.builder), !file.begun});
  file.begun = true;
  if (ends_piece) file.rows_of_piece = 0;
}

/// Too much is held: the largest go, until half of it is left.
void FileSet::relieve() {
  std::vector<std::pair<size_t, size_t>> sizes;
  for (size_t i = 0; i < files_.size(); ++i) {
    if (files_[i]->builder) sizes.emplace_back(files_[i]->builder->bytes(), i);
  }
  std::sort(sizes.rbegin(), sizes.rend());
  const size_t goal = held_bytes_ / kRelief;
  for (const auto& [bytes, index] : sizes) {
    if (held_bytes_ <= goal) break;
    hand_over(index, false);
  }
}

/// Appends what the lanes have ready, and waits where more than so many parts are with them.
void FileSet::append_ready(size_t most_waiting) {
  while (!sent_.empty()) {
    std::optional<BlockQueue::Item> item =
        sent_.size() > most_waiting ? blocks_.pop() : blocks_.try_pop();
    if (!item) return;
    append(std::move(*item));
  }
}

void FileSet::append(BlockQueue::Item item) {
  const Sent sent = sent_.front();
  sent_.pop_front();
  OutputFile& output = files_[sent.file]->output;
  bytes_ -= output.bytes();
  output.append(std::move(item.block));
  if (sent.ends_piece) output.end_piece();
  bytes_ += output.bytes();
}

void FileSet::open_empty() {
  if (!keys_.is_single_file()) return;
  const size_t index = file_of(keys_.single_key());
  files_[index]->builder = opener_.plan().format->make_builder();
  even_empty_ = true;
}

void FileSet::finish() {
  for (size_t i = 0; i < files_.size(); ++i) {
    if (files_[i]->builder) hand_over(i, false);
  }
  work_.close();
  blocks_.end(parts_sent_);
  append_ready(0);
  for (const auto& file : files_) {
    bytes_ -= file->output.bytes();
    file->output.finish(even_empty_);
    bytes_ += file->output.bytes();
  }
}

}  // namespace sluice
