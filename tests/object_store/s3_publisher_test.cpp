#include "object_store/s3_publisher.h"

#include <gmock/gmock.h>

#include "base/crc32c.h"
#include "object_store/s3_crc32c.h"
#include "recording_client.h"
#include "stores.h"
#include "support/caught.h"

namespace sluice {
namespace {

constexpr size_t kLarge = 9'000'000;

class S3PublisherTest : public testing::Test {
 protected:
  S3Ticket staged(size_t size, Overwrite overwrite = Overwrite::kReplace) {
    auto object = store_->stage("k", {.job_id = "job-1", .overwrite = overwrite});
    object->write(bytes_of_size(size));
    object->finish();
    return read_ticket(object->ticket());
  }
  S3Client client(const std::string& provider = "generic") {
    S3Options options = world_.options().s3;
    options.profile = provider_profile(provider);
    return {options, http_, world_.clock, world_.random};
  }

  S3World world_;
  RecordingClient http_{world_.s3};
  std::unique_ptr<ObjectStore> store_ = world_.open();
};

TEST_F(S3PublisherTest, TheStoresChecksumIsComparedAfterwards) {
  auto s3 = client();
  S3Publisher publisher(s3, world_.spool());
  for (const size_t size : {size_t{7}, kLarge}) {
    const S3Ticket ticket = staged(size);
    EXPECT_EQ(publisher.publish(ticket), PublishResult::kPublished);
    const std::string checksum = world_.s3.objects().at("k").crc32c;
    EXPECT_EQ(checksum.find('-') != std::string::npos, size == kLarge) << checksum;
    // Between the write and the look the store damages it, with size and job as they were.
    const S3Ticket damaged = staged(size);
    world_.s3.on_call = [&](const std::string& operation) {
      if (operation != "HeadObject" || !world_.s3.objects().contains("k")) return;
      FakeS3::Object object = world_.s3.objects().at("k");
      object.bytes[0] = static_cast<char>(object.bytes[0] ^ 1);
      object.crc32c = size == kLarge ? crc32c_composite_text({1, 2}) : crc32c_text(1);
      world_.s3.put("k", object);
    };
    EXPECT_ERROR(publisher.publish(damaged), kCorrupt);
    world_.s3.on_call = nullptr;
    world_.s3.remove("k");
  }
}

TEST_F(S3PublisherTest, AStoreThatGivesTheWholeObjectsChecksumIsUnderstood) {
  auto s3 = client();
  S3Publisher publisher(s3, world_.spool());
  const S3Ticket ticket = staged(kLarge);
  world_.s3.on_call = [&](const std::string& operation) {
    if (operation != "HeadObject" || !world_.s3.objects().contains("k")) return;
    FakeS3::Object object = world_.s3.objects().at("k");
    object.crc32c = crc32c_text(crc32c(object.bytes));
    world_.s3.put("k", object);
  };
  EXPECT_EQ(publisher.publish(ticket), PublishResult::kPublished);
}

TEST_F(S3PublisherTest, AnObjectOfTheSameJobAndSizeButOtherBytesIsAnothers) {
  auto s3 = client();
  S3Publisher publisher(s3, world_.spool());
  const S3Ticket ticket = staged(7, Overwrite::kNever);
  const std::string other = "7 bytes";
  world_.s3.put("k", {other, "e", "", "job-1", crc32c_text(crc32c(other))});
  EXPECT_EQ(publisher.publish(ticket), PublishResult::kNameTaken);
  EXPECT_EQ(world_.s3.objects().at("k").bytes, other);
  world_.s3.put("k", {bytes_of_size(7), "e", "", "job-1", crc32c_text(*ticket.crc32c)});
  EXPECT_EQ(publisher.publish(ticket), PublishResult::kPublished);
  EXPECT_EQ(world_.s3.calls("PutObject"), 0);
}

TEST_F(S3PublisherTest, ConditionsAreSentOnlyToProvidersThatKnowThem) {
  for (const char* provider : {"aws", "b2"}) {
    auto s3 = client(provider);
    S3Publisher publisher(s3, world_.spool());
    const size_t before = http_.with("If-None-Match");
    for (const size_t size : {size_t{7}, kLarge}) {
      EXPECT_EQ(publisher.publish(staged(size, Overwrite::kNever)), PublishResult::kPublished);
      world_.s3.remove("k");
    }
    EXPECT_EQ(http_.with("If-None-Match") - before, provider == std::string("aws") ? 2U : 0U);
  }
}

TEST_F(S3PublisherTest, TicketsThatAreNotFinishedAreABug) {
  auto s3 = client();
  S3Ticket ticket = staged(7);
  ticket.finished = false;
  EXPECT_ERROR(S3Publisher(s3, world_.spool()).publish(ticket), kInternal);
}

}  // namespace
}  // namespace sluice
