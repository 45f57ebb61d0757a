#include "jobs/retry.h"

#include <gtest/gtest.h>

namespace sluice {
namespace {

TEST(Retry, OnlyWhatMayHealByItself) {
  for (ErrorCode code :
       {ErrorCode::kTooMany, ErrorCode::kTimeout, ErrorCode::kUnavailable, ErrorCode::kBusy}) {
    EXPECT_TRUE(may_heal(code)) << error_code_name(code);
  }
  for (ErrorCode code :
       {ErrorCode::kInvalid, ErrorCode::kUnauthenticated, ErrorCode::kForbidden,
        ErrorCode::kNotFound, ErrorCode::kConflict, ErrorCode::kTooLarge, ErrorCode::kCancelled,
        ErrorCode::kStorage, ErrorCode::kCorrupt, ErrorCode::kInternal}) {
    EXPECT_FALSE(may_heal(code)) << error_code_name(code);
  }
}

}  // namespace
}  // namespace sluice
