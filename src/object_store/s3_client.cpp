#include "object_store/s3_client.h"

#include <algorithm>
#include <utility>

#include "base/encoding.h"
#include "base/error.h"

namespace sluice {
namespace {

/// Aborts happen while something else is already failing: they must not hold it up for long.
constexpr std::chrono::seconds kAbort{30};
constexpr int kAbortAttempts = 2;
/// Assembling thousands of parts can take minutes, during which S3 sends next to nothing.
constexpr std::chrono::seconds kCompleteSilence{120};
constexpr const char* kJobHeader = "x-amz-meta-sluice-job";

/// Of PutObject and CreateMultipartUpload (Amazon S3 API Reference).
std::vector<HttpHeader> object_headers(const S3ObjectOptions& object,
                                       const S3ObjectSettings& settings) {
  std::vector<HttpHeader> headers{{"Content-Type", object.content_type}};
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) headers.push_back({name, value});
  };
  add(kJobHeader, object.job_id);
  add("x-amz-server-side-encryption", settings.server_side_encryption);
  add("x-amz-server-side-encryption-aws-kms-key-id", settings.kms_key_id);
  add("x-amz-storage-class", settings.storage_class);
  add("x-amz-acl", settings.acl);
  return headers;
}

bool has_length(const HttpResponse& response) {
  const std::string length = response.header("content-length");
  return !length.empty() && length.size() < 20 &&
         length.find_first_not_of("0123456789") == std::string::npos;
}

}  // namespace

S3Client::S3Client(S3Options options, HttpClient& http, Clock& clock, Random& random)
    : exchange_(std::move(options), http, clock, random), checksums_(exchange_) {}

std::string S3Client::name_of(const std::string& key) const {
  return options().scheme + "://" + options().bucket + "/" + key;
}

S3Call S3Client::call_for(const std::string& doing, const char* method,
                          const std::string& key) const {
  S3Call call{.doing = doing + " " + name_of(key), .method = method, .key = key};
  call.stop = options().stop;
  return call;
}

S3Written S3Client::put_object(const std::string& key, const S3Body& body,
                               const S3ObjectOptions& object) {
  S3Call call = call_for("writing", "PUT", key);
  call.headers = object_headers(object, options().objects);
  if (object.only_if_new) call.headers.push_back({"If-None-Match", "*"});
  call.body = body;
  const S3Answer answer = checksums_.send_body(call).answer;
  if (!answer.fault) return S3Written::kDone;
  const S3Fault& fault = *answer.fault;
  if (object.only_if_new && (fault.status == 412 || fault.code == "ConditionalRequestConflict")) {
    return S3Written::kNameTaken;
  }
  if (object.only_if_new && fault.status == 501) return S3Written::kUnsupported;
  exchange_.fail(call, fault);
}

std::string S3Client::create_upload(const std::string& key, const S3ObjectOptions& object) {
  S3Call call = call_for("beginning an upload of", "POST", key);
  call.query = {{"uploads", ""}};
  call.headers = object_headers(object, options().objects);
  call.whole = [](const HttpResponse& response) {
    return s3_xml::read_upload_id(response.body).has_value();
  };
  const S3Answer answer = checksums_.send(call, {"x-amz-checksum-algorithm", "CRC32C"}).answer;
  if (answer.fault) exchange_.fail(call, *answer.fault);
  return s3_xml::read_upload_id(answer.response.body).value();
}

s3_xml::Part S3Client::upload_part(const std::string& key, const std::string& upload_id, int number,
                                   const S3Body& body, std::stop_token stop) {
  S3Call call = call_for("uploading part " + std::to_string(number) + " of", "PUT", key);
  call.query = {{"partNumber", std::to_string(number)}, {"uploadId", upload_id}};
  call.body = body;
  call.stop = std::move(stop);
  call.whole = [](const HttpResponse& response) { return !response.header("etag").empty(); };
  const S3Checksums::Sent sent = checksums_.send_body(call);
  if (sent.answer.fault) exchange_.fail(call, *sent.answer.fault);
  s3_xml::Part part{number, s3_xml::bare_etag(sent.answer.response.header("etag")), std::nullopt};
  if (sent.with_header) part.crc32c = body.crc32c;
  return part;
}

