#include "door/form_scanner.h"

#include <gtest/gtest.h>

#include <chrono>
#include <random>

namespace sluice {
namespace {

/// What is in a form: name, filename, content type and content of each part.
struct Field {
  std::string name;
  std::string filename;
  std::string type;
  std::string content;
};

std::string head_of(const Field& field) {
  std::string head = "Content-Disposition: form-data; name=\"" + field.name + "\"";
  if (!field.filename.empty()) head += "; filename=\"" + field.filename + "\"";
  if (!field.type.empty()) head += "\r\nContent-Type: " + field.type;
  return head + "\r\n\r\n";
}

/// As RFC 2046 has it, by a writer that knows nothing of the scanner.
std::string form_of(const std::string& boundary, const std::vector<Field>& fields) {
  std::string body;
  for (const Field& field : fields) {
    body += "--" + boundary + "\r\n" + head_of(field) + field.content + "\r\n";
  }
  return body + "--" + boundary + "--\r\n";
}

/// The sentence of the fault, or "" and the parts.
std::string scan(const std::string& body, std::vector<Field>& fields, size_t piece = SIZE_MAX,
                 const std::string& boundary = "B") {
  FormScanner scanner(boundary);
  for (size_t at = 0; at < body.size(); at += std::min(piece, body.size() - at)) {
    scanner.feed(std::string_view(body).substr(at, piece));
  }
  auto result = scanner.finish();
  if (const Fault* fault = std::get_if<Fault>(&result)) {
    EXPECT_EQ(fault->status, 400);
    return std::string(fault->sentence);
  }
  fields.clear();
  for (const FormScanner::Part& part : std::get<0>(result)) {
    fields.push_back(
        {part.name, part.filename, part.content_type,
         body.substr(static_cast<size_t>(part.begin), static_cast<size_t>(part.size))});
  }
  return "";
}

std::string sentence_of(const std::string& body) {
  std::vector<Field> ignored;
  return scan(body, ignored);
}

void expect_same(const std::vector<Field>& seen, const std::vector<Field>& sent,
                 const std::string& what) {
  ASSERT_EQ(seen.size(), sent.size()) << what;
  for (size_t i = 0; i < sent.size(); ++i) {
    EXPECT_EQ(seen[i].name, sent[i].name) << what;
    EXPECT_EQ(seen[i].filename, sent[i].filename) << what;
    EXPECT_EQ(seen[i].type, sent[i].type) << what;
    EXPECT_EQ(seen[i].content, sent[i].content) << what;
  }
}

const std::string kOne = "--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n";

TEST(FormScanner, FindsThePartsWhereverTheBytesAreSplit) {
  const std::vector<Field> sent = {
      {"mode", "", "", "append"},
      {"", "", "", ""},
      {"csv", "a b.csv", "text/csv",
       "a,b\r\n1,2\r\n\r\n--\r\n--A\r\n-\r\r\n--BB\r\n--B-\r\n--B x\r\n"},
      {"last", "", "", "\r\n--B\n--B"}};
  const std::string body = form_of("B", sent);
  std::vector<Field> seen;
  for (size_t piece = 1; piece <= body.size(); ++piece) {
    ASSERT_EQ(scan(body, seen, piece), "") << piece;
    expect_same(seen, sent, "in pieces of " + std::to_string(piece));
  }
  for (size_t cut = 0; cut <= body.size(); ++cut) {
    FormScanner scanner("B");
    scanner.feed(std::string_view(body).substr(0, cut));
    scanner.feed(std::string_view(body).substr(cut));
    const auto result = scanner.finish();
    ASSERT_TRUE(std::holds_alternative<std::vector<FormScanner::Part>>(result)) << cut;
    EXPECT_EQ(std::get<0>(result).size(), sent.size()) << cut;
  }
}

TEST(FormScanner, AFormThatIsCutOffIsNoForm) {
  const std::string body = form_of("B", {{"a", "", "", "x"}, {"b", "f", "t/p", "y\r\n"}});
  const size_t whole = body.size() - 2;  // the last line may lack its end
  for (size_t size = 0; size < whole; ++size) {
    EXPECT_NE(sentence_of(body.substr(0, size)), "") << size;
  }
  EXPECT_EQ(sentence_of(body.substr(0, whole)), "");
  EXPECT_EQ(sentence_of(body), "");
}

TEST(FormScanner, ContentsThatLookLikeBoundaries) {
  const std::vector<std::string> bits = {
      "\r", "\n",  "-",   "--",         "\r\n",    "\r\n-",      "\r\n--",
      "B",  "--B", "B--", "\r\n--",     "bnd",     " ",          "\r\n--bn",
      "\t", "x",   "\0",  "\r\n--bndx", "--bnd--", "\r\n--bnd-x"};
  std::mt19937 random(7);
  std::vector<Field> seen;
  for (int round = 0; round < 3000; ++round) {
    std::vector<Field> sent;
    for (size_t parts = random() % 4; parts > 0; --parts) {
      Field field{"n" + std::to_string(parts), "", "", ""};
      for (size_t n = random() % 8; n > 0; --n) field.content += bits[random() % bits.size()];
      // A writer chooses a boundary that its contents do not have as a line of their own.
      const std::string lines = "\r\n" + field.content + "\r\n";
      bool delimits = false;
      for (size_t at = lines.find("\r\n--bnd"); at != std::string::npos;
           at = lines.find("\r\n--bnd", at + 1)) {
        size_t end = at + 7;
        if (lines.compare(end, 2, "--") == 0) end += 2;
        end = lines.find_first_not_of(" \t", end);
        delimits = delimits || lines.compare(end, 2, "\r\n") == 0;
      }
      if (!delimits) sent.push_back(field);
    }
    const std::string body = form_of("bnd", sent);
    ASSERT_EQ(scan(body, seen, 1 + random() % 9, "bnd"), "") << body;
    expect_same(seen, sent, body);
  }
}

TEST(FormScanner, WhatRfc2046Allows) {
  std::vector<Field> seen;
  EXPECT_EQ(scan("--B--", seen), "");
  EXPECT_TRUE(seen.empty()) << "clients send forms without parts";
  EXPECT_EQ(scan("\r\n--B \t\r\n" + kOne.substr(5) + "x\r\n--B-- \r\n\r\n", seen), "");
  expect_same(seen, {{"a", "", "", "x"}}, "blanks after a boundary, an empty line at both ends");
  EXPECT_EQ(scan(kOne + "--B--", seen), "");
  expect_same(seen, {{"a", "", "", ""}}, "the empty line's end is the delimiter's beginning");
  EXPECT_EQ(scan("--B\r\nX-Other: 1\r\ncontent-disposition:FORM-DATA;NAME=a ; filename=f;\r\n"
                 "Content-transfer-encoding: BINARY\r\n\r\nx\r\n--B--",
                 seen),
            "");
  expect_same(seen, {{"a", "f", "", "x"}}, "tokens for quoted strings, any case");
}

TEST(FormScanner, QuotedNames) {
  std::vector<Field> seen;
  EXPECT_EQ(scan("--B\r\nContent-Disposition: form-data; name=\"a;b=\\\"c\\\\\"; "
                 "filename=\"C:\\dir\\f%22.csv\"\r\n\r\n\r\n--B--",
                 seen),
            "");
  expect_same(seen, {{"a;b=\"c\\", "C:\\dir\\f%22.csv", "", ""}}, "quoted");
}

TEST(FormScanner, SaysWhatIsMalformed) {
  EXPECT_NE(sentence_of("").find("ends before"), std::string::npos);
  EXPECT_NE(sentence_of("x--B--").find("does not begin"), std::string::npos);
  EXPECT_NE(sentence_of("hello\r\n" + kOne + "\r\n--B--").find("does not begin"),
            std::string::npos);
  EXPECT_NE(sentence_of(kOne + "x\r\n--B--\r\nmore").find("goes on after"), std::string::npos);
  EXPECT_NE(sentence_of("--B\r\nX: 1\r\n\r\nx\r\n--B--").find("no name"), std::string::npos);
  EXPECT_NE(sentence_of("--B\r\n\r\nx\r\n--B--").find("no name"), std::string::npos);
  for (const std::string line : {"form-data", "form-data; filename=f", "form-data; x=y"}) {
    EXPECT_NE(
        sentence_of("--B\r\nContent-Disposition: " + line + "\r\n\r\n\r\n--B--").find("no name"),
        std::string::npos)
        << line;
  }
  for (const std::string line :
       {"attachment; name=a", "form-data; name=\"a", "form-data; name", "form-data name=a",
        "form-data; name=a; name=b", "form-data; name=a; filename=f; filename=g", "",
        "form-data; =a", "form-data; name=\"a\"b",
        "form-data; name=a\r\nContent-Disposition: form-data; name=b"}) {
    EXPECT_NE(
        sentence_of("--B\r\nContent-Disposition: " + line + "\r\n\r\n\r\n--B--").find("malformed"),
        std::string::npos)
        << line;
  }
  using namespace std::string_literals;
  for (const std::string& line :
       {"no colon\r\n"s, " folded: 1\r\n"s, "a b: 1\r\n"s, "X: 1\n"s, "X: \0\r\n"s, "--B\r\n"s}) {
    EXPECT_NE(sentence_of("--B\r\n" + line + kOne.substr(5) + "\r\n--B--").find("malformed"),
              std::string::npos)
        << line;
  }
  EXPECT_NE(
      sentence_of("--B\r\nContent-Transfer-Encoding: base64\r\n" + kOne.substr(5) + "\r\n--B--")
          .find("transfer encoding"),
      std::string::npos);
  FormScanner none("");
  EXPECT_FALSE(none.feed("--\r\n"));
  EXPECT_TRUE(std::holds_alternative<Fault>(none.finish()));
}

TEST(FormScanner, HeadsAndPartsAreBounded) {
  const std::string name(8000, 'a');
  EXPECT_EQ(sentence_of(form_of("B", {{name, "", "", ""}})), "");
  EXPECT_NE(sentence_of(form_of("B", {{name + name, "", "", ""}})).find("too long"),
            std::string::npos);
  EXPECT_NE(sentence_of("--B\r\n" + std::string(100000, 'a')).find("too long"), std::string::npos);
  EXPECT_EQ(sentence_of(form_of("B", std::vector<Field>(1000, Field{"a", "", "", ""}))), "");
  EXPECT_NE(sentence_of(form_of("B", std::vector<Field>(1001, Field{"a", "", "", ""})))
                .find("too many parts"),
            std::string::npos);
}

TEST(FormScanner, HostileContentsTakeNoLongTime) {
  std::string near_ends;
  while (near_ends.size() < 2 * 1024 * 1024) near_ends += "\r\n--B-\r\r\n--B \tx";
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(sentence_of(kOne + near_ends + "\r\n--B--"), "");
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(5));
}

}  // namespace
}  // namespace sluice
