#include "object_store/part_uploads.h"

#include <gmock/gmock.h>

#include <atomic>
#include <latch>

#include "stores.h"
#include "support/caught.h"

namespace sluice {
namespace {

class PartUploadsTest : public testing::Test {
 protected:
  S3Body file(int number) {
    S3Body body;
    body.file = folder_.path() + "/" + std::to_string(number);
    body.size = 1;
    std::ofstream(body.file) << "x";
    return body;
  }
  static s3_xml::Part part(int number) { return {number, "e" + std::to_string(number)}; }

  TestFolder folder_;
  std::stop_source stop_;
  UploadPool pool_{4};
};

TEST_F(PartUploadsTest, PartsThatEndInAnyOrderComeBackInTheirs) {
  std::latch second(1);
  PartUploads uploads(pool_, 3, {}, [&](int number, const S3Body&, std::stop_token) {
    if (number == 1) second.wait();
    if (number == 2) second.count_down();
    return part(number);
  });
  for (int number = 1; number <= 50; ++number) uploads.add(number, file(number));
  const auto parts = uploads.finish();
  ASSERT_EQ(parts.size(), 50U);
  for (int number = 1; number <= 50; ++number) {
    EXPECT_EQ(parts[static_cast<size_t>(number - 1)].etag, "e" + std::to_string(number));
  }
  EXPECT_EQ(count_files(folder_.path()), 0U);
}

TEST_F(PartUploadsTest, NoMoreThanSoManyAreOnTheirWay) {
  std::atomic<int> now = 0;
  std::atomic<int> most = 0;
  std::atomic<size_t> most_files = 0;
  PartUploads uploads(pool_, 2, {}, [&](int number, const S3Body&, std::stop_token) {
    const int together = ++now;
    int seen = most;
    while (together > seen && !most.compare_exchange_weak(seen, together)) {
    }
    --now;
    return part(number);
  });
  for (int number = 1; number <= 100; ++number) {
    uploads.add(number, file(number));
    most_files = std::max<size_t>(most_files, count_files(folder_.path()));
  }
  uploads.finish();
  EXPECT_LE(most, 2);
  EXPECT_LE(most_files, 3U);
}

TEST_F(PartUploadsTest, TheFirstErrorSurfacesAsItWasAndStopsTheOthers) {
  PartUploads uploads(pool_, 3, {}, [&](int number, const S3Body&, std::stop_token stop) {
    if (number == 2) throw Error(ErrorCode::kForbidden, "no", "do this");
    while (!stop.stop_requested()) std::this_thread::yield();
    throw Error(ErrorCode::kCancelled, "stopped");
    return part(number);
  });
  uploads.add(1, file(1));
  uploads.add(2, file(2));
  for (int i = 0; i < 3; ++i) {  // Now and ever after.
    const Error error = caught([&] { uploads.finish(); });
    EXPECT_EQ(error.code(), ErrorCode::kForbidden);
    EXPECT_EQ(error.message(), "no");
    EXPECT_EQ(error.hint(), "do this");
  }
  EXPECT_ERROR(uploads.check(), kForbidden);
  const S3Body refused = file(3);
  EXPECT_ERROR(uploads.add(3, refused), kForbidden);
  uploads.cancel();
  EXPECT_EQ(count_files(folder_.path()), 1U) << "what was not taken over stays its owner's";
}

TEST_F(PartUploadsTest, AnErrorWakesTheOneWhoWaitsForRoom) {
  std::latch waiting(1);
  PartUploads uploads(pool_, 1, {}, [&](int, const S3Body&, std::stop_token) -> s3_xml::Part {
    waiting.wait();
    throw Error(ErrorCode::kUnavailable, "no");
  });
  uploads.add(1, file(1));
  waiting.count_down();
  EXPECT_ERROR(uploads.add(2, file(2)), kUnavailable);
}

TEST_F(PartUploadsTest, CancelStopsWhatRunsAndForgetsWhatWaits) {
  std::atomic<int> sent = 0;
  std::latch begun(1);
  UploadPool narrow(1);
  {
    PartUploads uploads(narrow, 2, {}, [&](int number, const S3Body&, std::stop_token stop) {
      ++sent;
      begun.count_down();
      while (!stop.stop_requested()) std::this_thread::yield();
      return part(number);
    });
    uploads.add(1, file(1));
    uploads.add(2, file(2));
    begun.wait();
  }
  EXPECT_EQ(sent, 1);
  EXPECT_EQ(count_files(folder_.path()), 0U);
}

TEST_F(PartUploadsTest, TheStoresStopTokenCancels) {
  PartUploads uploads(pool_, 2, stop_.get_token(),
                      [&](int, const S3Body&, std::stop_token stop) -> s3_xml::Part {
                        while (!stop.stop_requested()) std::this_thread::yield();
                        throw Error(ErrorCode::kCancelled, "stopped");
                      });
  uploads.add(1, file(1));
  stop_.request_stop();
  EXPECT_ERROR(uploads.finish(), kCancelled);
  EXPECT_ERROR(uploads.check(), kCancelled);
}

TEST_F(PartUploadsTest, WhatIsNoErrorOfOursIsABug) {
  PartUploads uploads(pool_, 2, {}, [&](int, const S3Body&, std::stop_token) -> s3_xml::Part {
    throw std::runtime_error("odd");
  });
  uploads.add(1, file(1));
  EXPECT_ERROR(uploads.finish(), kInternal);
}

}  // namespace
}  // namespace sluice
