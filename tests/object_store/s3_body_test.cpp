#include "object_store/s3_body.h"

#include <gtest/gtest.h>

#include "base/crc32c.h"
#include "base/encoding.h"
#include "base/hash.h"
#include "object_store/s3_crc32c.h"
#include "stores.h"
#include "support/caught.h"

namespace sluice {
namespace {

TEST(S3Body, DigestsAreTheSameOfMemoryAndOfARangeOfAFile) {
  TestFolder folder;
  const std::string bytes = bytes_of_size(700'000);
  std::ofstream(folder.path() + "/file", std::ios::binary) << bytes;
  S3Body file;
  file.file = folder.path() + "/file";
  for (const auto& [offset, size] : std::vector<std::pair<size_t, size_t>>{
           {0, 700'000}, {5000, 600'000}, {699'999, 1}, {7, 0}}) {
    const std::string_view part = std::string_view(bytes).substr(offset, size);
    file.offset = offset;
    file.size = size;
    for (const S3Body& body : {file, memory_body(part)}) {
      EXPECT_EQ(sha256_of(body), hex_encode(sha256(part)));
      EXPECT_EQ(md5_of(body), hex_encode(md5(part)));
      EXPECT_EQ(crc32c_of(body), crc32c(part));
    }
  }
  EXPECT_EQ(memory_body("123456789").crc32c, 0xe3069283U);
}

TEST(S3Body, AFileThatIsGoneOrTooShortIsAStorageError) {
  TestFolder folder;
  S3Body body;
  body.file = folder.path() + "/none";
  body.size = 5;
  EXPECT_ERROR(sha256_of(body), kStorage);
  body.file = folder.path() + "/short";
  std::ofstream(body.file) << "abc";
  EXPECT_ERROR(sha256_of(body), kStorage);
  EXPECT_ERROR(crc32c_of(body), kStorage);
}

}  // namespace
}  // namespace sluice
