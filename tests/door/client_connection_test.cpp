#include "door/client_connection.h"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <array>

#include "door/test_client.h"

namespace sluice {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Next = ClientConnection::Next;

const std::string kGet = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";

/// A connection over a pair of sockets, with time that the test makes.
class ConnectionTest : public testing::Test {
 protected:
  ConnectionTest() {
    std::array<int, 2> pair{};
    EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair.data()), 0);
    client_ = Socket(pair[0]);
    connection_ = std::make_unique<ClientConnection>(Accepted{Socket(pair[1]), "10.0.0.1"},
                                                     options_, marks_, body_limit_, budget_, now_);
  }

  Next send(std::string_view bytes) {
    EXPECT_EQ(::send(client_.fd(), bytes.data(), bytes.size(), 0),
              static_cast<ssize_t>(bytes.size()));
    return connection_->on_ready(now_);
  }

  std::string received() {
    std::string bytes(1 << 20, '\0');
    const ssize_t size = recv(client_.fd(), bytes.data(), bytes.size(), 0);
    bytes.resize(size > 0 ? static_cast<size_t>(size) : 0);
    return bytes;
  }

  DoorTime now_ = DoorTime(seconds(1000));
  const DoorOptions options_;
  const std::unique_ptr<Clock> clock_ = make_system_clock();
  const AnswerMarks marks_{[] { return std::string("id"); }, clock_.get()};
  const BodyLimit body_limit_ = [](const std::string&, const std::string& path) {
    constexpr uint64_t kMost = 10 * 1024 * 1024;
    return path == "/rows" ? BodyRule::data(kMost, 1000) : BodyRule(kMost);
  };
  SpoolBudget budget_{2000000};
  Socket client_;
  std::unique_ptr<ClientConnection> connection_;
};

TEST_F(ConnectionTest, ServesOneRequestAfterTheOther) {
  EXPECT_EQ(send(kGet + kGet), Next::kDispatch);
  EXPECT_EQ(connection_->take_request().remote_address, "10.0.0.1");
  EXPECT_FALSE(connection_->wants_read()) << "while a request is worked on nothing is read";
  EXPECT_EQ(connection_->deadline(), kNever);
  EXPECT_EQ(connection_->on_answer({"one", false}, now_), Next::kDispatch);
  EXPECT_EQ(received(), "one");
  connection_->take_request();
  EXPECT_EQ(connection_->on_answer({"two", false}, now_), Next::kWait);
  EXPECT_EQ(received(), "two");
  EXPECT_TRUE(connection_->is_idle());
  EXPECT_EQ(connection_->deadline(), now_ + options_.idle_deadline);
}

TEST_F(ConnectionTest, AnIdleClientIsClosedWithoutAWord) {
  EXPECT_EQ(connection_->deadline(), now_ + options_.idle_deadline);
  EXPECT_EQ(connection_->on_deadline(connection_->deadline()), Next::kClose);
  EXPECT_EQ(received(), "");
}

TEST_F(ConnectionTest, BytesOfAHeadDoNotMoveItsDeadline) {
  EXPECT_EQ(send("G"), Next::kWait);
  const DoorTime deadline = now_ + options_.head_deadline;
  EXPECT_EQ(connection_->deadline(), deadline);
  for (int i = 0; i < 5; ++i) {
    now_ += seconds(1);
    EXPECT_EQ(send("E"), Next::kWait);
    EXPECT_EQ(connection_->deadline(), deadline);
  }
  EXPECT_EQ(connection_->on_deadline(deadline), Next::kWait);
  EXPECT_TRUE(received().starts_with("HTTP/1.1 408 "));
  EXPECT_EQ(connection_->deadline(), deadline + options_.linger);
  EXPECT_EQ(connection_->on_deadline(connection_->deadline()), Next::kClose);
}

TEST_F(ConnectionTest, ABodyEarnsTimeByTheMebibyte) {
  send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5000000\r\n\r\n");
  const DoorTime deadline = now_ + options_.body_deadline;
  EXPECT_EQ(connection_->deadline(), deadline);
  now_ += seconds(1);
  send(std::string(50000, 'x'));
  EXPECT_EQ(connection_->deadline(), deadline);
  for (int i = 0; i < 21; ++i) send(std::string(50000, 'x'));
  EXPECT_EQ(connection_->deadline(), now_ + options_.body_deadline);
  connection_->on_deadline(connection_->deadline());
  EXPECT_TRUE(received().starts_with("HTTP/1.1 408 "));
}

