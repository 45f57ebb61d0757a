#include "object_store/s3_ticket.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace sluice {
namespace {

TEST(S3Ticket, ComesBackAsItWas) {
  S3Ticket put{"kü\"", "job", "text/csv", Overwrite::kNever, 7, 7U, true, "job/abc", "", {}};
  const S3Ticket put_again = read_ticket(write_ticket(put));
  EXPECT_EQ(put_again.key, put.key);
  EXPECT_EQ(put_again.job_id, "job");
  EXPECT_EQ(put_again.content_type, "text/csv");
  EXPECT_EQ(put_again.overwrite, Overwrite::kNever);
  EXPECT_EQ(put_again.size, 7U);
  EXPECT_TRUE(put_again.finished);
  EXPECT_EQ(put_again.spool_file, "job/abc");
  EXPECT_EQ(put_again.crc32c, 7U);

  S3Ticket upload{"k",   "job", "",   Overwrite::kReplace,     9, {},
                  false, "",    "id", {{1, "a", 5U}, {2, "b"}}};
  const S3Ticket upload_again = read_ticket(write_ticket(upload));
  EXPECT_EQ(upload_again.upload_id, "id");
  EXPECT_FALSE(upload_again.finished);
  ASSERT_EQ(upload_again.parts.size(), 2U);
  EXPECT_EQ(upload_again.parts[1].number, 2);
  EXPECT_EQ(upload_again.parts[1].etag, "b");
  EXPECT_EQ(upload_again.parts[0].crc32c, 5U);
  EXPECT_EQ(upload_again.parts[1].crc32c, std::nullopt);
  EXPECT_EQ(upload_again.crc32c, std::nullopt);
}

TEST(S3Ticket, OfWhatAnotherPartyWritesComesBack) {
  S3Ticket copy{.key = "k", .job_id = "job", .content_type = "", .size = 9, .finished = true};
  copy.source = "p/.sluice/1/ü\"";
  const S3Ticket copy_again = read_ticket(write_ticket(copy));
  EXPECT_EQ(copy_again.key, "k");
  EXPECT_EQ(copy_again.source, copy.source);
  EXPECT_EQ(copy_again.size, 9U);
  EXPECT_TRUE(copy_again.finished);
  EXPECT_EQ(copy_again.folder, "");

  S3Ticket folder;
  folder.folder = "p/.sluice/1/";
  const S3Ticket folder_again = read_ticket(write_ticket(folder));
  EXPECT_EQ(folder_again.folder, folder.folder);
  EXPECT_FALSE(folder_again.finished);
  folder.folder = "p";
  EXPECT_THROW(read_ticket(write_ticket(folder)), Error);
}

TEST(S3Ticket, OfTheVersionBeforeIsStillRead) {
  const std::string common =
      R"("store":"s3","key":"k","job_id":"j","content_type":"","overwrite":"never","size":3,)";
  const S3Ticket put = read_ticket({"{" + common +
                                    R"("finished":true,"kind":"put","spool_file":"j/a",)"
                                    R"("sha256":"00"})"});
  EXPECT_EQ(put.spool_file, "j/a");
  EXPECT_EQ(put.crc32c, std::nullopt);
  const S3Ticket upload = read_ticket(
      {"{" + common + R"("finished":true,"kind":"multipart","upload_id":"u","etags":["a","b"]})"});
  ASSERT_EQ(upload.parts.size(), 2U);
  EXPECT_EQ(upload.parts[1].etag, "b");
}

TEST(S3Ticket, FilesOutsideTheSpoolAreRefused) {
  for (const char* file : {"", "x", "../x", "/etc/passwd", "job/../x", "job/a/b", "job/"}) {
    S3Ticket ticket;
    ticket.key = "k";
    ticket.spool_file = file;
    EXPECT_THROW(read_ticket(write_ticket(ticket)), Error) << file;
  }
}

}  // namespace
}  // namespace sluice
