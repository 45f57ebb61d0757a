#include "object_store/gcs_fault.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sluice {
namespace {

using testing::HasSubstr;

GcsFault fault_of(int status, const std::string& body = "") {
  return read_gcs_fault({status, {}, body});
}

TEST(GcsFault, ReasonAndMessageAreRead) {
  const GcsFault fault = fault_of(
      403, R"({"error":{"code":403,"message":"no\nright","errors":[{"reason":"forbidden"}]}})");
  EXPECT_EQ(fault.reason, "forbidden");
  EXPECT_EQ(fault.message, "no right");
  const Error error = to_error(fault, "writing gs://b/k");
  EXPECT_EQ(error.code(), ErrorCode::kForbidden);
  EXPECT_THAT(error.message(), HasSubstr("writing gs://b/k: HTTP 403 forbidden, no right."));
  EXPECT_THAT(error.hint(), HasSubstr("role"));
}

TEST(GcsFault, AnyBodyIsTaken) {
  for (const char* body : {"", "<html>", "[]", "{}", R"({"error":7})", R"({"error":{}})",
                           R"({"error":{"message":7,"errors":[]}})"}) {
    EXPECT_EQ(fault_of(404, body).message, "") << body;
  }
  EXPECT_EQ(fault_of(404, R"({"error":"gone"})").message, "gone");
  EXPECT_EQ(fault_of(404, R"({"error":{"message":")" + std::string(1000, 'x') + "\"}}").message,
            std::string(300, 'x'));
}

TEST(GcsFault, CodesFollowTheStatus) {
  const std::vector<std::pair<int, ErrorCode>> table = {
      {400, ErrorCode::kInvalid},     {401, ErrorCode::kUnauthenticated},
      {403, ErrorCode::kForbidden},   {404, ErrorCode::kNotFound},
      {409, ErrorCode::kConflict},    {412, ErrorCode::kConflict},
      {413, ErrorCode::kTooLarge},    {408, ErrorCode::kUnavailable},
      {429, ErrorCode::kUnavailable}, {500, ErrorCode::kUnavailable},
      {503, ErrorCode::kUnavailable}, {501, ErrorCode::kInvalid}};
  for (const auto& [status, code] : table) {
    EXPECT_EQ(to_error(fault_of(status), "x").code(), code) << status;
    EXPECT_EQ(may_heal(fault_of(status)), code == ErrorCode::kUnavailable) << status;
  }
}

}  // namespace
}  // namespace sluice
