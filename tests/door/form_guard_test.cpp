#include "door/form_guard.h"

#include <gtest/gtest.h>

namespace sluice {
namespace {

std::string part(const std::string& disposition) {
  return "--B\r\nContent-Disposition: form-data; " + disposition + "\r\n\r\nvalue\r\n";
}

TEST(FormGuard, KnowsTheMediaType) {
  EXPECT_TRUE(is_multipart_form("multipart/form-data; boundary=B"));
  EXPECT_TRUE(is_multipart_form("Multipart/Form-Data ;boundary=B"));
  EXPECT_FALSE(is_multipart_form("multipart/form-database"));
  EXPECT_FALSE(is_multipart_form("text/plain; multipart/form-data"));
}

TEST(FormGuard, LetsFormsThrough) {
  const std::string type = "multipart/form-data; boundary=B";
  const std::string body = part("name=\"a\"") + part("name=\"b\"; filename=\"x\"") + "--B--\r\n";
  EXPECT_FALSE(check_form(type, body));
  EXPECT_FALSE(check_form("multipart/form-data; boundary=\"B\"; charset=utf-8", body));
  EXPECT_FALSE(
      check_form(type, "--B\r\nX: 1\r\n\r\n" + std::string(100000, 'v') + "\r\n--B--\r\n"));
}

TEST(FormGuard, RefusesABadBoundary) {
  EXPECT_EQ(check_form("multipart/form-data", "")->status, 400);
  EXPECT_EQ(check_form("multipart/form-data; boundary=", "")->status, 400);
  EXPECT_EQ(check_form("multipart/form-data; boundary=" + std::string(71, 'B'), "")->status, 400);
}

TEST(FormGuard, RefusesLongPartHeadersAndManyParts) {
  const std::string type = "multipart/form-data; boundary=B";
  EXPECT_EQ(check_form(type, part("name=\"" + std::string(600, 'a') + "\""))->status, 400);
  EXPECT_EQ(check_form(type, "--B\r\nX: 1\r\n" + std::string(600, 'a'))->status, 400);
  std::string many;
  for (int i = 0; i < 1001; ++i) many += part("name=\"a\"");
  EXPECT_EQ(check_form(type, many)->status, 400);
}

}  // namespace
}  // namespace sluice
