#include "data/json_text.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace sluice {
namespace {

std::string json_string(std::string_view text) {
  std::string out = "[";
  append_json_string(out, text);
  return out.substr(1);
}

TEST(JsonText, EscapesWhatJsonWantsEscaped) {
  EXPECT_EQ(json_string(""), R"("")");
  EXPECT_EQ(json_string("plain, Gr\u00fc\u00dfe"), "\"plain, Gr\u00fc\u00dfe\"");
  EXPECT_EQ(json_string("a\"b\\c\nd\te\rf\bg\fh"), R"("a\"b\\c\nd\te\rf\bg\fh")");
  EXPECT_EQ(json_string(std::string("\0\x1f\x7f", 3)), "\"\\u0000\\u001f\x7f\"");
}

TEST(JsonText, EveryByteOfAsciiReadsBack) {
  std::string all;
  for (int c = 0; c < 128; ++c) all += static_cast<char>(c);
  EXPECT_EQ(nlohmann::json::parse(json_string(all)).get<std::string>(), all);
}

}  // namespace
}  // namespace sluice
