#include "door/form_parts.h"

#include <gtest/gtest.h>

namespace sluice {
namespace {

std::string part(const std::string& rest, const std::string& content) {
  return "--B\r\nContent-Disposition: form-data; name=" + rest + "\r\n\r\n" + content + "\r\n";
}

std::vector<FormPart> parts_of(const FormParts& form) {
  EXPECT_TRUE(std::holds_alternative<std::vector<FormPart>>(form));
  return std::get<std::vector<FormPart>>(form);
}

TEST(FormParts, OfABodyInMemory) {
  const std::string body = part("a", "1") + part("b; filename=f", "x\r\ny") + "--B--\r\n";
  const std::vector<FormPart> parts = parts_of(read_form("B", body));
  ASSERT_EQ(parts.size(), 2U);
  EXPECT_EQ(parts[0].content, "1");
  EXPECT_EQ(parts[0].range, nullptr);
  EXPECT_EQ(parts[1].filename, "f");
  EXPECT_EQ(bytes_of(*body_range(parts[1])), "x\r\ny");
}

TEST(FormParts, OfASpooledBodyAreRangesAndShortFieldsAreTextToo) {
  const std::string rows(3 * 1024 * 1024 + 7, 'r');
  const std::string field(64 * 1024, 'f');
  std::string body = part("mode", "append") + part("csv; filename=a.csv", rows) +
                     part("exact", field) + part("long", field + "f");
  const auto upload = range_in_memory(body + "--B--");
  const std::vector<FormPart> parts = parts_of(read_form("B", upload));
  ASSERT_EQ(parts.size(), 4U);
  EXPECT_EQ(parts[0].content, "append");
  EXPECT_EQ(parts[1].content, "");
  EXPECT_EQ(bytes_of(*parts[1].range), rows);
  EXPECT_EQ(parts[2].content, field);
  EXPECT_EQ(parts[3].content, "");
  EXPECT_EQ(bytes_of(*parts[3].range), field + "f");
}

TEST(FormParts, ManyFieldsAreNotAllHeldInMemory) {
  std::string body;
  for (int i = 0; i < 100; ++i) body += part("n" + std::to_string(i), std::string(60000, 'x'));
  size_t held = 0;
  for (const FormPart& each : parts_of(read_form("B", range_in_memory(body + "--B--")))) {
    held += each.content.size();
    EXPECT_EQ(each.range->size(), 60000U);
  }
  EXPECT_GT(held, 900000U);
  EXPECT_LE(held, 1024U * 1024);
}

TEST(FormParts, WhatIsMalformedIsAFaultInMemoryAndOnTheDisk) {
  for (const std::string body : {"", "x", "--B\r\n", "--B--x"}) {
    EXPECT_TRUE(std::holds_alternative<Fault>(read_form("B", body))) << body;
    EXPECT_TRUE(std::holds_alternative<Fault>(read_form("B", range_in_memory(body)))) << body;
  }
}

}  // namespace
}  // namespace sluice
