#include "support/fake_s3_call.h"

#include <fstream>
#include <sstream>
#include <utility>

#include "base/encoding.h"
#include "base/error.h"

namespace sluice {
namespace {

std::string percent_decode(const std::string& text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      out += hex_decode(text.substr(i + 1, 2)).value();
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

std::string body_of(const HttpRequest& request) {
  if (request.body_file.empty()) return std::string(request.body);
  std::ifstream file(request.body_file, std::ios::binary);
  if (!file) throw Error(ErrorCode::kStorage, "No file " + request.body_file + ".");
  file.seekg(static_cast<std::streamoff>(request.body_offset));
  std::string out(request.body_size, '\0');
  file.read(out.data(), static_cast<std::streamsize>(out.size()));
  if (static_cast<uint64_t>(file.gcount()) != request.body_size) {
    throw Error(ErrorCode::kStorage, "The file " + request.body_file + " is too short.");
  }
  return out;
}

/// The name of the S3 API's operation.
std::string operation_of(const std::string& method, const std::map<std::string, std::string>& query,
                         bool copies) {
  const auto has = [&](const char* name) { return query.contains(name); };
  if (method == "POST") return has("uploads") ? "CreateMultipartUpload" : "CompleteMultipartUpload";
  if (method == "PUT" && copies) return has("partNumber") ? "UploadPartCopy" : "CopyObject";
  if (method == "PUT") return has("partNumber") ? "UploadPart" : "PutObject";
  if (method == "DELETE") return has("uploadId") ? "AbortMultipartUpload" : "DeleteObject";
  if (method == "HEAD") return "HeadObject";
  if (has("list-type")) return "ListObjectsV2";
  return has("uploads") ? "ListMultipartUploads" : "GetObject";
}

}  // namespace

FakeS3::Parsed::Parsed(const HttpRequest& from) : request(&from), body(body_of(from)) {
  const size_t begin = from.url.find('/', from.url.find("://") + 3);
  const size_t question = from.url.find('?');
  path = from.url.substr(begin, question - begin);
  if (question != std::string::npos) raw_query = from.url.substr(question + 1);
  std::istringstream pairs(raw_query);
  for (std::string pair; std::getline(pairs, pair, '&');) {
    const size_t equals = pair.find('=');
    query[percent_decode(pair.substr(0, equals))] =
        equals == std::string::npos ? "" : percent_decode(pair.substr(equals + 1));
  }
  const size_t slash = path.find('/', 1);
  bucket = percent_decode(path.substr(1, slash - 1));
  if (slash != std::string::npos) key = percent_decode(path.substr(slash + 1));
  source = percent_decode(header("x-amz-copy-source"));
  operation = operation_of(from.method, query, !source.empty());
}

std::string FakeS3::Parsed::header(const std::string& name) const {
  for (const HttpHeader& header : request->headers) {
    if (ascii_lower(header.name) == name) return header.value;
  }
  return {};
}

namespace fake_s3 {

HttpResponse answer(int status, std::string body, std::vector<HttpHeader> headers) {
  HttpResponse response;
  response.status = status;
  response.headers = std::move(headers);
  response.headers.push_back({"Date", "Mon, 23 Nov 2026 08:30:00 GMT"});
  response.body = std::move(body);
  return response;
}

HttpResponse error_answer(int status, const std::string& code, const std::string& message,
                          std::vector<HttpHeader> headers) {
  return answer(status,
                "<?xml version=\"1.0\"?><Error><Code>" + code + "</Code><Message>" + message +
                    "</Message></Error>",
                std::move(headers));
}

}  // namespace fake_s3
}  // namespace sluice
