#include "query/query_places.h"

#include <gtest/gtest.h>

#include <future>
#include <optional>
#include <thread>

#include "support/caught.h"

namespace sluice {
namespace {

constexpr std::chrono::milliseconds kNoPatience{0};

TEST(QueryPlaces, AsManyAsThereAre) {
  QueryPlaces places(2, 100, kNoPatience);
  const auto first = places.take({});
  {
    const auto second = places.take({});
    EXPECT_ERROR(places.take({}), kTooMany);
  }
  const auto third = places.take({});
  EXPECT_ERROR(places.take({}), kTooMany);
}

TEST(QueryPlaces, BytesAreSharedByAll) {
  QueryPlaces places(2, 100, kNoPatience);
  auto first = places.take({});
  first.hold(60);
  first.hold(50);  // Less than it had is no more.
  {
    auto second = places.take({});
    second.hold(40);
    EXPECT_ERROR(second.hold(41), kTooMany);
    EXPECT_ERROR(first.hold(61), kTooMany);
  }
  first.hold(100);
}

TEST(QueryPlaces, WhoWaitsGetsThePlaceThatIsLeft) {
  QueryPlaces places(1, 100, std::chrono::seconds(60));
  std::promise<void> has_place;
  std::promise<void> leave;
  std::jthread holder([&] {
    const auto place = places.take({});
    has_place.set_value();
    leave.get_future().wait();
  });
  has_place.get_future().wait();
  std::jthread waiting([&] { const auto place = places.take({}); });
  leave.set_value();
  waiting.join();
}

TEST(QueryPlaces, WhoIsStoppedWaitsNoLonger) {
  QueryPlaces places(1, 100, std::chrono::seconds(60));
  const auto place = places.take({});
  std::stop_source stop;
  stop.request_stop();
  EXPECT_ERROR(places.take(stop.get_token()), kCancelled);
}

}  // namespace
}  // namespace sluice
