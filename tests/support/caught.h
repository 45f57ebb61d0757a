#pragma once

#include <gtest/gtest.h>

#include <ostream>

#include "base/error.h"

namespace sluice {

/// How a code looks where an expectation fails.
inline void PrintTo(ErrorCode code, std::ostream* out) { *out << error_code_name(code); }

/// The `Error` that `work` throws; a failure of the test when it throws none.
template <typename Work>
Error caught(Work&& work) {
  try {
    work();
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << "nothing was thrown";
  return {ErrorCode::kInternal, "nothing was thrown"};
}

/// Only the code, for `EXPECT_EQ(code_of([&] { ... }), ErrorCode::kInvalid)`.
template <typename Work>
ErrorCode code_of(Work&& work) {
  return caught(work).code();
}

}  // namespace sluice

/// `statement` throws an Error of that code (without the enum's name: kInvalid).
#define EXPECT_ERROR(statement, expected) \
  EXPECT_EQ(::sluice::code_of([&] { statement; }), ::sluice::ErrorCode::expected) << #statement
