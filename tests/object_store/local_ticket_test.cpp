#include "object_store/local_ticket.h"

#include <gtest/gtest.h>

#include "support/caught.h"

namespace sluice {
namespace {

TEST(LocalTicket, ComesBackAsItWas) {
  const LocalTicket ticket{"a/kü\"", "job/abc", Overwrite::kNever, 7, 8, 9, -10};
  const LocalTicket again = read_local_ticket(write_ticket(ticket));
  EXPECT_EQ(again.key, ticket.key);
  EXPECT_EQ(again.file, ticket.file);
  EXPECT_EQ(again.overwrite, Overwrite::kNever);
  EXPECT_EQ(again.size, 7U);
  EXPECT_EQ(again.device, 8U);
  EXPECT_EQ(again.inode, 9U);
  EXPECT_EQ(again.modified_ns, -10);
}

TEST(LocalTicket, WhatDidNotComeFromUsIsRefused) {
  EXPECT_ERROR(read_local_ticket({"{\"store\":\"s3\"}"}), kCorrupt);
  EXPECT_ERROR(read_local_ticket({"nothing"}), kCorrupt);
  for (const char* file : {"", "x", "../x", "/etc/passwd", "job/../x"}) {
    const LocalTicket ticket{"k", file, Overwrite::kReplace, 0, 0, 0, 0};
    EXPECT_ERROR(read_local_ticket(write_ticket(ticket)), kCorrupt) << file;
  }
  const LocalTicket outside{"../k", "job/abc", Overwrite::kReplace, 0, 0, 0, 0};
  EXPECT_ERROR(read_local_ticket(write_ticket(outside)), kInvalid);
}

}  // namespace
}  // namespace sluice
