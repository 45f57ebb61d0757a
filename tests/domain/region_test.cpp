#include "domain/region.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/caught.h"

namespace sluice {
namespace {

TEST(Region, PublishedOnesAreTakenAndOthersAreNot) {
  for (const char* good : {"us-east-1", "eu-central-2", "cn-northwest-1", "us-gov-west-1"}) {
    EXPECT_NO_THROW(check_region(good, RegionNames::kPublished)) << good;
  }
  const Error error = caught([] { check_region("eu-centrale-1", RegionNames::kPublished); });
  EXPECT_EQ(error.code(), ErrorCode::kInvalid);
  EXPECT_THAT(error.message(), testing::HasSubstr("'eu-centrale-1'"));
  EXPECT_THAT(error.hint(), testing::HasSubstr("eu-central-1"));
  EXPECT_THAT(error.hint(), testing::HasSubstr("--custom-regions"));
  EXPECT_THAT(error.hint(), testing::Not(testing::HasSubstr("us-east-1")));
  EXPECT_THAT(caught([] { check_region("moon-1", RegionNames::kPublished); }).hint(),
              testing::HasSubstr("us-east-1"));
}

TEST(Region, GooglesLocationsInAnyCase) {
  for (const char* good : {"auto", "EU", "us-east1", "EUROPE-WEST1", "nam4"}) {
    EXPECT_NO_THROW(check_gcs_region(good, RegionNames::kPublished)) << good;
  }
  EXPECT_ERROR(check_gcs_region("us-east-1", RegionNames::kPublished), kInvalid);
  EXPECT_NO_THROW(check_gcs_region("us-east-1", RegionNames::kCustom));
  for (const char* bad : {"", "a b", "a/b"}) {
    EXPECT_ERROR(check_gcs_region(bad, RegionNames::kCustom), kInvalid) << bad;
  }
}

TEST(Region, CustomOnesHaveTheFormOfARegion) {
  EXPECT_NO_THROW(check_region("garage"));
  for (const char* bad : {"", "US-EAST-1", "us east", "us/east", "us_east", "\xc3\xa9"}) {
    EXPECT_ERROR(check_region(bad), kInvalid) << bad;
  }
  EXPECT_ERROR(check_region(std::string(65, 'a')), kInvalid);
}

}  // namespace
}  // namespace sluice
