// Signs requests given as JSON lines on standard input, for the comparison with botocore
// (tests/e2e/test_sigv4_botocore.py). Each line: method, headers (object), body_sha256, access_key,
// secret, session_token (may be empty), region, amz_date, and the address: `url`, or `endpoint`,
// `bucket`, `path_style`, `key` and `query` (encoded), from which the URL is built as the product
// does it. Answers one JSON line each: url, canonical_request, authorization.
#include <exception>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>

#include "base/encoding.h"
#include "object_store/s3_address.h"
#include "object_store/sigv4.h"

namespace {

using nlohmann::json;

std::string url_of(const json& in) {
  if (in.contains("url")) return in.at("url");
  const sluice::S3Address address =
      sluice::s3_address(in.at("endpoint"), in.at("region"), in.at("bucket"), in.at("path_style"));
  const std::string query = in.value("query", "");
  return address.origin + address.bucket_path + "/" +
         sluice::percent_encode_path(in.at("key").get<std::string>()) +
         (query.empty() ? "" : "?" + query);
}

json sign(const json& in) {
  const std::string url = url_of(in);
  const size_t path = url.find('/', url.find("://") + 3);
  const size_t question = url.find('?', path);
  sluice::sigv4::Request request;
  request.method = in.at("method");
  request.path = url.substr(path, question - path);
  if (question != std::string::npos) request.query = url.substr(question + 1);
  request.payload_hash = in.at("body_sha256");
  for (const auto& [name, value] : in.at("headers").items())
    request.headers.push_back({name, value});
  const sluice::StoreCredentials credentials{in.at("access_key"), sluice::Secret(in.at("secret")),
                                             sluice::Secret(in.value("session_token", ""))};
  if (!credentials.session_token.empty()) {
    request.headers.push_back({"X-Amz-Security-Token", credentials.session_token.reveal()});
  }
  const sluice::sigv4::Scope scope{in.at("region"), "s3", in.at("amz_date")};
  const auto mode = sluice::sigv4::PathMode::kS3;
  return {{"url", url},
          {"canonical_request", sluice::sigv4::canonical_request(request, mode)},
          {"authorization", sluice::sigv4::authorization(request, credentials, scope, mode)}};
}

}  // namespace

int main() {
  try {
    for (std::string line; std::getline(std::cin, line);) {
      std::cout << sign(json::parse(line)).dump() << '\n';
    }
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "sluice_sign_tool: " << error.what() << '\n';
    return 1;
  }
}
