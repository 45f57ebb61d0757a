#include "object_store/sigv4.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "base/encoding.h"
#include "base/hash.h"

namespace sluice::sigv4 {
namespace {

const std::filesystem::path kVectors =
    SLUICE_SOURCE_DIR "/tests/object_store/vectors/aws-c-auth/v4";

std::string read(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file) << path;
  std::string text{std::istreambuf_iterator<char>(file), {}};
  std::erase(text, '\r');
  return text;
}

std::string read_line(const std::filesystem::path& path) { return std::string(trim(read(path))); }

struct Vector {
  Request request;
  StoreCredentials credentials;
  Scope scope;
  PathMode mode = PathMode::kGeneral;
};

/// Request line, headers (a line that begins with space goes on), empty line, body.
Request parse_request(const std::string& text) {
  Request request;
  std::istringstream lines(text);
  std::string line;
  std::getline(lines, line);
  const size_t first = line.find(' ');
  const size_t last = line.rfind(' ');
  request.method = line.substr(0, first);
  const std::string target = line.substr(first + 1, last - first - 1);
  const size_t question = target.find('?');
  request.path = target.substr(0, question);
  if (question != std::string::npos) request.query = target.substr(question + 1);
  while (std::getline(lines, line) && !line.empty()) {
    if (line.front() == ' ' && !request.headers.empty()) {
      request.headers.back().value += "\n" + line;
      continue;
    }
    const size_t colon = line.find(':');
    request.headers.push_back({line.substr(0, colon), line.substr(colon + 1)});
  }
  const std::string body{std::istreambuf_iterator<char>(lines), {}};
  request.payload_hash = hex_encode(sha256(body));
  return request;
}

Vector load(const std::filesystem::path& folder) {
  const auto context = nlohmann::json::parse(read(folder / "context.json"));
  Vector vector;
  vector.request = parse_request(read(folder / "request.txt"));
  vector.credentials.access_key = context["credentials"]["access_key_id"];
  vector.credentials.secret_key = Secret(context["credentials"]["secret_access_key"]);
  vector.scope.region = context["region"];
  vector.scope.service = context["service"];
  vector.scope.amz_date =
      amz_date(parse_timestamp(context["timestamp"].get<std::string>()).value());
  vector.mode = context["normalize"] ? PathMode::kGeneral : PathMode::kGeneralUnnormalised;
  vector.request.headers.push_back({"X-Amz-Date", vector.scope.amz_date});
  if (context["sign_body"]) {
    vector.request.headers.push_back({"X-Amz-Content-Sha256", vector.request.payload_hash});
  }
  // With omit_session_token the token is added after signing, so it is not in the signature.
  if (context["credentials"].contains("token") && !context.value("omit_session_token", false)) {
    vector.request.headers.push_back({"X-Amz-Security-Token", context["credentials"]["token"]});
  }
  return vector;
}

class Vectors : public testing::TestWithParam<std::string> {};

TEST_P(Vectors, GiveTheSameTextAtEveryStep) {
  const auto folder = kVectors / GetParam();
  const Vector vector = load(folder);
  const std::string canonical = canonical_request(vector.request, vector.mode);
  EXPECT_EQ(canonical, read_line(folder / "header-canonical-request.txt"));
  const std::string to_sign = string_to_sign(vector.scope, canonical);
  EXPECT_EQ(to_sign, read_line(folder / "header-string-to-sign.txt"));
  EXPECT_EQ(signature(signing_key(vector.credentials.secret_key, vector.scope), to_sign),
            read_line(folder / "header-signature.txt"));
  const std::string header =
      authorization(vector.request, vector.credentials, vector.scope, vector.mode);
  EXPECT_NE(read(folder / "header-signed-request.txt").find("Authorization:" + header),
            std::string::npos);
}

std::vector<std::string> vector_names() {
  std::set<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(kVectors)) {
    names.insert(entry.path().filename());
  }
  return {names.begin(), names.end()};
}

INSTANTIATE_TEST_SUITE_P(AwsCAuth, Vectors, testing::ValuesIn(vector_names()),
                         [](const testing::TestParamInfo<std::string>& test) {
                           std::string name = test.param;
                           std::erase(name, '-');
                           return name;
                         });

TEST(Sigv4, AllVectorsAreThere) { EXPECT_EQ(vector_names().size(), 38U); }

std::string uri_line(const std::string& path, PathMode mode) {
  const std::string text = canonical_request({"GET", path, "", {}, "hash"}, mode);
  const size_t begin = text.find('\n') + 1;
  return text.substr(begin, text.find('\n', begin) - begin);
}

// Paths that come encoded are encoded once more, but not for S3.
TEST(Sigv4, EncodesPathsTwiceExceptForS3) {
  EXPECT_EQ(uri_line("/test/@connections/JBDvjfGEIAMCERw%3D", PathMode::kGeneral),
            "/test/%40connections/JBDvjfGEIAMCERw%253D");
  EXPECT_EQ(uri_line("/functions/arn%3Aaws%3Alambda/invocations", PathMode::kGeneral),
            "/functions/arn%253Aaws%253Alambda/invocations");
  EXPECT_EQ(uri_line("/b/a%20b//c/../%2B", PathMode::kS3), "/b/a%20b//c/../%2B");
  EXPECT_EQ(uri_line("", PathMode::kS3), "/");
}

TEST(Sigv4, SortsByEncodedNameAndKeepsPlusALiteral) {
  const Request request{"GET", "/", "b=2&a=z&a=%2F&a+b=1&list-type=2&empty", {}, "hash"};
  EXPECT_NE(canonical_request(request, PathMode::kS3)
                .find("\na=%2F&a=z&a%2Bb=1&b=2&empty=&list-type=2\n"),
            std::string::npos);
}

TEST(Sigv4, WritesDatesInUtc) {
  EXPECT_EQ(amz_date(parse_timestamp("2015-08-30 12:36:00.999999").value()), "20150830T123600Z");
  EXPECT_EQ(amz_date(parse_timestamp("2024-02-29 23:59:59").value()), "20240229T235959Z");
}

}  // namespace
}  // namespace sluice::sigv4
