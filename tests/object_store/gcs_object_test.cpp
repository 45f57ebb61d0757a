#include "object_store/gcs_object.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "base/limits.h"
#include "object_store/gcs_ticket.h"
#include "stores.h"
#include "support/caught.h"

namespace sluice {
namespace {

class GcsObjectTest : public testing::Test {
 protected:
  static constexpr size_t kChunk = limits::kPartBytes;
  StageOptions job() {
    StageOptions options;
    options.job_id = "job-1";
    options.on_remote_begin = [this](const StageTicket& ticket) {
      begun_.push_back(read_gcs_ticket(ticket));
    };
    return options;
  }

  GcsWorldParts world_;
  std::unique_ptr<ObjectStore> store_ = world_.open();
  std::vector<GcsTicket> begun_;
};

TEST_F(GcsObjectTest, TheLastChunkWaitsInTheSpool) {
  for (const auto& [size, chunks] : std::vector<std::pair<size_t, int>>{
           {0, 0}, {kChunk, 0}, {kChunk + 1, 1}, {2 * kChunk, 1}, {2 * kChunk + 1, 2}}) {
    const int before = world_.gcs.calls("chunk");
    auto object = store_->stage("k", job());
    object->write(bytes_of_size(size));
    object->finish();
    EXPECT_EQ(world_.gcs.calls("chunk") - before, chunks) << size;
    EXPECT_EQ(count_files(world_.spool()), 1U) << size;
    EXPECT_EQ(world_.gcs.objects().size(), 0U);
    store_->discard(object->ticket());
    EXPECT_EQ(count_files(world_.spool()) + world_.gcs.uploads(), 0U);
  }
}

TEST_F(GcsObjectTest, AnUploadIsJournalledBeforeAndAfterItBegins) {
  world_.gcs.on_call = [this](const std::string& operation) {
    const size_t expected = operation == "begin" ? 1 : 2;
    if (operation == "token") return;
    EXPECT_EQ(begun_.size(), expected) << operation;
  };
  auto object = store_->stage("k", job());
  object->write(bytes_of_size(kChunk + 1));
  ASSERT_EQ(begun_.size(), 2U);
  EXPECT_EQ(begun_[0].upload_id, "");
  EXPECT_EQ(begun_[1].upload_id, "1");
  EXPECT_FALSE(begun_[1].finished);
  // As after a crash: what is known then is enough to end it.
  store_->discard(write_ticket(begun_[0]));
  store_->discard(write_ticket(begun_[1]));
  EXPECT_EQ(world_.gcs.uploads(), 0U);
}

TEST_F(GcsObjectTest, AFailureOfTheStoreSurfacesAtTheWrite) {
  auto object = store_->stage("k", job());
  object->write(bytes_of_size(kChunk));
  world_.gcs.plan("chunk", {403});
  EXPECT_ERROR(object->write("x"), kForbidden);
  object.reset();
  EXPECT_EQ(count_files(world_.spool()) + world_.gcs.uploads(), 0U);
}

TEST_F(GcsObjectTest, AnUploadThatAnotherEndedIsAConflict) {
  auto object = store_->stage("k", job());
  object->write(bytes_of_size(kChunk + 1));
  world_.client().abort_upload("k", begun_.back().upload_id);
  EXPECT_ERROR(object->write(bytes_of_size(kChunk)), kConflict);
}

}  // namespace
}  // namespace sluice
