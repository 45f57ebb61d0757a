#include "door/request_reader.h"

#include <gtest/gtest.h>

#include "door/test_client.h"

namespace sluice {
namespace {

using Stage = RequestReader::Stage;

const std::string kGet = "GET /a HTTP/1.1\r\nHost: h\r\n\r\n";
const std::string kPost = "POST /b HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc";

TEST(RequestReader, ReadsPipelinedRequestsOneAtATimeHoweverTheyArrive) {
  const std::string wire = "\r\n" + kGet + kPost + "\r\n" + kGet;
  const BodyLimit limit = test::limit_of(100);
  for (size_t piece = 1; piece <= wire.size(); ++piece) {
    RequestReader reader(1000, limit);
    std::string seen;
    for (size_t at = 0; at < wire.size(); at += piece) {
      reader.feed(wire.substr(at, piece));
      while (reader.stage() == Stage::kComplete) {
        const CompleteRequest request = reader.take();
        seen += request.head.path + request.body + " ";
        reader.next_request();
      }
    }
    EXPECT_EQ(seen, "/a /babc /a ") << piece;
    EXPECT_EQ(reader.stage(), Stage::kIdle);
  }
}

TEST(RequestReader, LimitsTheHead) {
  const BodyLimit limit = test::limit_of(100);
  RequestReader exact(kGet.size(), limit);
  exact.feed(kGet);
  EXPECT_EQ(exact.stage(), Stage::kComplete);
  RequestReader short_by_one(kGet.size() - 1, limit);
  short_by_one.feed(kGet);
  ASSERT_EQ(short_by_one.stage(), Stage::kFault);
  EXPECT_EQ(short_by_one.fault().status, 431);
  RequestReader endless(1000, limit);
  for (int i = 0; i < 100000 && endless.stage() != Stage::kFault; ++i) endless.feed("aaaa");
  EXPECT_EQ(endless.fault().status, 431);
  EXPECT_LT(endless.buffered(), 5000U);
}

TEST(RequestReader, AsksForTheLimitOfTheRoute) {
  const BodyLimit limit = [](const std::string& method, const std::string& path) -> BodyRule {
    return method == "POST" && path == "/b" ? 2 : 100;
  };
  RequestReader reader(1000, limit);
  reader.feed(kPost);
  ASSERT_EQ(reader.stage(), Stage::kFault);
  EXPECT_EQ(reader.fault().status, 413);
}

TEST(RequestReader, ExpectsOnlyWhileTheBodyIsHeldBack) {
  const std::string head =
      "POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n";
  const BodyLimit limit = test::limit_of(100);
  RequestReader held(1000, limit);
  held.feed(head);
  EXPECT_TRUE(held.take_expectation());
  EXPECT_FALSE(held.take_expectation());
  held.feed("a");
  EXPECT_FALSE(held.take_expectation());
  RequestReader sent(1000, limit);
  sent.feed(head + "a");
  EXPECT_FALSE(sent.take_expectation());
  RequestReader whole(1000, limit);
  whole.feed(head + "abc");
  EXPECT_EQ(whole.stage(), Stage::kComplete);
  EXPECT_FALSE(whole.take_expectation());
}

TEST(RequestReader, ALargeBodyIsTakenBitByBit) {
  const BodyLimit limit = [](const std::string&, const std::string&) {
    return BodyRule::data(1000000, 1000);
  };
  RequestReader reader(1000, limit);
  reader.feed("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 500000\r\n\r\nab");
  EXPECT_TRUE(reader.is_spooled());
  EXPECT_EQ(reader.announced(), 500000U);
  EXPECT_EQ(reader.take_unspooled(), "ab");
  size_t taken = 2;
  while (reader.stage() == Stage::kBody) {
    reader.feed(std::string(50000, 'x'));
    EXPECT_LT(reader.buffered(), 110000U);
    taken += reader.take_unspooled().size();
  }
  EXPECT_EQ(taken, 500000U);
  EXPECT_EQ(reader.body_bytes(), 500000U);
  EXPECT_EQ(reader.take().body, "");
  reader.next_request();
  EXPECT_EQ(reader.stage(), Stage::kHead) << "the last piece was two bytes too long";
  EXPECT_FALSE(reader.is_spooled());
}

TEST(RequestReader, ZstdIsForDataAlone) {
  const std::string request =
      "POST / HTTP/1.1\r\nHost: h\r\nContent-Encoding: zstd\r\nContent-Length: 1\r\n\r\nx";
  const BodyLimit data = [](const std::string&, const std::string&) { return BodyRule::data(9); };
  RequestReader takes(1000, data);
  takes.feed(request);
  EXPECT_EQ(takes.stage(), Stage::kComplete);
  const BodyLimit plain = test::limit_of(9);
  RequestReader refuses(1000, plain);
  refuses.feed(request);
  EXPECT_EQ(refuses.fault().status, 415);
}

TEST(RequestReader, GivesMemoryBackBetweenRequests) {
  const BodyLimit limit = test::limit_of(1000000);
  RequestReader reader(1000, limit);
  reader.feed("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\n\r\n");
  reader.feed(std::string(1000000, 'x'));
  EXPECT_GE(reader.buffered(), 1000000U);
  EXPECT_EQ(reader.take().body.size(), 1000000U);
  reader.next_request();
  EXPECT_LT(reader.buffered(), 10000U);
}

}  // namespace
}  // namespace sluice
