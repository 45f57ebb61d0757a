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

TEST(DoorRequest, ItsBodyIsARangeWhereverItIs) {
  DoorRequest request;
  request.body = "rows";
  EXPECT_EQ(bytes_of(*body_range(request)), "rows");
  request.upload = range_in_memory("more rows");
  request.body.clear();
  EXPECT_EQ(body_range(request), request.upload);
  EXPECT_EQ(bytes_of(*body_range(FormPart{"a", "", "", "x"})), "x");
  const FormPart file{"a", "f.csv", "", "", part_of(request.upload, 5, 4)};
  EXPECT_EQ(bytes_of(*body_range(file)), "rows");
}

TEST(BodyRule, DataBeyondMemoryGoesToTheDisk) {
  EXPECT_EQ(BodyRule(7).in_memory, 7U);
  EXPECT_FALSE(BodyRule(7).as_it_came);
  EXPECT_EQ(BodyRule::data(1 << 30).in_memory, limits::kBodyBytes);
  EXPECT_EQ(BodyRule::data(10).in_memory, 10U) << "what may not come need not be spooled";
  EXPECT_TRUE(BodyRule::data(10).as_it_came);
}

}  // namespace
}  // namespace sluice
