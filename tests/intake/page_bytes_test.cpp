#include "intake/page_bytes.h"

#include <gtest/gtest.h>

#include "support/caught.h"

namespace sluice {
namespace {

using namespace std::string_view_literals;

TEST(PageBytes, TakesFromTheFront) {
  PageBytes in("\x01\x02\x03\x04\xac\x02\x03rest"sv);
  EXPECT_EQ(in.number<uint32_t>(), 0x04030201U);
  EXPECT_EQ(in.varint(), 300U);
  EXPECT_EQ(in.zigzag(), -2);
  EXPECT_EQ(in.take(2), "re");
  EXPECT_EQ(in.left(), 2U);
  EXPECT_EQ(in.rest(), "st");
  EXPECT_EQ(in.take(0), "");
}

TEST(PageBytes, NothingIsReadBehindTheEnd) {
  EXPECT_ERROR(PageBytes("abc").take(4), kInvalid);
  EXPECT_ERROR(PageBytes("abc").take(~uint64_t{0}), kInvalid);
  EXPECT_ERROR(PageBytes("abc").number<uint32_t>(), kInvalid);
  EXPECT_ERROR(PageBytes("\xff\xff").varint(), kInvalid);
  EXPECT_ERROR(PageBytes("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff").varint(), kInvalid);
}

TEST(PageBytes, AMessageSaysWhatIsWrongInIt) {
  const Error error = caught([] { fail_damaged("it has a hole"); });
  EXPECT_EQ(error.message(), "The Parquet file is damaged: it has a hole.");
  EXPECT_FALSE(error.hint().empty());
}

}  // namespace
}  // namespace sluice
