#include "object_store/s3_client.h"

#include <algorithm>
#include <utility>

#include "base/encoding.h"
#include "base/error.h"

namespace sluice {
namespace {

/// Cleaning up happens while something else is already failing: it must not hold it up for long.
constexpr std::chrono::seconds kCleanUp{30};
constexpr int kCleanUpAttempts = 2;
/// Assembling thousands of parts can take minutes, during which S3 sends next to nothing.
constexpr std::chrono::seconds kCompleteSilence{120};
/// Bytes a second that we wait for while a store copies; many say nothing before it is done.
constexpr uint64_t kSlowestCopy = 16ULL * 1024 * 1024;
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

/// With a condition only. An error can stand in the body of a success, so the code counts as well.
bool is_taken(const S3Fault& fault) {
  return fault.status == 412 || fault.code == "PreconditionFailed" ||
         fault.code == "ConditionalRequestConflict";
}

bool is_unsupported(const S3Fault& fault) {
  return fault.status == 501 || fault.code == "NotImplemented";
}

/// RFC 9110, section 14.2. The last position belongs to the range.
std::string range_of(const S3Range& range) {
  return "bytes=" + std::to_string(range.offset) + "-" +
         std::to_string(range.offset + range.size - 1);
}

}  // namespace

S3Client::S3Client(S3Options options, HttpClient& http, Clock& clock, Random& random)
    : exchange_(std::move(options), http, clock, random), checksums_(exchange_) {}

std::string S3Client::name_of(const std::string& key) const {
  return options().scheme + "://" + options().bucket + "/" + key;
}

S3Call S3Client::call_for(const std::string& doing, const char* method, const std::string& key,
                          S3Purpose purpose) const {
  S3Call call{.doing = doing + " " + name_of(key), .method = method, .key = key};
  if (purpose == S3Purpose::kWork) {
    call.stop = options().stop;
  } else {
    call.timeout = kCleanUp;
    call.attempts = kCleanUpAttempts;
    call.patient = false;
  }
  return call;
}

S3Call S3Client::copy_call(const std::string& source, uint64_t size, const std::string& key) const {
  S3Call call = call_for("copying " + name_of(source) + " to", "PUT", key);
  call.headers = {
      {"x-amz-copy-source", percent_encode(options().bucket) + "/" + percent_encode_path(source)}};
  const std::chrono::seconds longer(size / kSlowestCopy);
  call.timeout += longer;
  call.stalled = kCompleteSilence + longer;
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
  if (object.only_if_new && is_taken(fault)) return S3Written::kNameTaken;
  if (object.only_if_new && is_unsupported(fault)) return S3Written::kUnsupported;
  exchange_.fail(call, fault);
}

std::string S3Client::create_upload(const std::string& key, const S3ObjectOptions& object) {
  S3Call call = call_for("beginning an upload of", "POST", key);
  call.query = {{"uploads", ""}};
  call.headers = object_headers(object, options().objects);
  call.whole = [](const HttpResponse& response) {
    return s3_xml::read_upload_id(response.body).has_value();
  };
  const S3Answer answer = object.checksums
                              ? checksums_.send(call, {"x-amz-checksum-algorithm", "CRC32C"}).answer
                              : exchange_.send(call);
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
  if (fault.code == "NoSuchUpload") return S3Written::kGone;
  if (only_if_new && is_taken(fault)) return S3Written::kNameTaken;
  if (only_if_new && is_unsupported(fault)) return S3Written::kUnsupported;
  exchange_.fail(call, fault);
}

void S3Client::abort_upload(const std::string& key, const std::string& upload_id) {
  S3Call call = call_for("aborting the upload of", "DELETE", key, S3Purpose::kCleanUp);
  call.query = {{"uploadId", upload_id}};
  const S3Answer answer = exchange_.send(call);
  if (answer.fault && answer.fault->status != 404) exchange_.fail(call, *answer.fault);
}

S3Written S3Client::copy_object(const ObjectInfo& source, const std::string& key,
                                const S3ObjectOptions& object) {
  S3Call call = copy_call(source.key, source.size, key);
  for (HttpHeader& header : object_headers(object, options().objects)) {
    call.headers.push_back(std::move(header));
  }
  // Else the copy has the source's, which say nothing of the job.
  call.headers.push_back({"x-amz-metadata-directive", "REPLACE"});
  if (object.only_if_new) call.headers.push_back({"If-None-Match", "*"});
  call.whole = [](const HttpResponse& response) {
    return s3_xml::read_copied(response.body).has_value();
  };
  call.same_bytes = [&](const HttpResponse& response) {
    const s3_xml::Copied copy = s3_xml::read_copied(response.body).value();
    return S3Checksums::agrees(source, copy, checksums_.md5_in(response, copy.etag));
  };
  const S3Answer answer = exchange_.send(call);
  if (!answer.fault) return S3Written::kDone;
  const S3Fault& fault = *answer.fault;
  if (fault.code == "NoSuchKey") return S3Written::kGone;
  if (object.only_if_new && is_taken(fault)) return S3Written::kNameTaken;
  // The error is another one if it comes again without the condition.
  const bool refused = fault.status == 400 && !may_heal(fault);
  if (object.only_if_new && (refused || is_unsupported(fault))) {
    return S3Written::kUnsupported;
  }
  exchange_.fail(call, fault);
}

s3_xml::Part S3Client::copy_part(const std::string& source, const S3Range& range,
                                 const std::string& key, const std::string& upload_id, int number) {
  S3Call call = copy_call(source, range.size, key);
  call.query = {{"partNumber", std::to_string(number)}, {"uploadId", upload_id}};
  call.headers.push_back({"x-amz-copy-source-range", range_of(range)});
  call.whole = [](const HttpResponse& response) {
    const std::optional<s3_xml::Copied> copy = s3_xml::read_copied(response.body);
    return copy && !copy->etag.empty();
  };
  const S3Answer answer = exchange_.send(call);
  if (answer.fault) exchange_.fail(call, *answer.fault);
  const s3_xml::Copied copy = s3_xml::read_copied(answer.response.body).value();
  return {number, copy.etag, std::nullopt};
}

std::optional<ObjectInfo> S3Client::head_object(const std::string& key, S3Purpose purpose) {
  S3Call call = call_for("looking at", "HEAD", key, purpose);
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
  info.md5 = checksums_.md5_in(answer.response, info.etag);
  info.job_id = answer.response.header(kJobHeader);
  const std::string crc = S3Checksums::in_answer(answer.response);
  if (!crc.empty()) info.checksum_crc32c = crc;
  return info;
}

void S3Client::delete_object(const std::string& key, S3Purpose purpose) {
  const S3Call call = call_for("deleting", "DELETE", key, purpose);
  const S3Answer answer = exchange_.send(call);
  if (answer.fault && answer.fault->code != "NoSuchKey") exchange_.fail(call, *answer.fault);
}

std::string S3Client::read_object(const std::string& key, uint64_t offset, uint64_t size) {
  if (size == 0) return {};
  S3Call call = call_for("reading", "GET", key);
  call.headers = {{"Range", range_of({offset, size})}};
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

s3_xml::ObjectPage S3Client::list_objects(const std::string& prefix, const std::string& next,
                                          S3Purpose purpose) {
  S3Call call = call_for("listing", "GET", prefix, purpose);
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
                                          const s3_xml::UploadPage& before, S3Purpose purpose) {
  S3Call call = call_for("listing the uploads under", "GET", prefix, purpose);
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

StoreAccess S3Client::access() {
  StoreCredentials keys = options().credentials->get(options().stop);
  return {exchange_.bucket_url(), keys.access_key, keys.secret_key, keys.session_token};
}

}  // namespace sluice
