#include "format/parquet_dictionary.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace sluice {
namespace {

uint32_t id_of(DictionaryIndex& index, std::vector<std::string>& entries, const std::string& value,
               uint32_t hash) {
  const uint32_t id = index.find(hash, [&](uint32_t each) { return entries[each] == value; });
  if (id != DictionaryIndex::kNone) return id;
  entries.push_back(value);
  return index.add(hash);
}

TEST(ParquetDictionary, IdsAreGivenInOrderAndFoundAgain) {
  DictionaryIndex index;
  std::vector<std::string> entries;
  for (int round = 0; round < 2; ++round) {
    for (uint32_t i = 0; i < 10000; ++i) {
      const std::string value = std::to_string(i * 7);
      ASSERT_EQ(id_of(index, entries, value, hash_bytes(value)), i);
    }
  }
  EXPECT_EQ(index.size(), 10000U);
  EXPECT_GE(index.bytes(), 20000 * sizeof(uint64_t));
  index.clear();
  EXPECT_EQ(index.bytes(), 0U);
  entries.clear();
  EXPECT_EQ(id_of(index, entries, "new", 1), 0U);
}

TEST(ParquetDictionary, EqualHashesAreNotEqualValues) {
  DictionaryIndex index;
  std::vector<std::string> entries;
  for (int round = 0; round < 2; ++round) {
    for (uint32_t i = 0; i < 200; ++i) {
      ASSERT_EQ(id_of(index, entries, std::to_string(i), 0xffffffff), i);
    }
  }
}

TEST(ParquetDictionary, EveryByteCountsInTheHash) {
  std::set<uint32_t> hashes;
  size_t values = 0;
  for (size_t size = 0; size < 40; ++size) {
    hashes.insert(hash_bytes(std::string(size, 'x')));
    ++values;
    for (size_t place = 0; place < size; ++place) {
      std::string value(size, 'x');
      value[place] = 'y';
      hashes.insert(hash_bytes(value));
      ++values;
    }
  }
  EXPECT_GE(hashes.size(), values - 1);
  EXPECT_NE(hash_number(1), hash_number(2));
  EXPECT_NE(hash_number(1), hash_number(1ULL << 32));
}

TEST(ParquetDictionary, HopelessCases) {
  using dictionary_rule::is_hopeless;
  EXPECT_FALSE(is_hopeless({4000, 4000, 4000}));
  EXPECT_TRUE(is_hopeless({4096, 4096, 4096}));
  EXPECT_FALSE(is_hopeless({4096, 3600, 3600}));
  EXPECT_FALSE(is_hopeless({16383, 14000, 8000}));
  EXPECT_TRUE(is_hopeless({16384, 12000, 8000}));
  EXPECT_FALSE(is_hopeless({16384, 11000, 8000}));
}

TEST(ParquetDictionary, PaysWhereItIsClearlyLess) {
  using dictionary_rule::pays;
  EXPECT_FALSE(pays({0, 0, 0}, 0, 0));
  EXPECT_TRUE(pays({1000, 10, 10}, 8000, 80));
  EXPECT_FALSE(pays({1000, 900, 900}, 8000, 7200));
  EXPECT_FALSE(pays({3, 1, 1}, 24, 8));
}

}  // namespace
}  // namespace sluice