S3Written S3Client::complete_upload(const std::string& key, const std::string& upload_id,
                                    const std::vector<s3_xml::Part>& parts, bool only_if_new) {
  const std::string xml = s3_xml::write_complete(parts);
  S3Call call = call_for("completing the upload of", "POST", key);
  call.query = {{"uploadId", upload_id}};
  call.headers = {{"Content-Type", "application/xml"}};
  if (only_if_new) call.headers.push_back({"If-None-Match", "*"});
  call.body.memory = xml;
  call.body.size = xml.size();
  call.stalled = kCompleteSilence;
  call.report_unclear = true;
  call.whole = [](const HttpResponse& response) {
    return s3_xml::read_complete(response.body).has_value();
  };
  const S3Answer answer = exchange_.send(call);
  if (!answer.fault) return S3Written::kDone;
  const S3Fault& fault = *answer.fault;
  if (fault.code == kIncompleteAnswer) return S3Written::kUnclear;
  if (fault.code == "NoSuchUpload") return S3Written::kNoUpload;
  if (only_if_new && (fault.status == 412 || fault.code == "PreconditionFailed" ||
                      fault.code == "ConditionalRequestConflict")) {
    return S3Written::kNameTaken;
  }
  if (only_if_new && (fault.status == 501 || fault.code == "NotImplemented")) {
    return S3Written::kUnsupported;
  }
  exchange_.fail(call, fault);
}

void S3Client::abort_upload(const std::string& key, const std::string& upload_id) {
  S3Call call = call_for("aborting the upload of", "DELETE", key);
  call.query = {{"uploadId", upload_id}};
  call.stop = {};
  call.timeout = kAbort;
  call.attempts = kAbortAttempts;
  call.patient = false;
  const S3Answer answer = exchange_.send(call);
  if (answer.fault && answer.fault->status != 404) exchange_.fail(call, *answer.fault);
}

std::optional<ObjectInfo> S3Client::head_object(const std::string& key) {
  S3Call call = call_for("looking at", "HEAD", key);
  call.whole = has_length;
  const S3Answer answer = checksums_.send(call, {"x-amz-checksum-mode", "ENABLED"}).answer;
  if (answer.fault) {
    if (answer.fault->status == 404) return std::nullopt;
    exchange_.fail(call, *answer.fault);
  }
  ObjectInfo info;
  info.key = key;
  info.size = std::stoull(answer.response.header("content-length"));
  info.etag = s3_xml::bare_etag(answer.response.header("etag"));
  info.job_id = answer.response.header(kJobHeader);
  const std::string crc = S3Checksums::in_answer(answer.response);
  if (!crc.empty()) info.checksum_crc32c = crc;
  return info;
}

void S3Client::delete_object(const std::string& key) {
  const S3Call call = call_for("deleting", "DELETE", key);
  const S3Answer answer = exchange_.send(call);
  if (answer.fault && answer.fault->code != "NoSuchKey") exchange_.fail(call, *answer.fault);
}

std::string S3Client::read_object(const std::string& key, uint64_t offset, uint64_t size) {
  if (size == 0) return {};
  S3Call call = call_for("reading", "GET", key);
  // RFC 9110, section 14.2. The last position belongs to the range.
  call.headers = {
      {"Range", "bytes=" + std::to_string(offset) + "-" + std::to_string(offset + size - 1)}};
  S3Answer answer = exchange_.send(call);
  const bool past_the_end = answer.fault && answer.fault->status == 416;
  if (answer.fault && !past_the_end) exchange_.fail(call, *answer.fault);
  std::string bytes = past_the_end ? std::string() : std::move(answer.response.body);
  // A store may ignore the range and send all.
  if (answer.response.status == 200) bytes = bytes.substr(std::min(offset, bytes.size()), size);
  if (bytes.size() != size) {
    throw Error(ErrorCode::kCorrupt,
                call.doing + ": it ends before byte " + std::to_string(offset + size) +
                    " of those expected.",
                "It was replaced by another object, or cut off.");
  }
  return bytes;
}

s3_xml::ObjectPage S3Client::list_objects(const std::string& prefix, const std::string& next) {
  S3Call call = call_for("listing", "GET", prefix);
  call.key = std::nullopt;
  call.query = {{"encoding-type", "url"}, {"list-type", "2"}, {"prefix", prefix}};
  if (!next.empty()) call.query.emplace_back("continuation-token", next);
  call.whole = [](const HttpResponse& response) {
    return s3_xml::read_objects(response.body).has_value();
  };
  const S3Answer answer = exchange_.send(call);
  if (answer.fault) exchange_.fail(call, *answer.fault);
  return s3_xml::read_objects(answer.response.body).value();
}

s3_xml::UploadPage S3Client::list_uploads(const std::string& prefix,
                                          const s3_xml::UploadPage& before) {
  S3Call call = call_for("listing the uploads under", "GET", prefix);
  call.key = std::nullopt;
  call.query = {{"encoding-type", "url"}, {"prefix", prefix}, {"uploads", ""}};
  if (before.more) {
    call.query.emplace_back("key-marker", before.next_key);
    call.query.emplace_back("upload-id-marker", before.next_upload_id);
  }
  call.whole = [](const HttpResponse& response) {
    return s3_xml::read_uploads(response.body).has_value();
  };
  const S3Answer answer = exchange_.send(call);
  if (answer.fault) exchange_.fail(call, *answer.fault);
  return s3_xml::read_uploads(answer.response.body).value();
}

}  // namespace sluice
