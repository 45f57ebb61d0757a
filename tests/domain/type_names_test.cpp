#include "domain/type_names.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "domain/data_type.h"
#include "support/caught.h"

namespace sluice {
namespace {

using testing::HasSubstr;

TEST(TypeNames, InAnyCaseAndThoseOfSql) {
  EXPECT_STREQ(find_type("DateTime64").name, "DateTime64");
  EXPECT_STREQ(find_type("datetime64").name, "DateTime64");
  EXPECT_STREQ(find_type("VARCHAR").name, "String");
  EXPECT_EQ(find_type("uint8").bits, 8);
  EXPECT_TRUE(find_type("uint8").is_unsigned);
}

TEST(TypeNames, UnknownOnesNameTheNearest) {
  EXPECT_THAT(caught([] { find_type("Flaot64"); }).hint(), HasSubstr("Did you mean Float64?"));
  EXPECT_THAT(caught([] { find_type("xyzzyxyzzy"); }).hint(),
              testing::StartsWith("Types: String, "));
  EXPECT_ERROR(find_type(""), kInvalid);
}

TEST(TypeNames, ExamplesAreTypes) {
  for (const char* name :
       {"String", "FixedString", "Enum8", "Int8", "Decimal", "Decimal64", "DateTime", "DateTime64",
        "Array", "Map", "Tuple", "JSON", "Nullable", "SimpleAggregateFunction"}) {
    const std::string example = type_example(find_type(name));
    EXPECT_EQ(parse_data_type(example).text, example);
    EXPECT_THAT(example, testing::StartsWith(name));
  }
}

}  // namespace
}  // namespace sluice
