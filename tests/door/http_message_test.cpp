#include "door/http_message.h"

#include <gtest/gtest.h>

namespace sluice {
namespace {

TEST(DoorRequest, FindsTheFirstHeaderInAnyCase) {
  DoorRequest request;
  request.headers = {{"X-One", "1"}, {"x-one", "2"}, {"Empty", ""}};
  EXPECT_EQ(request.header("x-ONE"), "1");
  EXPECT_EQ(request.header("empty"), "");
  EXPECT_EQ(request.header("x-on"), "");
  EXPECT_EQ(find_header(request.headers, "none"), nullptr);
}

}  // namespace
}  // namespace sluice
