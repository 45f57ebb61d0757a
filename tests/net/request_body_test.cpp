#include "net/request_body.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>

#include "base/error.h"

namespace sluice {
namespace {

std::string drain(RequestBody& body, size_t step) {
  std::string out;
  std::string piece(step, '\0');
  while (const size_t got = body.read(piece.data(), step)) out.append(piece, 0, got);
  return out;
}

TEST(RequestBody, ReadsMemoryAndFilesAgainFromAnyOffset) {
  const std::string path = testing::TempDir() + "sluice-request-body";
  std::ofstream(path) << "0123456789";
  HttpRequest from_file;
  from_file.body_file = path;
  from_file.body_offset = 2;
  from_file.body_size = 5;
  HttpRequest from_memory;
  from_memory.body = "23456";
  for (const HttpRequest& request : {from_file, from_memory}) {
    RequestBody body(request);
    EXPECT_EQ(body.size(), 5U);
    EXPECT_EQ(drain(body, 3), "23456");
    EXPECT_TRUE(body.all_taken());
    body.seek(3);
    EXPECT_FALSE(body.all_taken());
    EXPECT_EQ(drain(body, 100), "56");
  }
  from_file.body_size = 9;
  RequestBody too_long(from_file);
  EXPECT_THROW(drain(too_long, 100), Error);
  std::remove(path.c_str());
  EXPECT_THROW(RequestBody{from_file}, Error);
}

}  // namespace
}  // namespace sluice