TEST_F(ConnectionTest, ALargeBodyIsAskedForAndHandedOnInPieces) {
  EXPECT_EQ(send("POST /rows HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\n"
                 "Content-Length: 200000\r\n\r\n"),
            Next::kAsk);
  EXPECT_EQ(connection_->question().head.path, "/rows");
  EXPECT_FALSE(connection_->wants_read()) << "until it is known whether it may come";
  EXPECT_EQ(connection_->deadline(), kNever);
  EXPECT_EQ(received(), "");
  EXPECT_EQ(connection_->on_admitted(now_), Next::kWait);
  EXPECT_EQ(received(), "HTTP/1.1 100 Continue\r\n\r\n");
  EXPECT_EQ(connection_->deadline(), now_ + options_.body_deadline);
  EXPECT_EQ(send(std::string(60000, 'x')), Next::kWait);
  EXPECT_FALSE(connection_->take_piece()) << "too little to be worth it";
  EXPECT_EQ(send(std::string(60000, 'x')), Next::kWait);
  const auto piece = connection_->take_piece();
  ASSERT_TRUE(piece);
  EXPECT_EQ(piece->bytes.size(), 120000U);
  EXPECT_FALSE(piece->last);
  EXPECT_TRUE(connection_->is_spooling());
  EXPECT_EQ(send(std::string(80000, 'x')), Next::kWait) << "all has come";
  EXPECT_FALSE(connection_->take_piece()) << "one at a time";
  EXPECT_EQ(connection_->on_spooled({1}, now_), Next::kWait);
  const auto last = connection_->take_piece();
  ASSERT_TRUE(last);
  EXPECT_TRUE(last->last);
  const auto body = range_in_memory("all");
  EXPECT_EQ(connection_->on_spooled({1, std::nullopt, body}, now_), Next::kDispatch);
  EXPECT_EQ(connection_->take_request().upload, body);
  EXPECT_FALSE(connection_->is_spooling());
}

TEST_F(ConnectionTest, ADiskThatIsSlowerThanTheClientHoldsItUp) {
  send("POST /rows HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\n\r\n");
  connection_->on_admitted(now_);
  send(std::string(70000, 'x'));
  ASSERT_TRUE(connection_->take_piece());
  for (int i = 0; i < 8 && connection_->wants_read(); ++i) send(std::string(70000, 'x'));
  EXPECT_FALSE(connection_->wants_read());
  EXPECT_EQ(connection_->deadline(), kNever) << "it is not the client who is slow";
  EXPECT_LT(connection_->buffered(), 1000000U);
  now_ += seconds(100);
  EXPECT_EQ(connection_->on_spooled({1}, now_), Next::kWait);
  EXPECT_TRUE(connection_->wants_read());
  EXPECT_EQ(connection_->deadline(), now_ + options_.body_deadline);
}

TEST_F(ConnectionTest, ABodyThatIsNotTakenIsGivenUp) {
  const std::string head = "POST /rows HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\n\r\n";
  send(head);
  connection_->on_admitted(now_);
  send(std::string(70000, 'x'));
  ASSERT_TRUE(connection_->take_piece());
  EXPECT_EQ(connection_->on_spooled({1, Fault{507, "full"}}, now_), Next::kWait);
  EXPECT_TRUE(received().starts_with("HTTP/1.1 507 "));
  EXPECT_FALSE(connection_->abandons_body()) << "the spool has dropped it";
}

TEST_F(ConnectionTest, ABodyIsAbandonedWhenAnotherAnswerComesBetween) {
  send("POST /rows HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\n\r\n");
  connection_->on_admitted(now_);
  send(std::string(70000, 'x'));
  ASSERT_TRUE(connection_->take_piece());
  EXPECT_FALSE(connection_->abandons_body());
  EXPECT_EQ(connection_->on_deadline(connection_->deadline()), Next::kWait);
  EXPECT_TRUE(received().starts_with("HTTP/1.1 408 "));
  EXPECT_TRUE(connection_->abandons_body());
  EXPECT_FALSE(connection_->abandons_body());
  EXPECT_EQ(connection_->on_spooled({1}, now_), Next::kWait) << "too late";
  EXPECT_FALSE(connection_->take_piece());
}

