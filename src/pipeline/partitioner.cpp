#include "pipeline/partitioner.h"

namespace sluice {
namespace {

/// So many empty collectors are kept for the rows to come; they hold their memory.
constexpr size_t kKept = 4096;

}  // namespace

void Partitioner::collect(const Batch& batch) {
  for (const size_t number : splitter_.touched()) {
    if (number >= collectors_.size()) collectors_.resize(splitter_.keys());
    std::unique_ptr<BlockCollector>& collector = collectors_[number];
    if (!collector) collector = plan_.format->make_collector();
    if (collector->rows() == 0) filled_.push_back(number);
    const size_t before = collector->bytes();
    collector->add(batch, splitter_.rows(number));
    bytes_ += collector->bytes() - before;
  }
}

Fragments Partitioner::take() {
  Fragments fragments;
  fragments.bytes.reserve(bytes_);
  fragments.files.reserve(filled_.size());
  for (const size_t number : filled_) {
    BlockCollector& collector = *collectors_[number];
    Fragments::Fragment& fragment = fragments.files.emplace_back();
    fragment.key = splitter_.key(number);
    fragment.rows = collector.rows();
    const size_t begin = fragments.bytes.size();
    collector.drain(fragments.bytes);
    fragment.size = fragments.bytes.size() - begin;
    fragments.rows += fragment.rows;
  }
  filled_.clear();
  bytes_ = 0;
  if (collectors_.size() > kKept) {
    collectors_.clear();
    splitter_.clear();
  }
  return fragments;
}

}  // namespace sluice
