#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/api_world.h"
#include "api/openapi.h"
#include "api/route_docs.h"

namespace sluice {
namespace {

using testing::HasSubstr;
using testing::Not;

class DocsPageTest : public testing::Test, protected ApiWorld {};

TEST_F(DocsPageTest, ShowsEveryRouteAndNeedsNothingFromOutside) {
  const DoorResponse page = api.handle(request("GET", "/docs"));
  EXPECT_EQ(page.status, 200);
  EXPECT_THAT(page.content_type, HasSubstr("text/html"));
  ASSERT_NE(find_header(page.headers, "Content-Security-Policy"), nullptr);
  for (const Route& route : route_table()) {
    EXPECT_THAT(page.body, HasSubstr("id=\"" + operation_id(route) + "\""));
  }
  for (const char* outside : {"<script", "src=", "http://", "https://", "@import", "url("}) {
    EXPECT_THAT(page.body, Not(HasSubstr(outside)));
  }
}

TEST_F(DocsPageTest, TextIsEscaped) {
  json document = openapi("http://h", "1");
  document["paths"]["/health"]["get"]["summary"] = "<b> & \"quoted\"";
  EXPECT_THAT(docs_page(document), HasSubstr("&lt;b&gt; &amp; &quot;quoted&quot;"));
}

}  // namespace
}  // namespace sluice
