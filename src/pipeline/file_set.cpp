#include "pipeline/file_set.h"

#include <algorithm>
#include <utility>

#include "base/limits.h"

namespace sluice {
namespace {

/// Of the export's memory: what the collectors of all files may hold together. The rest is for the
/// slack of growing buffers, the blocks in the lanes and what the store needs.
constexpr uint64_t kShareOfCollectors = 4;
constexpr uint64_t kShareOfBlocks = 8;
constexpr uint64_t kShareOfOpenFiles = 4;
constexpr size_t kPartsPerLane = 4;
/// What a collector takes beside its rows, about; with 100,000 of them it is most of it.
constexpr size_t kCollectorBytes = 768;
constexpr size_t kSpillBytes = 1024 * 1024;

size_t most_open_files(const FileOpener& opener) {
  const size_t each = opener.plan().format->open_file_bytes();
  if (each == 0) return SIZE_MAX;
  return std::max<size_t>(1, opener.request().limits.memory_bytes / kShareOfOpenFiles / each);
}

}  // namespace

struct FileSet::File {
  explicit File(OutputFile file) : output(std::move(file)) {}

  bool holds_rows() const { return collector || !spilled.empty(); }

  OutputFile output;
  std::unique_ptr<BlockCollector> collector;
  std::vector<Extent> spilled;
  size_t spilled_bytes = 0;
  uint64_t rows_of_block = 0;  ///< Collected, or put away.
  uint64_t rows_of_piece = 0;
  bool begun = false;    ///< A part was sent to the lanes.
  bool is_open = false;  ///< Between its first block and its end, where that counts.
  bool waits = false;    ///< Too many are open: its rows are put away until its end.
};

FileSet::FileSet(FileOpener& opener, KeyBuilder keys)
    : opener_(opener),
      splitter_(std::move(keys)),
      most_open_(most_open_files(opener)),
      spill_(opener.request().limits.spool_dir),
      blocks_(opener.request().limits.memory_bytes / kShareOfBlocks),
      work_(opener.request().limits.lanes * kPartsPerLane),
      lanes_(std::make_unique<Lanes<BlockQueue>>(opener.request().limits.lanes, blocks_,
                                                 [this](size_t) { run_lane(); })) {}

FileSet::~FileSet() {
  work_.abandon();
  lanes_.reset();
}

void FileSet::run_lane() {
  while (std::optional<Work> work = work_.take()) {
    const size_t part = work->part;
    if (!blocks_.push(part, make_block(std::move(*work))) || !blocks_.end_part(part)) return;
  }
}

Block FileSet::make_block(Work work) const {
  if (work.spilled.empty()) return work.collector->take(work.first);
  const std::unique_ptr<BlockCollector> whole = opener_.plan().format->make_collector();
  CharBuffer extent_bytes;
  for (const Extent& extent : work.spilled) {
    spill_.read(extent.offset, extent.size, extent_bytes);
    whole->restore(extent_bytes.view(), extent.rows);
  }
  if (work.collector) {
    const uint64_t rows = work.collector->rows();
    std::string last;
    work.collector->drain(last);
    whole->restore(last, rows);
  }
  return whole->take(work.first);
}

/// The splitter has numbered a key, or some: their files are added.
void FileSet::open_touched() {
  while (files_.size() < splitter_.keys()) {
    const std::string& key = splitter_.key(files_.size());
    if (files_.size() >= opener_.request().limits.files) opener_.refuse(key);
    files_.push_back(std::make_unique<File>(OutputFile(opener_, key)));
  }
}

size_t FileSet::file_of(const std::string& template_key) {
  const size_t number = splitter_.number_of(template_key);
  open_touched();
  return number;
}

void FileSet::spread(const Batch& batch) {
  const uint64_t most = opener_.request().plan.settings.options.max_rows_per_file;
  const size_t at_once = opener_.plan().rows_at_once(batch);
  for (const size_t index : splitter_.touched()) {
    File& file = *files_[index];
    std::span<const uint32_t> rows = splitter_.rows(index);
    while (!rows.empty()) {
      const size_t room =
          most == 0 ? at_once : std::min<uint64_t>(at_once, most - file.rows_of_piece);
      const std::span<const uint32_t> fitting = rows.first(std::min(rows.size(), room));
      add_rows(file, batch, fitting);
      rows = rows.subspan(fitting.size());
      const bool ends_piece = most > 0 && file.rows_of_piece == most;
      if (ends_piece) {
        hand_over(index, Then::kNewPiece);
      } else if (is_full(file)) {
        on_full(index);
      }
    }
  }
  rows_ += batch.rows();
  bound_memory();
}

void FileSet::add(const Fragments& fragments) {
  std::string_view left = fragments.bytes;
  for (const Fragments::Fragment& fragment : fragments.files) {
    const size_t index = file_of(fragment.key);
    File& file = *files_[index];
    make_collector(file);
    const size_t before = file.collector->bytes();
    file.collector->restore(left.substr(0, fragment.size), fragment.rows);
    left.remove_prefix(fragment.size);
    held_bytes_ += file.collector->bytes() - before;
    file.rows_of_block += fragment.rows;
    if (is_full(file)) on_full(index);
  }
  rows_ += fragments.rows;
  bound_memory();
}

void FileSet::bound_memory() {
  if (held_bytes_ > opener_.request().limits.memory_bytes / kShareOfCollectors) spill();
  append_ready(opener_.request().limits.lanes * kPartsPerLane);
}

void FileSet::make_collector(File& file) {
  if (file.collector) return;
  file.collector = opener_.plan().format->make_collector();
  held_bytes_ += kCollectorBytes;
}

void FileSet::add_rows(File& file, const Batch& batch, std::span<const uint32_t> rows) {
  make_collector(file);
  const size_t before = file.collector->bytes();
  file.collector->add(batch, rows);
  held_bytes_ += file.collector->bytes() - before;
  file.rows_of_block += rows.size();
  file.rows_of_piece += rows.size();
}

bool FileSet::is_full(const File& file) const {
  const size_t put_away = file.waits ? 0 : file.spilled_bytes;
  return put_away + file.collector->bytes() >= opener_.plan().block_bytes ||
         file.rows_of_block >= opener_.plan().block_rows;
}

void FileSet::on_full(size_t index) {
  File& file = *files_[index];
  file.waits = !file.is_open && open_ >= most_open_;
  if (file.waits) return put_away(file);
  hand_over(index, Then::kMore);
}

void FileSet::put_away(File& file) {
  held_bytes_ -= file.collector->bytes() + kCollectorBytes;
  std::string extent;
  const uint64_t rows = file.collector->rows();
  file.collector->drain(extent);
  file.collector.reset();
  file.spilled.push_back({spill_.size(), extent.size(), rows});
  file.spilled_bytes += extent.size();
  file.rows_of_block = 0;
  spill_.append(extent);
}

/// Sends what the file has collected to the lanes, a block or, where it had to wait, many.
void FileSet::hand_over(size_t index, Then then) {
  File& file = *files_[index];
  std::vector<Extent> some;
  size_t bytes = 0;
  for (const Extent& extent : std::exchange(file.spilled, {})) {
    if (file.waits && bytes > 0 && bytes + extent.size > opener_.plan().block_bytes) {
      send(index, Then::kMore, std::exchange(some, {}), nullptr);
      bytes = 0;
    }
    some.push_back(extent);
    bytes += extent.size;
  }
  if (file.collector) held_bytes_ -= file.collector->bytes() + kCollectorBytes;
  send(index, then, std::move(some), std::move(file.collector));
  count_open(file, then);
  file.waits = false;
  file.spilled_bytes = 0;
  file.rows_of_block = 0;
  if (then == Then::kNewPiece) file.rows_of_piece = 0;
}

void FileSet::count_open(File& file, Then then) {
  const bool stays = then == Then::kMore && most_open_ != SIZE_MAX;
  if (stays && !file.is_open) ++open_;
  if (!stays && file.is_open) --open_;
  file.is_open = stays;
}

void FileSet::send(size_t index, Then then, std::vector<Extent> spilled,
                   std::unique_ptr<BlockCollector> collector) {
  append_ready(opener_.request().limits.lanes * kPartsPerLane);
  sent_.push_back({index, then});
  Work work;
  work.part = parts_sent_++;
  work.spilled = std::move(spilled);
  work.collector = std::move(collector);
  work.first = !std::exchange(files_[index]->begun, true);
  work_.put(std::move(work));
}

/// Too much is held: all of it goes to the spill file, many extents at a time.
void FileSet::spill() {
  std::string extents;
  for (const auto& file : files_) {
    if (!file->collector) continue;
    const size_t begin = extents.size();
    const uint64_t rows = file->collector->rows();
    file->collector->drain(extents);
    file->collector.reset();
    const size_t size = extents.size() - begin;
    file->spilled.push_back({spill_.size() + begin, size, rows});
    file->spilled_bytes += size;
    if (extents.size() < kSpillBytes) continue;
    spill_.append(extents);
    extents.clear();
  }
  spill_.append(extents);
  held_bytes_ = 0;
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
  output.append(std::move(item.piece));
  if (sent.then == Then::kNewPiece) output.end_piece();
  if (sent.then == Then::kEnd) output.finish(even_empty_);
  bytes_ += output.bytes();
}

void FileSet::open_empty() {
  if (!splitter_.builder().is_single_file()) return;
  const size_t index = file_of(splitter_.builder().single_key());
  make_collector(*files_[index]);
  even_empty_ = true;
}

void FileSet::finish() {
  // One file after the other is ended as soon as its last block is there; what is open goes first.
  for (const bool open : {true, false}) {
    for (size_t i = 0; i < files_.size(); ++i) {
      if (files_[i]->is_open == open && files_[i]->holds_rows()) hand_over(i, Then::kEnd);
    }
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
