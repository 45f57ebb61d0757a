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

TEST(FormGuard, FindsTheBoundary) {
  EXPECT_EQ(form_boundary("multipart/form-data; boundary=B"), "B");
  EXPECT_EQ(form_boundary("multipart/form-data;charset=utf-8; Boundary=\"a b\" ;x=1"), "a b");
  for (const std::string type : {"", "; boundary=", "; xboundary=B", "; boundary=a%42",
                                 "; boundary=\"a\"b", "; boundary=\"a \"", "; x=b%6fundary=A"}) {
    EXPECT_EQ(form_boundary("multipart/form-data" + type), "") << type;
  }
  EXPECT_EQ(form_boundary("multipart/form-data; boundary=" + std::string(70, 'B')).size(), 70U);
  EXPECT_EQ(form_boundary("multipart/form-data; boundary=" + std::string(71, 'B')), "");
}

TEST(FormGuard, LetsFormsThrough) {
  const std::string body = part("name=\"a\"") + part("name=\"b\"; filename=\"x\"") + "--B--\r\n";
  EXPECT_FALSE(check_form("B", body));
  EXPECT_FALSE(check_form("B", "--B\r\nX: 1\r\n\r\n" + std::string(100000, 'v') + "\r\n--B--\r\n"));
}

TEST(FormGuard, RefusesABodyWithoutBoundary) { EXPECT_EQ(check_form("", "")->status, 400); }

TEST(FormGuard, RefusesLongPartHeadersAndManyParts) {
  EXPECT_EQ(check_form("B", part("name=\"" + std::string(600, 'a') + "\""))->status, 400);
  EXPECT_EQ(check_form("B", "--B\r\nX: 1\r\n" + std::string(600, 'a'))->status, 400);
  std::string many;
  for (int i = 0; i < 1001; ++i) many += part("name=\"a\"");
  EXPECT_EQ(check_form("B", many)->status, 400);
}

TEST(FormGuard, AFormWithoutParts) {
  EXPECT_TRUE(is_empty_form("b", "--b--\r\n"));
  EXPECT_TRUE(is_empty_form("b", "--b--"));
  EXPECT_FALSE(is_empty_form("b", "--b\r\n\r\nx\r\n--b--\r\n"));
  EXPECT_FALSE(is_empty_form("b", ""));
  EXPECT_FALSE(is_empty_form("", "----"));
}

}  // namespace
}  // namespace sluice
