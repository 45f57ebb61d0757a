#include "base/error.h"

#include <gtest/gtest.h>

#include <set>

namespace sluice {
namespace {

TEST(Error, SaysWhatAndWhatToDo) {
  const Error error(ErrorCode::kNotFound, "There is no pipe 'x'.", "Make it first.");
  EXPECT_EQ(error.code(), ErrorCode::kNotFound);
  EXPECT_EQ(error.message(), "There is no pipe 'x'.");
  EXPECT_EQ(error.hint(), "Make it first.");
  EXPECT_STREQ(error.what(), "There is no pipe 'x'. Make it first.");
  EXPECT_STREQ(Error(ErrorCode::kInternal, "Broken.").what(), "Broken.");
}

TEST(Error, WithinKeepsCodeAndHint) {
  const Error error = Error(ErrorCode::kTimeout, "It took too long.", "Wait.").within("Page 3");
  EXPECT_EQ(error.code(), ErrorCode::kTimeout);
  EXPECT_STREQ(error.what(), "Page 3: It took too long. Wait.");
}

TEST(Error, EveryCodeHasItsOwnName) {
  std::set<std::string_view> names;
  const int last = static_cast<int>(ErrorCode::kInternal);
  for (int code = 0; code <= last; ++code) {
    names.insert(error_code_name(static_cast<ErrorCode>(code)));
  }
  EXPECT_EQ(names.size(), static_cast<size_t>(last) + 1);
  EXPECT_EQ(error_code_name(ErrorCode::kNotFound), "not_found");
}

}  // namespace
}  // namespace sluice
