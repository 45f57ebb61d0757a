#include "engine/table_reader.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "base/limits.h"
#include "engine/stored_record.h"
#include "engine/table_walk.h"
#include "engine/tree_page.h"

namespace sluice {
namespace {

constexpr uint32_t kPageNumberBytes = 4;

class TableReader final : public RowReader {
 public:
  using BySql = std::function<std::unique_ptr<RowReader>(int64_t)>;

  TableReader(SqliteSession& session, const SnapshotPages& pages, TableRange range,
              std::vector<ColumnInfo> columns, std::string of, BySql by_sql)
      : session_(session),
        pages_(pages),
        range_(std::move(range)),
        columns_(std::move(columns)),
        of_(std::move(of)),
        by_sql_(std::move(by_sql)),
        walk_(pages, range_.root, range_.low),
        next_rowid_(range_.low) {}

  const std::vector<ColumnInfo>& columns() const override { return columns_; }
  std::optional<uint64_t> expected_rows() const override { return std::nullopt; }

  bool next(Batch& batch) override {
    session_.check_limits();
    if (rest_) return rest_->next(batch);
    batch.reset(columns_.size());
    batch.set_place(rows_ + 1, of_);
    while (!ended_ && !rest_ && !is_full(batch)) take_page(batch);
    rows_ += batch.rows();
    if (batch.rows() > 0) return true;
    return rest_ && rest_->next(batch);
  }

 private:
  /// Never without a row: that would be the end.
  static bool is_full(const Batch& batch) {
    return batch.rows() > 0 &&
           (batch.rows() >= limits::kBatchRows || batch.bytes() >= limits::kBatchBytes);
  }

  /// From here on SQLite reads.
  void give_up() { rest_ = by_sql_(next_rowid_); }

  /// The page the walk stands at: a step down, or its rows, as many as the batch takes.
  void take_page(Batch& batch) {
    const std::optional<uint32_t> number = walk_.next();
    if (!number) {
      ended_ = true;
      return;
    }
    char* const page = batch.arena_room(pages_.page_size());
    if (!pages_.read(*number, page)) return give_up();
    const TreePage view(page, pages_.usable_size(), *number);
    if (view.is_leaf()) return take_leaf(batch, *number);
    if (!view.is_interior() || !walk_.enter(page)) give_up();
  }

  void take_leaf(Batch& batch, uint32_t number) {
    const uint64_t page = batch.arena_keep(pages_.page_size());
    const auto view = [&] {
      return TreePage(batch.arena_data() + page, pages_.usable_size(), number);
    };
    TreePage leaf = view();
    const uint32_t cells = leaf.cells();
    for (; cell_ < cells; ++cell_) {
      // A batch is full at times in the middle of a leaf, which is read again for the next one.
      if (is_full(batch)) return;
      const std::optional<TreePage::LeafCell> cell = leaf.leaf_cell(cell_);
      if (!cell) return give_up();
      if (cell->rowid < range_.low) continue;
      if (cell->rowid > range_.high) {
        ended_ = true;
        return;
      }
      // Rowids ascend; this also ends a walk through a tree with a circle in it.
      if (cell->rowid < next_rowid_ || !take_row(batch, page, *cell)) return give_up();
      if (cell->rowid == range_.high) {
        ended_ = true;
        return;
      }
      next_rowid_ = cell->rowid + 1;
      if (cell->overflow != 0) leaf = view();  // The arena may have moved.
    }
    cell_ = 0;
    if (!walk_.pass()) give_up();
  }

  bool take_row(Batch& batch, uint64_t page, const TreePage::LeafCell& cell) {
    const std::vector<StoredColumns::Target>& targets = range_.columns.targets;
    RecordOutcome outcome = take_record(batch, page + cell.offset, cell.local, targets);
    if (outcome == RecordOutcome::kBeyond && cell.overflow != 0) {
      const std::optional<uint64_t> whole = join_overflow(batch, page, cell);
      if (!whole) return false;
      outcome = take_record(batch, *whole, cell.payload, targets);
    }
    const bool is_known = outcome == RecordOutcome::kDone ||
                          (outcome == RecordOutcome::kShort && !range_.has_defaults);
    if (!is_known) return false;
    for (const size_t column : range_.columns.rowids) batch.add_integer(column, cell.rowid);
    batch.end_row();
    return true;
  }

  /// Puts a record that goes on in other pages into the arena as one piece; returns its offset.
  std::optional<uint64_t> join_overflow(Batch& batch, uint64_t page,
                                        const TreePage::LeafCell& cell) {
    if (cell.payload > limits::kValueBytes) return std::nullopt;
    overflow_.clear();
    overflow_.append({batch.arena_data() + page + cell.offset, cell.local});
    const uint32_t room = pages_.usable_size() - kPageNumberBytes;
    uint32_t next = cell.overflow;
    while (overflow_.size() < cell.payload) {
      char* const to = overflow_page_.room(pages_.page_size());
      if (!pages_.read(next, to)) return std::nullopt;
      const uint64_t missing = cell.payload - overflow_.size();
      overflow_.append({to + kPageNumberBytes, std::min<uint64_t>(missing, room)});
      next = number_at(to);
    }
    char* const to = batch.arena_room(overflow_.size());
    std::copy_n(overflow_.data(), overflow_.size(), to);
    return batch.arena_keep(overflow_.size());
  }

  static uint32_t number_at(const char* bytes) {
    const auto* const raw = reinterpret_cast<const unsigned char*>(bytes);
    return uint32_t{raw[0]} << 24 | uint32_t{raw[1]} << 16 | uint32_t{raw[2]} << 8 | raw[3];
  }

  SqliteSession& session_;
  const SnapshotPages& pages_;
  TableRange range_;
  std::vector<ColumnInfo> columns_;
  std::string of_;
  BySql by_sql_;
  std::unique_ptr<RowReader> rest_;
  TableWalk walk_;
  uint32_t cell_ = 0;       ///< Of the leaf the walk stands at.
  int64_t next_rowid_ = 0;  ///< Every row before it was read.
  CharBuffer overflow_;
  CharBuffer overflow_page_;
  uint64_t rows_ = 0;
  bool ended_ = false;
};

}  // namespace

std::unique_ptr<RowReader> make_table_reader(
    SqliteSession& session, const SnapshotPages& pages, TableRange range,
    const std::vector<ColumnInfo>& columns, std::string of,
    std::function<std::unique_ptr<RowReader>(int64_t low)> by_sql) {
  return std::make_unique<TableReader>(session, pages, std::move(range), columns, std::move(of),
                                       std::move(by_sql));
}

}  // namespace sluice
