#include "pipeline/single_file.h"

#include <algorithm>
#include <numeric>
#include <optional>
#include <span>
#include <utility>

#include "base/limits.h"
#include "pipeline/lanes.h"
#include "pipeline/work_queue.h"

namespace sluice {
namespace {

/// Of the export's memory: blocks that wait to be appended.
constexpr uint64_t kShareOfBlocks = 8;

}  // namespace

/// What the threads of one run share.
struct SingleFile::Shared {
  Shared(uint64_t memory_bytes, size_t lanes)
      : blocks(memory_bytes / kShareOfBlocks), groups(lanes) {}

  BlockQueue blocks;
  WorkQueue<Group> groups;
  std::atomic<size_t> next_part = 0;
  std::atomic<uint64_t> mismatches = 0;
  std::atomic<bool> needs_survey = false;
};

/// One thread's tools: batches in, blocks of one part out.
class SingleFile::Lane {
 public:
  Lane(const OutputPlan& plan, const ExportRequest& request, Shared& shared)
      : plan_(plan),
        shared_(shared),
        caster_(plan.casts, request.plan.settings.options.type_mismatch),
        builder_(plan.format->make_builder()) {}
  ~Lane() { shared_.mismatches += caster_.mismatches(); }
  Lane(const Lane&) = delete;
  Lane& operator=(const Lane&) = delete;

  void begin(size_t part) {
    part_ = part;
    is_first_ = part == 0;
  }
  /// False when the work is to be given up.
  bool add(Batch& batch) {
    if (!plan_.casts.empty() && !caster_.cast(batch)) {
      shared_.needs_survey = true;
      shared_.blocks.close();
      return false;
    }
    const size_t at_once = plan_.rows_at_once(batch);
    if (at_once >= batch.rows()) {
      builder_->add(batch);
      return !plan_.is_full(*builder_) || send();
    }
    return add_in_steps(batch, at_once);
  }
  /// The first part always makes a block, so that a file without rows can begin as it should.
  bool end() {
    if ((builder_->rows() > 0 || is_first_) && !send()) return false;
    return shared_.blocks.end_part(part_);
  }

 private:
  bool add_in_steps(const Batch& batch, size_t at_once) {
    std::vector<uint32_t> rows(batch.rows());
    std::iota(rows.begin(), rows.end(), 0U);
    for (std::span<const uint32_t> left = rows; !left.empty();) {
      const std::span<const uint32_t> step = left.first(std::min(at_once, left.size()));
      builder_->add(batch, step);
      if (plan_.is_full(*builder_) && !send()) return false;
      left = left.subspan(step.size());
    }
    return true;
  }
  bool send() {
    return shared_.blocks.push(part_, builder_->take(std::exchange(is_first_, false)));
  }

  const OutputPlan& plan_;
  Shared& shared_;
  ValueCaster caster_;
  std::unique_ptr<BlockBuilder> builder_;
  size_t part_ = 0;
  bool is_first_ = false;
};

/// Batches in the order of the result, as many to a group as make about a block.
void SingleFile::read_groups(RowReader& reader, Batch first, Shared& shared) {
  Group group;
  size_t bytes = 0;
  uint64_t rows = 0;
  size_t parts = 0;
  const auto send = [&] {
    group.part = parts++;
    bytes = 0;
    rows = 0;
    return shared.groups.put(std::exchange(group, {}));
  };
  Batch batch = std::move(first);
  bool more = batch.rows() > 0 || reader.next(batch);
  while (more) {
    bytes += batch.bytes();
    rows += batch.rows();
    group.batches.push_back(std::exchange(batch, {}));
    if ((bytes >= plan_.block_bytes || rows >= plan_.block_rows) && !send()) return;
    more = reader.next(batch);
  }
  if (parts == 0 || !group.batches.empty()) send();
  shared.groups.close();
  shared.blocks.end(parts);
}

void SingleFile::encode_groups(Shared& shared) {
  Lane lane(plan_, request_, shared);
  while (std::optional<Group> group = shared.groups.take()) {
    lane.begin(group->part);
    for (Batch& batch : group->batches) {
      if (!lane.add(batch)) return shared.groups.abandon();
    }
    if (!lane.end()) return shared.groups.abandon();
  }
}

void SingleFile::read_parts(SplitScan& scan, size_t number, Shared& shared) {
  Lane lane(plan_, request_, shared);
  Batch batch;
  for (size_t part = shared.next_part++; part < scan.parts(); part = shared.next_part++) {
    lane.begin(part);
    const std::unique_ptr<RowReader> reader = scan.read(number, part);
    while (reader->next(batch)) {
      if (!lane.add(batch)) return;
    }
    if (!lane.end()) return;
  }
}

void SingleFile::append_all(Shared& shared, const std::function<void(uint64_t)>& progress) {
  uint64_t rows = 0;
  while (std::optional<BlockQueue::Item> item = shared.blocks.pop()) {
    rows += item->piece.rows;
    output_.append(std::move(item->piece));
    progress(rows);
  }
}

WriteOutcome SingleFile::write(RowSource source, Batch first,
                               const std::function<void(uint64_t)>& progress) {
  Shared shared(request_.limits.memory_bytes, request_.limits.lanes);
  uint64_t rows = 0;
  const auto count = [&](uint64_t so_far) {
    rows = so_far;
    progress(so_far);
  };
  if (source.scan) {
    shared.blocks.end(source.scan->parts());
    const Lanes lanes(request_.limits.lanes, shared.blocks,
                      [&](size_t lane) { read_parts(*source.scan, lane, shared); });
    append_all(shared, count);
  } else {
    // One more thread than lanes: it reads. Whatever ends this scope early, nobody waits for ever.
    struct Abandon {
      Shared& shared;
      ~Abandon() {
        shared.blocks.close();
        shared.groups.abandon();
      }
    };
    const Lanes lanes(request_.limits.lanes + 1, shared.blocks, [&](size_t lane) {
      if (lane > 0) return encode_groups(shared);
      read_groups(*source.reader, std::move(first), shared);
    });
    const Abandon abandon{shared};
    append_all(shared, count);
  }
  return {rows, shared.mismatches, shared.needs_survey};
}

}  // namespace sluice
