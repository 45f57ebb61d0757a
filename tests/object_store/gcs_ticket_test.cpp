#include "object_store/gcs_ticket.h"

#include <gtest/gtest.h>

#include "support/caught.h"

namespace sluice {
namespace {

TEST(GcsTicket, ComesBackAsItWasWritten) {
  GcsTicket ticket;
  ticket.key = "a/ü";
  ticket.job_id = "job-1";
  ticket.content_type = "text/csv";
  ticket.overwrite = Overwrite::kNever;
  ticket.size = 9'000'000'000;
  ticket.crc32c = 0xdeadbeef;
  ticket.finished = true;
  ticket.spool_file = "job-1/abc-2";
  ticket.upload_id = "id";
  ticket.sent = 8'999'999'999;
  const GcsTicket back = read_gcs_ticket(write_ticket(ticket));
  EXPECT_EQ(back.key, ticket.key);
  EXPECT_EQ(back.job_id, ticket.job_id);
  EXPECT_EQ(back.content_type, ticket.content_type);
  EXPECT_EQ(back.overwrite, ticket.overwrite);
  EXPECT_EQ(back.size, ticket.size);
  EXPECT_EQ(back.crc32c, ticket.crc32c);
  EXPECT_TRUE(back.finished);
  EXPECT_EQ(back.spool_file, ticket.spool_file);
  EXPECT_EQ(back.upload_id, ticket.upload_id);
  EXPECT_EQ(back.sent, ticket.sent);
}

TEST(GcsTicket, AnIdThatIsNoUtf8IsNoBug) {
  GcsTicket ticket;
  ticket.spool_file = "job-1/a";
  ticket.upload_id = "\xff";
  EXPECT_NO_THROW(read_gcs_ticket(write_ticket(ticket)));
}

TEST(GcsTicket, OthersAreCorrupt) {
  GcsTicket ticket;
  ticket.spool_file = "../../etc/passwd";
  EXPECT_ERROR(read_gcs_ticket(write_ticket(ticket)), kCorrupt);
  for (const char* text : {"", "{}", R"({"store":"s3"})", R"({"store":"gcs"})"}) {
    EXPECT_ERROR(read_gcs_ticket({text}), kCorrupt) << text;
  }
}

}  // namespace
}  // namespace sluice
