#pragma once

#include <map>
#include <string>
#include <vector>

#include "net/http_client.h"
#include "support/fake_s3.h"

namespace sluice {

/// A request, taken apart as an S3 server does: path-style address, operation by its API name.
struct FakeS3::Parsed {
  const HttpRequest* request = nullptr;
  std::string operation;
  std::string path;
  std::string raw_query;
  std::string bucket;
  std::string key;
  std::string body;
  std::string source;  ///< `bucket/key` of a copy's source, decoded; empty for other calls.
  std::map<std::string, std::string> query;

  explicit Parsed(const HttpRequest& from);
  /// By its name in lower case.
  std::string header(const std::string& name) const;
  bool has(const std::string& name) const { return query.contains(name); }
};

namespace fake_s3 {

HttpResponse answer(int status, std::string body = {}, std::vector<HttpHeader> headers = {});
HttpResponse error_answer(int status, const std::string& code,
                          const std::string& message = "the fake says so",
                          std::vector<HttpHeader> headers = {});
/// The answer to CopyObject or UploadPartCopy (fake_s3_copy.cpp).
HttpResponse copied_answer(const std::string& operation, const std::string& etag,
                           const std::string& crc32c);

}  // namespace fake_s3
}  // namespace sluice
