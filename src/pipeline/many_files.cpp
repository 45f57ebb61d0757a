#include "pipeline/many_files.h"

#include <utility>

#include "pipeline/lanes.h"
#include "pipeline/part_queue.h"
#include "pipeline/partitioner.h"
#include "pipeline/read_ahead.h"

namespace sluice {
namespace {

/// Of the export's memory: what lanes have collected and is not yet taken over, and what one lane
/// hands on at a time.
constexpr uint64_t kShareOfFragments = 8;
constexpr uint64_t kShareOfOneLane = 32;

}  // namespace

/// What the threads of one run share.
struct ManyFiles::Shared {
  explicit Shared(uint64_t memory_bytes)
      : fragments(memory_bytes / kShareOfFragments),
        fragment_bytes(memory_bytes / kShareOfOneLane) {}

  PartQueue<Fragments> fragments;
  const uint64_t fragment_bytes;
  std::atomic<size_t> next_part = 0;
  std::atomic<uint64_t> mismatches = 0;
  std::atomic<bool> needs_survey = false;
};

ValueCaster ManyFiles::make_caster() const {
  return {plan_.casts, request_.plan.settings.options.type_mismatch};
}

WriteOutcome ManyFiles::write(RowSource source, Batch first,
                              const std::function<void(uint64_t)>& progress) {
  if (source.scan) return write_parts(*source.scan, progress);
  return write_in_order(*source.reader, std::move(first), progress);
}

WriteOutcome ManyFiles::write_in_order(RowReader& reader, Batch first,
                                       const std::function<void(uint64_t)>& progress) {
  ValueCaster caster = make_caster();
  const auto cast = [&](Batch& batch) { return plan_.casts.empty() || caster.cast(batch); };
  ReadAhead ahead(reader);
  Batch batch = std::move(first);
  bool more = batch.rows() > 0 || ahead.next(batch);
  for (; more; more = ahead.next(batch)) {
    if (!files_.add(batch, cast)) return {files_.rows(), caster.mismatches(), true};
    progress(files_.rows());
  }
  return {files_.rows(), caster.mismatches(), false};
}

void ManyFiles::read_parts(SplitScan& scan, size_t lane, Shared& shared) {
  Partitioner rows(plan_, keys_);
  ValueCaster caster = make_caster();
  const auto cast = [&](Batch& batch) { return plan_.casts.empty() || caster.cast(batch); };
  Batch batch;
  for (size_t part = shared.next_part++; part < scan.parts(); part = shared.next_part++) {
    const std::unique_ptr<RowReader> reader = scan.read(lane, part);
    while (reader->next(batch)) {
      if (!rows.add(batch, cast)) {
        shared.needs_survey = true;
        shared.fragments.close();
        return;
      }
      if (rows.bytes() < shared.fragment_bytes) continue;
      if (!shared.fragments.push(part, rows.take())) return;
    }
    if (rows.bytes() > 0 && !shared.fragments.push(part, rows.take())) return;
    if (!shared.fragments.end_part(part)) return;
  }
  shared.mismatches += caster.mismatches();
}

WriteOutcome ManyFiles::write_parts(SplitScan& scan,
                                    const std::function<void(uint64_t)>& progress) {
  Shared shared(request_.limits.memory_bytes);
  shared.fragments.end(scan.parts());
  {
    const Lanes lanes(request_.limits.lanes, shared.fragments,
                      [&](size_t lane) { read_parts(scan, lane, shared); });
    while (auto item = shared.fragments.pop()) {
      files_.add(item->piece);
      progress(files_.rows());
    }
  }
  return {files_.rows(), shared.mismatches, shared.needs_survey};
}

}  // namespace sluice
