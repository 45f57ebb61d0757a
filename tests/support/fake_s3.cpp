#include "support/fake_s3.h"

#include <pugixml.hpp>
#include <utility>

#include "base/crc32c.h"
#include "base/encoding.h"
#include "base/error.h"
#include "base/hash.h"
#include "object_store/s3_crc32c.h"
#include "support/fake_s3_call.h"

namespace sluice {
namespace {

constexpr const char* kCrcHeader = "x-amz-checksum-crc32c";

std::string text_of(const pugi::xml_node& node, const char* name) {
  return node.child(name).text().get();
}

}  // namespace

using fake_s3::answer;
using fake_s3::error_answer;

FakeS3::FakeS3(std::string bucket, StoreCredentials credentials)
    : bucket_(std::move(bucket)), credentials_(std::move(credentials)) {}

HttpResponse FakeS3::send(const HttpRequest& request) {
  const Parsed call(request);
  if (on_call) on_call(call.operation);
  if (request.stop.stop_requested()) throw Error(ErrorCode::kCancelled, "Stopped.");
  std::scoped_lock lock(mutex_);
  ++calls_[call.operation];
  if (auto refused = refuse(call)) return *refused;
  std::vector<S3FaultPlan>& plans = plans_[call.operation];
  if (plans.empty()) return act(call);
  const S3FaultPlan fault = plans.front();
  plans.erase(plans.begin());
  using Kind = S3FaultPlan::Kind;
  if (fault.kind == Kind::kAnswer) {
    HttpResponse response =
        error_answer(fault.status, fault.code, "the fake says so", fault.headers);
    if (call.operation == "HeadObject") response.body.clear();
    return response;
  }
  if (fault.kind == Kind::kErrorIn200) return error_answer(200, fault.code);
  const Error reset(ErrorCode::kUnavailable, "The connection was reset.");
  if (fault.kind == Kind::kResetBefore) throw reset;
  HttpResponse response = act(call);
  if (fault.kind == Kind::kLosePart) {
    uploads_.at(call.query.at("uploadId")).parts.erase(std::stoi(call.query.at("partNumber")));
  }
  if (fault.kind == Kind::kResetAfter) throw reset;
  if (fault.kind == Kind::kCutAnswer) response.body.resize(response.body.size() / 2);
  if (fault.kind == Kind::kEmptyAnswer) response.body.clear();
  const bool in_body = !call.source.empty();
  if (fault.kind == Kind::kWrongEtag && in_body) {
    return fake_s3::copied_answer(call.operation, hex_encode(md5("other")), "");
  }
  if (fault.kind == Kind::kWrongChecksum && in_body) {
    return fake_s3::copied_answer(call.operation, "e", crc32c_text(crc32c("other")));
  }
  if (fault.kind == Kind::kWrongEtag) response.headers = {{"ETag", hex_encode(md5("other"))}};
  if (fault.kind == Kind::kWrongChecksum) {
    response.headers = {{"ETag", "\"e\""}, {kCrcHeader, crc32c_text(crc32c("other"))}};
  }
  return response;
}

void FakeS3::plan(const std::string& operation, S3FaultPlan fault, int times) {
  std::scoped_lock lock(mutex_);
  plans_[operation].insert(plans_[operation].end(), static_cast<size_t>(times), fault);
}

void FakeS3::clear_plans() {
  std::scoped_lock lock(mutex_);
  plans_.clear();
}

int FakeS3::calls(const std::string& operation) const {
  std::scoped_lock lock(mutex_);
  const auto found = calls_.find(operation);
  return found == calls_.end() ? 0 : found->second;
}

std::map<std::string, FakeS3::Object> FakeS3::objects() const {
  std::scoped_lock lock(mutex_);
  return objects_;
}

std::map<std::string, FakeS3::Upload> FakeS3::uploads() const {
  std::scoped_lock lock(mutex_);
  return uploads_;
}

void FakeS3::put(const std::string& key, Object object) {
  std::scoped_lock lock(mutex_);
  objects_[key] = std::move(object);
}

void FakeS3::remove(const std::string& key) {
  std::scoped_lock lock(mutex_);
  objects_.erase(key);
}

void FakeS3::remove_uploads() {
  std::scoped_lock lock(mutex_);
  uploads_.clear();
}

/// Signature, payload hash, bucket: what every call is checked for.
std::optional<HttpResponse> FakeS3::refuse(const Parsed& call) const {
  const std::string got = call.header("authorization");
  if (got.find("Credential=" + credentials_.access_key + "/") == std::string::npos) {
    return error_answer(403, "InvalidAccessKeyId");
  }
  if (got.find("/" + region_ + "/s3/aws4_request") == std::string::npos) {
    return answer(400, "<Error><Code>AuthorizationHeaderMalformed</Code><Region>" + region_ +
                           "</Region></Error>");
  }
  sigv4::Request signed_part{
      call.request->method, call.path, call.raw_query, {}, call.header("x-amz-content-sha256")};
  for (const HttpHeader& header : call.request->headers) {
    if (ascii_lower(header.name) != "authorization") signed_part.headers.push_back(header);
  }
  const sigv4::Scope scope{region_, "s3", call.header("x-amz-date")};
  if (got != sigv4::authorization(signed_part, credentials_, scope, sigv4::PathMode::kS3)) {
    return error_answer(403, "SignatureDoesNotMatch");
  }
  const std::string hash = call.header("x-amz-content-sha256");
  const bool may_be_unsigned = call.request->url.starts_with("https://");
  if (hash != hex_encode(sha256(call.body)) && !(hash == "UNSIGNED-PAYLOAD" && may_be_unsigned)) {
    return error_answer(400, "XAmzContentSHA256Mismatch");
  }
  if (call.bucket != bucket_) {
    if (call.request->method == "HEAD") return answer(404);
    return error_answer(404, "NoSuchBucket");
  }
  return std::nullopt;
}

std::optional<HttpResponse> FakeS3::check_checksum(const Parsed& call) const {
  if (checksums_ == Checksums::kRefused) {
    for (const char* name : {kCrcHeader, "x-amz-checksum-algorithm", "x-amz-checksum-mode"}) {
      if (call.header(name).empty()) continue;
      return error_answer(400, "InvalidArgument", std::string("Unsupported header ") + name);
    }
  }
  const std::string sent = call.header(kCrcHeader);
  if (checksums_ != Checksums::kTaken || sent.empty()) return std::nullopt;
  if (sent != crc32c_text(crc32c(call.body))) return error_answer(400, "BadDigest");
  return std::nullopt;
}

std::optional<HttpResponse> FakeS3::check_condition(const Parsed& call) const {
  if (call.header("if-none-match") != "*") return std::nullopt;
  if (conditions_ == Conditions::kRefused) return error_answer(501, "NotImplemented");
  if (conditions_ == Conditions::kIgnored || !objects_.contains(call.key)) return std::nullopt;
  return error_answer(412, "PreconditionFailed");
}

HttpResponse FakeS3::act(const Parsed& call) {
  if (auto failed = check_checksum(call)) {
    if (call.operation == "HeadObject") failed->body.clear();
    return *failed;
  }
  if (call.operation == "PutObject") return put_object(call);
  if (call.operation == "CopyObject") return copy_object(call);
  if (call.operation == "UploadPartCopy") return copy_part(call);
  if (call.operation == "CreateMultipartUpload") return create_upload(call);
  if (call.operation == "UploadPart") return upload_part(call);
  if (call.operation == "CompleteMultipartUpload") return complete_upload(call);
  if (call.operation == "HeadObject") return head_object(call);
  if (call.operation == "GetObject") return get_object(call);
  if (call.operation == "ListObjectsV2") return list_objects(call);
  if (call.operation == "ListMultipartUploads") return list_uploads(call);
  if (call.operation == "AbortMultipartUpload") {
    if (uploads_.erase(call.query.at("uploadId")) == 0) return error_answer(404, "NoSuchUpload");
    return answer(204);
  }
  if (call.operation == "DeleteObject") {
    objects_.erase(call.key);
    return answer(204);
  }
  return error_answer(405, "MethodNotAllowed");
}

/// The checksum that the call carries, if this store keeps it.
std::string FakeS3::kept_checksum(const Parsed& call) const {
  return checksums_ == Checksums::kTaken ? call.header(kCrcHeader) : "";
}

HttpResponse FakeS3::written(const Parsed& call) const {
  std::vector<HttpHeader> headers{{"ETag", "\"" + hex_encode(md5(call.body)) + "\""}};
  const std::string checksum = kept_checksum(call);
  if (!checksum.empty()) headers.push_back({kCrcHeader, checksum});
  return answer(200, "", headers);
}

HttpResponse FakeS3::put_object(const Parsed& call) {
  if (auto failed = check_condition(call)) return *failed;
  objects_[call.key] = {call.body, hex_encode(md5(call.body)), call.header("content-type"),
                        call.header("x-amz-meta-sluice-job"), kept_checksum(call)};
  return written(call);
}

HttpResponse FakeS3::create_upload(const Parsed& call) {
  const std::string id = "upload/+" + std::to_string(next_upload_++);
  Upload& upload = uploads_[id];
  upload.key = call.key;
  upload.content_type = call.header("content-type");
  upload.job_id = call.header("x-amz-meta-sluice-job");
  upload.checksums =
      checksums_ == Checksums::kTaken && call.header("x-amz-checksum-algorithm") == "CRC32C";
  return answer(200, "<InitiateMultipartUploadResult><UploadId>" + id +
                         "</UploadId></InitiateMultipartUploadResult>");
}

HttpResponse FakeS3::upload_part(const Parsed& call) {
  const auto upload = uploads_.find(call.query.at("uploadId"));
  if (upload == uploads_.end()) return error_answer(404, "NoSuchUpload");
  // As S3 does: an upload that was begun with an algorithm has it in each part.
  if (upload->second.checksums && kept_checksum(call).empty()) {
    return error_answer(400, "InvalidRequest", "The upload was created with CRC32C");
  }
  upload->second.parts[std::stoi(call.query.at("partNumber"))] = call.body;
  return written(call);
}

HttpResponse FakeS3::complete_upload(const Parsed& call) {
  const auto found = uploads_.find(call.query.at("uploadId"));
  if (found == uploads_.end()) return error_answer(404, "NoSuchUpload");
  if (auto failed = check_condition(call)) return *failed;
  const Upload& upload = found->second;
  pugi::xml_document document;
  document.load_string(call.body.c_str());
  std::string bytes;
  std::vector<uint32_t> checksums;
  std::vector<size_t> sizes;
  for (const pugi::xml_node& node : document.child("CompleteMultipartUpload").children("Part")) {
    const auto part = upload.parts.find(node.child("PartNumber").text().as_int());
    if (part == upload.parts.end() ||
        text_of(node, "ETag") != "\"" + hex_encode(md5(part->second)) + "\"") {
      return error_answer(400, "InvalidPart");
    }
    checksums.push_back(crc32c(part->second));
    if (upload.checksums && text_of(node, "ChecksumCRC32C") != crc32c_text(checksums.back())) {
      return error_answer(400, "InvalidPart");
    }
    bytes += part->second;
    sizes.push_back(part->second.size());
  }
  if (sizes.empty()) return error_answer(400, "MalformedXML");
  for (size_t i = 1; i + 1 < sizes.size() && equal_parts_; ++i) {
    if (sizes[i] != sizes[0]) return error_answer(400, "InvalidPart", "All parts must be equal");
  }
  const std::string etag = hex_encode(md5(bytes)) + "-" + std::to_string(sizes.size());
  objects_[upload.key] = {bytes, etag, upload.content_type, upload.job_id,
                          upload.checksums ? crc32c_composite_text(checksums) : ""};
  uploads_.erase(found);
  return answer(200, "<CompleteMultipartUploadResult><ETag>&quot;" + etag +
                         "&quot;</ETag></CompleteMultipartUploadResult>");
}

HttpResponse FakeS3::head_object(const Parsed& call) const {
  const auto found = objects_.find(call.key);
  if (found == objects_.end()) return answer(404);
  const Object& object = found->second;
  std::vector<HttpHeader> headers{{"Content-Length", std::to_string(object.bytes.size())},
                                  {"ETag", "\"" + object.etag + "\""}};
  if (!object.job_id.empty()) headers.push_back({"x-amz-meta-sluice-job", object.job_id});
  if (!object.crc32c.empty() && call.header("x-amz-checksum-mode") == "ENABLED") {
    headers.push_back({kCrcHeader, object.crc32c});
  }
  return answer(200, "", headers);
}

HttpResponse FakeS3::get_object(const Parsed& call) const {
  const auto found = objects_.find(call.key);
  if (found == objects_.end()) return error_answer(404, "NoSuchKey");
  const std::string& bytes = found->second.bytes;
  const std::string range = call.header("range");
  if (range.empty() || !ranges_) return answer(200, bytes);
  const size_t dash = range.find('-');
  const size_t first = std::stoull(range.substr(6, dash - 6));
  const size_t last = std::stoull(range.substr(dash + 1));
  if (first >= bytes.size()) return error_answer(416, "InvalidRange");
  return answer(206, bytes.substr(first, last - first + 1));
}

}  // namespace sluice
