#include "base/byte_range.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

#include "base/error.h"

namespace sluice {
namespace {

/// A nameless file with this in it.
int file_with(const std::string& text) {
  std::string path = testing::TempDir() + "range-XXXXXX";
  const int file = mkstemp(path.data());
  unlink(path.c_str());
  EXPECT_EQ(write(file, text.data(), text.size()), static_cast<ssize_t>(text.size()));
  return file;
}

std::string read_at(const ByteRange& range, uint64_t offset, size_t most) {
  std::string to(most, '?');
  to.resize(range.read(offset, to.data(), most));
  return to;
}

void expect_abcdef(const ByteRange& range) {
  EXPECT_EQ(range.size(), 6u);
  EXPECT_EQ(read_at(range, 0, 3), "abc");
  EXPECT_EQ(read_at(range, 4, 10), "ef");
  EXPECT_EQ(read_at(range, 6, 1), "");
  EXPECT_EQ(read_at(range, 60, 1), "");
  EXPECT_EQ(bytes_of(range), "abcdef");
}

TEST(ByteRange, MemoryFileAndPartsReadAlike) {
  expect_abcdef(*range_in_memory("abcdef"));
  expect_abcdef(*range_of_file(file_with("abcdef"), 6));
  expect_abcdef(*part_of(range_in_memory("--abcdef--"), 2, 6));
  expect_abcdef(*part_of(part_of(range_of_file(file_with("12abcdef34"), 10), 1, 8), 1, 6));
}

TEST(ByteRange, AFileThatShrankIsNotTakenForItsEnd) {
  const auto range = range_of_file(file_with("abc"), 6);
  try {
    read_at(*range, 0, 6);
    FAIL() << "read what is not there";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kStorage);
  }
}

TEST(ByteRange, AFileThatCantBeReadSaysSo) {
  const auto range = range_of_file(open("/", O_RDONLY | O_CLOEXEC), 6);
  EXPECT_THROW(read_at(*range, 0, 1), Error);
}

}  // namespace
}  // namespace sluice
