#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

namespace sluice {

/// A page of a table's b-tree (sqlite.org/fileformat2.html, "B-tree Pages"). A view: the bytes
/// belong to someone else and are followed by 16 that may be read. Every offset is checked against
/// the page, whose bytes may be anything.
class TreePage {
 public:
  /// Where a row's record lies.
  struct LeafCell {
    int64_t rowid = 0;
    uint64_t payload = 0;   ///< Bytes of the record in all.
    uint32_t offset = 0;    ///< In the page.
    uint32_t local = 0;     ///< Bytes of the record in the page; the rest is in `overflow`.
    uint32_t overflow = 0;  ///< Number of the first further page, or 0.
  };

  /// `page` is `usable` bytes, without what is reserved at its end; a page's number 1 begins with
  /// the file's header.
  TreePage(const char* page, uint32_t usable, uint32_t number);

  bool is_leaf() const { return type_ == kLeaf; }
  bool is_interior() const { return type_ == kInterior; }
  uint32_t cells() const { return cells_; }
  /// Of a leaf; nothing where the cell is broken.
  std::optional<LeafCell> leaf_cell(uint32_t index) const;
  /// Of an interior page: the page below, for `index` 0 to cells(); nothing where it is broken.
  std::optional<uint32_t> child(uint32_t index) const;
  /// Of an interior page: no rowid below child `index` is greater.
  std::optional<int64_t> key(uint32_t index) const;

 private:
  static constexpr unsigned kLeaf = 0x0d;
  static constexpr unsigned kInterior = 0x05;

  uint32_t two_bytes(uint32_t at) const { return uint32_t{page_[at]} << 8 | page_[at + 1]; }
  uint32_t four_bytes(uint32_t at) const { return two_bytes(at) << 16 | two_bytes(at + 2); }
  /// Where the cell begins; 0 where that is outside of the page.
  uint32_t cell_at(uint32_t index) const;

  const unsigned char* page_;
  uint32_t usable_;
  uint32_t header_;  ///< Offset of the tree's own header.
  unsigned type_;
  uint32_t cells_;
};

}  // namespace sluice
