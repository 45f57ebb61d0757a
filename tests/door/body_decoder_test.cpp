#include "door/body_decoder.h"

#include <gtest/gtest.h>

namespace sluice {
namespace {

RequestHead chunked() {
  RequestHead head;
  head.chunked = true;
  return head;
}

RequestHead of_length(uint64_t length) {
  RequestHead head;
  head.content_length = length;
  return head;
}

/// The status of the fault, 0 when complete, -1 when more must come.
int outcome(std::string_view bytes, size_t limit = 100, size_t* taken = nullptr) {
  BodyDecoder decoder(chunked(), limit);
  const size_t size = decoder.take(bytes);
  if (taken) *taken = size;
  if (decoder.fault()) return decoder.fault()->status;
  return decoder.complete() ? 0 : -1;
}

TEST(BodyDecoder, TakesExactlyTheLengthAnnounced) {
  BodyDecoder decoder(of_length(5), 5);
  EXPECT_EQ(decoder.take("he"), 2U);
  EXPECT_FALSE(decoder.complete());
  EXPECT_EQ(decoder.take("lloGET /"), 3U);
  EXPECT_TRUE(decoder.complete());
  EXPECT_EQ(decoder.body(), "hello");
}

TEST(BodyDecoder, IsCompleteAtOnceWithoutABody) {
  EXPECT_TRUE(BodyDecoder(of_length(0), 0).complete());
}

TEST(BodyDecoder, RefusesALengthOverTheLimitBeforeReading) {
  EXPECT_EQ(BodyDecoder(of_length(101), 100).fault()->status, 413);
  EXPECT_FALSE(BodyDecoder(of_length(100), 100).fault());
}

TEST(BodyDecoder, UndoesChunksHoweverTheBytesArrive) {
  const std::string wire =
      "5\r\nhello\r\n1;a=\"b c\"\r\n!\r\n00A \r\n0123456789\r\n0\r\nT: x\r\n\r\n";
  for (size_t piece = 1; piece <= wire.size(); ++piece) {
    BodyDecoder decoder(chunked(), 16);
    size_t taken = 0;
    for (size_t at = 0; at < wire.size(); at += piece)
      taken += decoder.take(wire.substr(at, piece));
    ASSERT_FALSE(decoder.fault()) << decoder.fault()->sentence;
    EXPECT_TRUE(decoder.complete()) << piece;
    EXPECT_EQ(taken, wire.size());
    EXPECT_EQ(decoder.body(), "hello!0123456789");
  }
}

TEST(BodyDecoder, LeavesWhatFollowsTheLastChunk) {
  size_t taken = 0;
  EXPECT_EQ(outcome("0\r\n\r\nGET / HTTP/1.1", 100, &taken), 0);
  EXPECT_EQ(taken, 5U);
}

TEST(BodyDecoder, RefusesMalformedChunks) {
  for (const std::string_view bytes :
       {"x\r\n", "\r\n", " 5\r\n", "-5\r\n", "+5\r\n", "0x5\r\n", "5 5\r\n", "5\n", "5\rx\r\n",
        "5\r\nhelloX\r\n", "5\r\nhello\n", ";a\r\n", "5;\x01\r\n", "0\r\nT: x\n",
        "11111111111111111\r\n", "ffffffffffffffffffffffffffff\r\n"}) {
    EXPECT_EQ(outcome(bytes), 400) << bytes;
  }
}

TEST(BodyDecoder, RefusesAChunkedBodyOverTheLimit) {
  EXPECT_EQ(outcome("65\r\n"), 413);
  EXPECT_EQ(outcome("64\r\n"), -1);
  EXPECT_EQ(outcome("1\r\na\r\n64\r\n"), 413);
  EXPECT_EQ(outcome("fffffffffffffff\r\n"), 413);
}

TEST(BodyDecoder, ABodyIsSpooledAsSoonAsItIsKnownToBeTooLargeForMemory) {
  EXPECT_FALSE(BodyDecoder(of_length(10), 100, 10).is_spooled());
  EXPECT_TRUE(BodyDecoder(of_length(11), 100, 10).is_spooled());
  BodyDecoder grows(chunked(), 100, 10);
  grows.take("6\r\n012345\r\n4\r\n6789\r\n");
  EXPECT_FALSE(grows.is_spooled());
  grows.take("1\r\n");
  EXPECT_TRUE(grows.is_spooled()) << "with the size of the chunk that is too much";
  EXPECT_EQ(grows.release(), "0123456789");
  EXPECT_EQ(grows.body(), "");
  grows.take("a\r\n0\r\n\r\n");
  EXPECT_EQ(grows.release(), "a");
  EXPECT_EQ(grows.total(), 11U);
  EXPECT_TRUE(grows.complete());
}

TEST(BodyDecoder, TheLimitCountsWhatWasReleased) {
  BodyDecoder decoder(chunked(), 10, 2);
  decoder.take("8\r\n01234567\r\n");
  decoder.release();
  decoder.take("3\r\n");
  ASSERT_TRUE(decoder.fault());
  EXPECT_EQ(decoder.fault()->status, 413);
}

TEST(BodyDecoder, BoundsLinesAndTrailers) {
  EXPECT_EQ(outcome("5;" + std::string(300, 'a')), 400);
  EXPECT_EQ(outcome("0\r\n" + std::string(9000, 'a')), 400);
  std::string trailers = "0\r\n";
  for (int i = 0; i < 200; ++i) trailers += "T: " + std::string(100, 'x') + "\r\n";
  EXPECT_EQ(outcome(trailers), 431);
}

}  // namespace
}  // namespace sluice