TEST_F(ConnectionTest, WhatIsSaidToAQuestionComesTooLateWhenItWasOvertaken) {
  send("POST /rows HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\n\r\n");
  EXPECT_EQ(connection_->refuse({503, "no memory"}, now_), Next::kWait);
  EXPECT_TRUE(received().starts_with("HTTP/1.1 503 "));
  EXPECT_EQ(connection_->on_admitted(now_), Next::kWait);
  EXPECT_EQ(connection_->on_answer({"late", true}, now_), Next::kWait);
  EXPECT_FALSE(connection_->is_spooling());
  EXPECT_EQ(received(), "");
}

TEST_F(ConnectionTest, ABodyThatTheSpoolHasNoRoomForIsNotAskedFor) {
  EXPECT_EQ(send("POST /rows HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\n"
                 "Content-Length: 2000001\r\n\r\n"),
            Next::kWait);
  EXPECT_TRUE(received().starts_with("HTTP/1.1 503 "));
}

TEST_F(ConnectionTest, ASlowReaderIsClosed) {
  send(kGet);
  connection_->take_request();
  const std::string large(8 << 20, 'x');
  EXPECT_EQ(connection_->on_answer({large, false}, now_), Next::kWait);
  EXPECT_TRUE(connection_->wants_write());
  EXPECT_FALSE(connection_->wants_read());
  EXPECT_EQ(connection_->deadline(), now_ + options_.write_deadline);
  now_ += seconds(1);
  size_t read = 0;
  while (read < (256U << 10)) {
    read += received().size();
    EXPECT_EQ(connection_->on_ready(now_), Next::kWait);
  }
  EXPECT_EQ(connection_->deadline(), now_ + options_.write_deadline);
  EXPECT_EQ(connection_->on_deadline(connection_->deadline()), Next::kClose);
}

TEST_F(ConnectionTest, SaysContinueBeforeTheBody) {
  EXPECT_EQ(send("POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"),
            Next::kWait);
  EXPECT_EQ(received(), "HTTP/1.1 100 Continue\r\n\r\n");
  EXPECT_EQ(send("ab"), Next::kDispatch);
}

TEST_F(ConnectionTest, ReadsOnAfterALastAnswerUntilTheClientCloses) {
  EXPECT_EQ(send("nonsense\r\n\r\n"), Next::kWait);
  EXPECT_TRUE(received().starts_with("HTTP/1.1 400 "));
  EXPECT_EQ(send("more and more"), Next::kWait);
  client_ = Socket();
  EXPECT_EQ(connection_->on_ready(now_), Next::kClose);
}

TEST_F(ConnectionTest, ClosesWhenTheClientDoes) {
  send("GET /");
  client_ = Socket();
  EXPECT_EQ(connection_->on_ready(now_), Next::kClose);
}

TEST_F(ConnectionTest, DrainServesARequestThatHasCome) {
  ASSERT_EQ(::send(client_.fd(), kGet.data(), kGet.size(), 0), static_cast<ssize_t>(kGet.size()));
  EXPECT_EQ(connection_->drain(now_), Next::kDispatch);
  EXPECT_FALSE(connection_->take_request().head.keep_alive);
  EXPECT_EQ(connection_->on_answer({"last", false}, now_), Next::kWait);
  EXPECT_EQ(received(), "last");
  client_ = Socket();
  EXPECT_EQ(connection_->on_ready(now_), Next::kClose);
}

TEST_F(ConnectionTest, DrainEndsAnIdleClient) { EXPECT_EQ(connection_->drain(now_), Next::kClose); }

TEST_F(ConnectionTest, DrainEndsHalfAHead) {
  send("GET /");
  EXPECT_EQ(connection_->drain(now_), Next::kClose);
}

TEST_F(ConnectionTest, DrainWaitsForABody) {
  send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\na");
  EXPECT_EQ(connection_->drain(now_), Next::kWait);
  EXPECT_EQ(send("b"), Next::kDispatch);
}

}  // namespace
}  // namespace sluice
