#include "engine/tree_page.h"

#include "engine/stored_record.h"

namespace sluice {
namespace {

constexpr uint32_t kFileHeaderBytes = 100;
constexpr uint32_t kLeafHeaderBytes = 8;
constexpr uint32_t kInteriorHeaderBytes = 12;
constexpr uint32_t kRightmostAt = 8;
constexpr uint32_t kPageNumberBytes = 4;

/// How much of a record stays in the page ("Cell Payload Overflow Pages").
uint64_t local_bytes(uint64_t payload, uint64_t usable) {
  const uint64_t most = usable - 35;
  if (payload <= most) return payload;
  const uint64_t least = (usable - 12) * 32 / 255 - 23;
  const uint64_t fitting = least + (payload - least) % (usable - 4);
  return fitting <= most ? fitting : least;
}

}  // namespace

TreePage::TreePage(const char* page, uint32_t usable, uint32_t number)
    : page_(reinterpret_cast<const unsigned char*>(page)),
      usable_(usable),
      header_(number == 1 ? kFileHeaderBytes : 0),
      type_(page_[header_]),
      cells_(two_bytes(header_ + 3)) {}

uint32_t TreePage::cell_at(uint32_t index) const {
  const uint32_t header = is_leaf() ? kLeafHeaderBytes : kInteriorHeaderBytes;
  const uint32_t pointer = header_ + header + 2 * index;
  if (pointer + 2 > usable_) return 0;
  const uint32_t at = two_bytes(pointer);
  return at >= pointer + 2 && at + kPageNumberBytes <= usable_ ? at : 0;
}

std::optional<TreePage::LeafCell> TreePage::leaf_cell(uint32_t index) const {
  const uint32_t at = cell_at(index);
  if (at == 0) return std::nullopt;
  LeafCell cell;
  uint64_t rowid = 0;
  // At most 18 bytes, of which the last may lie in the bytes behind the page.
  const unsigned char* next = read_varint(page_ + at, cell.payload);
  if (next > page_ + usable_) return std::nullopt;
  next = read_varint(next, rowid);
  cell.rowid = static_cast<int64_t>(rowid);
  cell.offset = static_cast<uint32_t>(next - page_);
  if (cell.offset > usable_) return std::nullopt;
  cell.local = static_cast<uint32_t>(local_bytes(cell.payload, usable_));
  const uint32_t room = usable_ - cell.offset;
  if (cell.local == cell.payload) return cell.local <= room ? std::optional(cell) : std::nullopt;
  if (cell.local + kPageNumberBytes > room) return std::nullopt;
  cell.overflow = four_bytes(cell.offset + cell.local);
  return cell;
}

std::optional<uint32_t> TreePage::child(uint32_t index) const {
  if (index == cells_) return four_bytes(header_ + kRightmostAt);
  const uint32_t at = cell_at(index);
  if (at == 0) return std::nullopt;
  return four_bytes(at);
}

std::optional<int64_t> TreePage::key(uint32_t index) const {
  const uint32_t at = cell_at(index);
  if (at == 0) return std::nullopt;
  uint64_t key = 0;
  read_varint(page_ + at + kPageNumberBytes, key);
  return static_cast<int64_t>(key);
}

}  // namespace sluice
