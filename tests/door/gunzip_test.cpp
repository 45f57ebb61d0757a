#include "door/gunzip.h"

#include <gtest/gtest.h>

#include "door/gzip_bytes.h"

namespace sluice {
namespace {

using test::gzip_bytes;

int status_of(std::string_view bytes, size_t limit) {
  const auto result = gunzip(bytes, limit);
  const Fault* fault = std::get_if<Fault>(&result);
  return fault ? fault->status : 0;
}

TEST(Gunzip, UnpacksOneMemberAndSeveral) {
  EXPECT_EQ(std::get<std::string>(gunzip(gzip_bytes("hello"), 5)), "hello");
  EXPECT_EQ(std::get<std::string>(gunzip(gzip_bytes("hello") + gzip_bytes(" you"), 9)),
            "hello you");
  const std::string large(300000, 'x');
  EXPECT_EQ(std::get<std::string>(gunzip(gzip_bytes(large), large.size())), large);
}

TEST(Gunzip, StopsAtTheLimit) {
  const std::string bomb = gzip_bytes(std::string(50 * 1024 * 1024, '\0'));
  EXPECT_LT(bomb.size(), 100000U);
  EXPECT_EQ(status_of(bomb, 1024 * 1024), 413);
  EXPECT_EQ(status_of(gzip_bytes("hello"), 4), 413);
}

TEST(Gunzip, RefusesWhatIsNotWholeGzip) {
  const std::string packed = gzip_bytes("hello, hello, hello");
  for (size_t size = 0; size < packed.size(); ++size) {
    EXPECT_EQ(status_of(packed.substr(0, size), 100), 400) << size;
  }
  EXPECT_EQ(status_of(packed + "x", 100), 400);
  EXPECT_EQ(status_of("SELECT 1", 100), 400);
  std::string wrong_sum = packed;
  wrong_sum[wrong_sum.size() - 6] = static_cast<char>(wrong_sum[wrong_sum.size() - 6] ^ 1);
  EXPECT_EQ(status_of(wrong_sum, 100), 400);
}

}  // namespace
}  // namespace sluice
