#include "base/secret.h"

#include <gtest/gtest.h>

#include <concepts>
#include <ostream>
#include <string_view>
#include <type_traits>

namespace sluice {
namespace {

template <class Value>
concept Printable = requires(std::ostream& out, const Value& value) {
  out << value;
};

static_assert(Printable<std::string>);
static_assert(!Printable<Secret>);
static_assert(!std::is_convertible_v<Secret, std::string>);
static_assert(!std::is_convertible_v<Secret, std::string_view>);
static_assert(!std::is_convertible_v<std::string, Secret>);

TEST(Secret, IsRevealedOnlyOnRequest) {
  EXPECT_TRUE(Secret().empty());
  const Secret secret("hush");
  EXPECT_FALSE(secret.empty());
  EXPECT_EQ(secret.reveal(), "hush");
  Secret copy = secret;
  EXPECT_EQ(copy.reveal(), "hush");
  const Secret moved = std::move(copy);
  EXPECT_EQ(moved.reveal(), "hush");
}

}  // namespace
}  // namespace sluice
