#include "api/time_parameter.h"

#include <gtest/gtest.h>

#include "support/caught.h"

namespace sluice {
namespace {

Parameters of(const std::string& query) {
  DoorRequest request;
  request.method = "GET";
  request.query = query;
  return Parameters::of_query(request);
}

TEST(TimeParameter, TimesAndDates) {
  EXPECT_EQ(time_parameter(of("at=2026-11-23+08:30:00"), "at"),
            parse_timestamp("2026-11-23 08:30:00"));
  EXPECT_EQ(time_parameter(of("at=2026-11-23"), "at"), parse_timestamp("2026-11-23 00:00:00"));
  EXPECT_EQ(time_parameter(of("at="), "at"), std::nullopt);
  EXPECT_EQ(time_parameter(of(""), "at"), std::nullopt);
  EXPECT_ERROR(time_parameter(of("at=tomorrow"), "at"), kInvalid);
}

}  // namespace
}  // namespace sluice
