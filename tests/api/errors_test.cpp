#include "api/errors.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace sluice {
namespace {

TEST(Errors, EachCodeHasItsStatus) {
  const std::vector<std::pair<ErrorCode, int>> table = {
      {ErrorCode::kInvalid, 400},   {ErrorCode::kUnauthenticated, 401},
      {ErrorCode::kForbidden, 403}, {ErrorCode::kNotFound, 404},
      {ErrorCode::kConflict, 409},  {ErrorCode::kTooLarge, 413},
      {ErrorCode::kTooMany, 429},   {ErrorCode::kTimeout, 504},
      {ErrorCode::kCancelled, 409}, {ErrorCode::kUnavailable, 502},
      {ErrorCode::kBusy, 503},      {ErrorCode::kStorage, 507},
      {ErrorCode::kCorrupt, 500},   {ErrorCode::kInternal, 500}};
  for (const auto& [code, status] : table) {
    EXPECT_EQ(http_status(code), status) << error_code_name(code);
    EXPECT_EQ(error_response(Error(code, "x")).status, status);
  }
}

TEST(Errors, TheBodyHasMessageAndHint) {
  const DoorResponse response =
      error_response(Error(ErrorCode::kInvalid, "It is wrong.", "Mend it."));
  EXPECT_EQ(nlohmann::json::parse(response.body).at("error"), "It is wrong. Mend it.");
  EXPECT_TRUE(response.headers.empty());
}

TEST(Errors, ATextThatIsNotUtf8IsAnsweredAllTheSame) {
  const DoorResponse response = error_response(Error(ErrorCode::kInvalid, "bad \xff byte"));
  EXPECT_EQ(nlohmann::json::parse(response.body).at("error"), "bad \xEF\xBF\xBD byte");
}

TEST(Errors, TooManyComesWithATime) {
  const DoorResponse response = error_response(Error(ErrorCode::kTooMany, "full"));
  ASSERT_EQ(response.headers.size(), 1U);
  EXPECT_EQ(response.headers[0].name, "Retry-After");
  EXPECT_EQ(error_response(Error(ErrorCode::kBusy, "locked")).headers.size(), 1U);
}

}  // namespace
}  // namespace sluice
