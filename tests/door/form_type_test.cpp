#include "door/form_type.h"

#include <gtest/gtest.h>

namespace sluice {
namespace {

TEST(FormType, KnowsTheMediaType) {
  EXPECT_TRUE(is_multipart_form("multipart/form-data; boundary=B"));
  EXPECT_TRUE(is_multipart_form("Multipart/Form-Data ;boundary=B"));
  EXPECT_FALSE(is_multipart_form("multipart/form-database"));
  EXPECT_FALSE(is_multipart_form("text/plain; multipart/form-data"));
}

TEST(FormType, FindsTheBoundary) {
  EXPECT_EQ(form_boundary("multipart/form-data; boundary=B"), "B");
  EXPECT_EQ(form_boundary("multipart/form-data;charset=utf-8; Boundary=\"a b\" ;x=1"), "a b");
  for (const std::string type : {"", "; boundary=", "; xboundary=B", "; boundary=a%42",
                                 "; boundary=\"a\"b", "; boundary=\"a \"", "; x=b%6fundary=A"}) {
    EXPECT_EQ(form_boundary("multipart/form-data" + type), "") << type;
  }
  EXPECT_EQ(form_boundary("multipart/form-data; boundary=" + std::string(70, 'B')).size(), 70U);
  EXPECT_EQ(form_boundary("multipart/form-data; boundary=" + std::string(71, 'B')), "");
}

}  // namespace
}  // namespace sluice
