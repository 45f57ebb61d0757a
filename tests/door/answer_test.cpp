#include "door/answer.h"

#include <gtest/gtest.h>

namespace sluice {
namespace {

class FixedClock : public Clock {
 public:
  Timestamp now() const override { return *parse_timestamp("2026-11-03 08:05:09.123456"); }
  std::chrono::nanoseconds ticks() const override { return {}; }
  bool sleep(std::chrono::nanoseconds, std::stop_token) override { return false; }
};

TEST(Answer, OfAFaultIsWholeAndEndsTheConnection) {
  const FixedClock clock;
  const AnswerMarks marks{[] { return std::string("id1"); }, &clock};
  const RawAnswer answer = fault_answer({400, "That is wrong."}, marks, false);
  EXPECT_TRUE(answer.close);
  EXPECT_EQ(answer.bytes,
            "HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nConnection: close\r\n"
            "Date: Tue, 03 Nov 2026 08:05:09 GMT\r\nX-Request-Id: id1\r\nContent-Length: 53\r\n\r\n"
            R"({"error": "That is wrong.", "documentation": "/docs"})");
}

TEST(Answer, OfAHeadRequestHasNoBodyButItsLength) {
  const FixedClock clock;
  const AnswerMarks marks{[] { return std::string("id1"); }, &clock};
  const std::string bytes = fault_answer({503, "Full."}, marks, true).bytes;
  EXPECT_TRUE(bytes.ends_with("Content-Length: 44\r\n\r\n")) << bytes;
  EXPECT_NE(bytes.find("Retry-After: 1\r\n"), std::string::npos);
}

}  // namespace
}  // namespace sluice
