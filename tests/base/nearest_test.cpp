#include "base/nearest.h"

#include <gtest/gtest.h>

namespace sluice {
namespace {

TEST(Nearest, FewestChangesWithoutRegardToCase) {
  const std::vector<std::string> words = {"Europe/Berlin", "Europe/Dublin", "America/Berlin"};
  EXPECT_EQ(nearest_of("europe/berln", words), "Europe/Berlin");
  EXPECT_EQ(nearest_of("Europe/Dubblin", words), "Europe/Dublin");
  EXPECT_EQ(nearest_of("EUROPE/BERLIN", words), "Europe/Berlin");
}

TEST(Nearest, NothingWhereAThirdWouldChange) {
  const std::vector<std::string> words = {"countIf", "sum"};
  EXPECT_EQ(nearest_of("cuontIf", words), "countIf");
  EXPECT_EQ(nearest_of("average", words), std::nullopt);
  EXPECT_EQ(nearest_of("sun", words), "sum");
  EXPECT_EQ(nearest_of("bin", words), std::nullopt);
  EXPECT_EQ(nearest_of("", words), std::nullopt);
  EXPECT_EQ(nearest_of(std::string(101, 'a'), {std::string(101, 'a')}), std::nullopt);
}

}  // namespace
}  // namespace sluice
