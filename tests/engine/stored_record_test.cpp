#include "engine/stored_record.h"

#include <gtest/gtest.h>

#include <string>

#include "engine/engine_world.h"

namespace sluice {
namespace {

using Targets = std::vector<StoredColumns::Target>;

/// A batch with one record in its arena.
struct Record {
  explicit Record(const std::string& bytes, size_t columns = 2) {
    batch.reset(columns);
    std::copy(bytes.begin(), bytes.end(), batch.arena_room(bytes.size()));
    offset = batch.arena_keep(bytes.size());
    size = bytes.size();
  }
  RecordOutcome take(const Targets& targets) { return take_record(batch, offset, size, targets); }
  std::string value(size_t column) { return shown(batch, batch.at(column, 0)); }
  Batch batch;
  uint64_t offset = 0;
  uint64_t size = 0;
};

std::string bytes(std::initializer_list<int> values) { return {values.begin(), values.end()}; }

TEST(StoredRecordTest, Varints) {
  const struct {
    std::string bytes;
    uint64_t value;
  } cases[] = {{bytes({0x00}), 0},
               {bytes({0x7f}), 127},
               {bytes({0x81, 0x00}), 128},
               {bytes({0x82, 0x80, 0x01}), 2 * 128 * 128 + 1},
               {std::string(9, '\xff'), UINT64_MAX},
               {std::string(8, '\x80') + '\x05', 5}};
  for (const auto& one : cases) {
    std::string padded = one.bytes + std::string(9, 'x');
    uint64_t value = 0;
    const auto* first = reinterpret_cast<const unsigned char*>(padded.data());
    EXPECT_EQ(read_varint(first, value) - first, static_cast<int64_t>(one.bytes.size()));
    EXPECT_EQ(value, one.value);
  }
}

TEST(StoredRecordTest, PutsValuesWhereTheyAreWanted) {
  // Header of 4: integer of 2 bytes, text of 3, one.
  Record record(bytes({4, 2, 19, 9, 0xff, 0xfe, 'a', 'b', 'c'}), 3);
  EXPECT_EQ(record.take({{2, false}, {0, false}, {1, true}}), RecordOutcome::kDone);
  EXPECT_EQ(record.value(2), "-2");
  EXPECT_EQ(record.value(0), "'abc'");
  EXPECT_EQ(record.value(1), "1.0") << "a real without a fraction";
}

TEST(StoredRecordTest, SkipsWhatIsNotWanted) {
  Record record(bytes({4, 2, 19, 9, 0xff, 0xfe, 'a', 'b', 'c'}), 1);
  EXPECT_EQ(record.take({{}, {0, false}}), RecordOutcome::kDone);
  EXPECT_EQ(record.value(0), "'abc'");
}

TEST(StoredRecordTest, MissingColumnsAreNullAndTold) {
  Record record(bytes({2, 1, 7}));
  EXPECT_EQ(record.take({{0, false}, {1, false}}), RecordOutcome::kShort);
  EXPECT_EQ(record.value(0), "7");
  EXPECT_EQ(record.value(1), "null");
}

TEST(StoredRecordTest, NotANumberIsNull) {
  Record record(bytes({2, 7, 0x7f, 0xf8, 0, 0, 0, 0, 0, 0}), 1);
  EXPECT_EQ(record.take({{0, true}}), RecordOutcome::kDone);
  EXPECT_EQ(record.value(0), "null");
}

TEST(StoredRecordTest, SaysWhatLiesBeyond) {
  EXPECT_EQ(Record(bytes({3, 1, 25, 7, 'a'})).take({{0, false}, {1, false}}),
            RecordOutcome::kBeyond);
  EXPECT_EQ(Record(bytes({3, 1, 25, 7, 'a'})).take({{0, false}}), RecordOutcome::kDone)
      << "nobody asks for what lies beyond";
  EXPECT_EQ(Record(bytes({100, 1})).take({{0, false}}), RecordOutcome::kBeyond) << "of the header";
}

TEST(StoredRecordTest, BrokenHeaders) {
  EXPECT_EQ(Record(bytes({2, 10, 0})).take({{0, false}}), RecordOutcome::kBroken) << "no such type";
  EXPECT_EQ(Record(bytes({2, 0x81, 0x00})).take({{0, false}}), RecordOutcome::kBroken)
      << "a type that ends behind the header";
  // A text of some 2^62 bytes, and one behind it.
  Record vast(std::string("\x0b", 1) + std::string(9, '\xff') + "\x01" + "x");
  EXPECT_EQ(vast.take({{}, {0, false}}), RecordOutcome::kBeyond);
}

}  // namespace
}  // namespace sluice
