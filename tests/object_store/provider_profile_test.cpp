#include "object_store/provider_profile.h"

#include <gtest/gtest.h>

#include "base/limits.h"
#include "domain/connection.h"
#include "support/caught.h"

namespace sluice {
namespace {

TEST(ProviderProfile, EveryNameThatAConnectionTakesHasOne) {
  for (const std::string_view name : kS3Providers) {
    EXPECT_EQ(provider_profile(name).name, name);
    EXPECT_GE(provider_profile(name).concurrent_parts, 1);
  }
  EXPECT_ERROR(provider_profile("azure"), kInvalid);
}

TEST(ProviderProfile, TheHostOfTheEndpointTells) {
  const auto name = [](std::string_view endpoint) { return provider_profile_of(endpoint).name; };
  EXPECT_EQ(name(""), "aws");
  EXPECT_EQ(name("https://s3.eu-south-2.amazonaws.com"), "aws");
  EXPECT_EQ(name("s3.cn-north-1.amazonaws.com.cn"), "aws");
  EXPECT_EQ(name("https://0123abcd.r2.cloudflarestorage.com/"), "r2");
  EXPECT_EQ(name("https://0123abcd.eu.R2.cloudflarestorage.com:443"), "r2");
  EXPECT_EQ(name("https://s3.us-west-004.backblazeb2.com"), "b2");
  EXPECT_EQ(name("https://storage.googleapis.com"), "gcs");
  EXPECT_EQ(name("http://127.0.0.1:9000"), "generic");
  EXPECT_EQ(name("https://notamazonaws.com"), "generic");
  EXPECT_EQ(name("https://amazonaws.com.example.org"), "generic");
}

TEST(ProviderProfile, TenThousandPartsHoldTheLargestObject) {
  for (const std::string_view name : kS3Providers) {
    const ProviderProfile& profile = provider_profile(name);
    for (int number = 1; number <= limits::kParts; ++number) {
      ASSERT_LE(s3_part_bytes(profile, number), 5ULL << 30);
      ASSERT_GE(s3_part_bytes(profile, number), 5ULL << 20);
      if (profile.equal_parts != 0) {
        ASSERT_EQ(s3_part_bytes(profile, number), s3_part_bytes(profile, 1));
      }
    }
    EXPECT_GE(s3_object_bytes(profile), profile.equal_parts != 0 ? 625ULL << 30 : 5ULL << 40);
  }
}

TEST(ProviderProfile, PartsCanBeGivenAnotherSize) {
  EXPECT_EQ(s3_part_bytes(provider_profile("aws"), 1, 100), 100U);
  EXPECT_EQ(s3_part_bytes(provider_profile("aws"), 1001, 100), 200U);
  EXPECT_EQ(s3_part_bytes(provider_profile("r2"), 1001, 100), 100U);
  EXPECT_EQ(s3_object_bytes(provider_profile("r2"), 100), 1'000'000U);
}

}  // namespace
}  // namespace sluice
