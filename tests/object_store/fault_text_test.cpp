#include "object_store/fault_text.h"

#include <gtest/gtest.h>

#include "base/encoding.h"

namespace sluice {
namespace {

TEST(FaultText, IsOneBoundedLine) {
  EXPECT_EQ(one_line("a\r\nb\tc"), "a  b c");
  EXPECT_EQ(one_line(std::string(1000, 'x')), std::string(300, 'x'));
}

TEST(FaultText, IsCutBetweenCharacters) {
  for (size_t before = 290; before < 300; ++before) {
    const std::string cut =
        one_line(std::string(before, 'x') + "\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac");
    EXPECT_TRUE(is_utf8(cut)) << before;
    EXPECT_LE(cut.size(), 300U);
  }
}

}  // namespace
}  // namespace sluice
