#include "object_store/file_error.h"

#include <gtest/gtest.h>

#include <cerrno>

namespace sluice {
namespace {

TEST(FileError, SaysWhatToDo) {
  EXPECT_EQ(file_error(ENOSPC, "writing", "/p").code(), ErrorCode::kStorage);
  EXPECT_EQ(file_error(EROFS, "writing", "/p").code(), ErrorCode::kStorage);
  EXPECT_EQ(file_error(EIO, "writing", "/p").code(), ErrorCode::kStorage);
  EXPECT_EQ(file_error(EACCES, "writing", "/p").code(), ErrorCode::kForbidden);
  EXPECT_EQ(file_error(ENAMETOOLONG, "writing", "/p").code(), ErrorCode::kInvalid);
  EXPECT_EQ(file_error(ENOTDIR, "writing", "/p").code(), ErrorCode::kConflict);
  EXPECT_EQ(file_error(EMFILE, "writing", "/p").code(), ErrorCode::kUnavailable);
  EXPECT_EQ(file_error(EIO, "writing", "/p").message(), "writing /p failed: Input/output error.");
}

}  // namespace
}  // namespace sluice
