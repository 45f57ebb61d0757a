#include "door/socket.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "door/test_client.h"

namespace sluice {
namespace {

Error refusal(const std::string& host, int port) {
  try {
    listen_on(host, port);
  } catch (const Error& error) {
    return error;
  }
  return {ErrorCode::kInternal, "It was not refused."};
}

TEST(Socket, SaysThatAPortIsInUse) {
  const Socket first = listen_on("127.0.0.1", 0);
  const int port = port_of(first);
  ASSERT_GT(port, 0);
  const Error error = refusal("127.0.0.1", port);
  EXPECT_EQ(error.code(), ErrorCode::kConflict);
  EXPECT_EQ(error.message(), "Port " + std::to_string(port) + " on 127.0.0.1 is in use.");
  EXPECT_EQ(error.hint(), "Choose another with --port.");
}

TEST(Socket, SaysThatAHostIsNotOfThisMachine) {
  EXPECT_EQ(refusal("192.0.2.1", 0).code(), ErrorCode::kInvalid);
  EXPECT_EQ(refusal("no such host", 0).code(), ErrorCode::kInvalid);
}

TEST(Socket, KnowsTheClientsAddress) {
  const Socket listener = listen_on("127.0.0.1", 0);
  bool exhausted = true;
  EXPECT_FALSE(accept_on(listener, exhausted));
  EXPECT_FALSE(exhausted);
  test::TestClient client(port_of(listener));
  const auto accepted = accept_on(listener, exhausted);
  ASSERT_TRUE(accepted);
  EXPECT_EQ(accepted->remote_address, "127.0.0.1");
}

TEST(Socket, RaisesTheLimitOfOpenFilesButNeverLowersIt) {
  const size_t now = raise_open_files(0);
  EXPECT_GE(now, 3U);
  EXPECT_EQ(raise_open_files(1), now);
}

}  // namespace
}  // namespace sluice
