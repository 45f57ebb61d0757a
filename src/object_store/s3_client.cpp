#include "object_store/s3_client.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <functional>
#include <utility>

#include "base/encoding.h"
#include "base/error.h"
#include "base/hash.h"
#include "object_store/file_error.h"
#include "object_store/retry.h"

namespace sluice {
namespace {

constexpr std::chrono::seconds kExchange{300};
/// Aborts happen while something else is already failing: they must not hold it up for long.
constexpr std::chrono::seconds kAbort{30};
constexpr int kAbortAttempts = 2;
/// Assembling thousands of parts can take minutes, during which S3 sends next to nothing.
constexpr std::chrono::seconds kCompleteSilence{120};
constexpr uint64_t kSlowestUpload = 256 * 1024;  // Bytes a second that we wait for.
constexpr const char* kJobHeader = "x-amz-meta-sluice-job";

using Query = std::vector<std::pair<std::string, std::string>>;

std::string wire_query(const Query& query) {
  std::string out;
  for (const auto& [name, value] : query) {
    if (!out.empty()) out += '&';
    out += percent_encode(name);
    if (!value.empty()) out += "=" + percent_encode(value);
  }
  return out;
}

std::optional<std::chrono::seconds> asked_wait(const HttpResponse& response) {
  const std::string text = response.header("retry-after");
  if (text.empty() || text.size() > 4) return std::nullopt;
  if (text.find_first_not_of("0123456789") != std::string::npos) return std::nullopt;
  return std::chrono::seconds(std::stoi(text));
}

/// The MD5 of a request's body. Mapped, because a late part of a huge object is gigabytes.
std::string body_md5(const S3Body& body) {
  if (body.file.empty()) return hex_encode(md5(body.memory));
  if (body.size == 0) return hex_encode(md5(""));
  const auto page = static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
  const uint64_t start = body.offset / page * page;
  const uint64_t skip = body.offset - start;
  const int fd = open(body.file.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) throw file_error(errno, "reading", body.file);
  const size_t length = static_cast<size_t>(body.size + skip);
  void* mapped = mmap(nullptr, length, PROT_READ, MAP_PRIVATE, fd, static_cast<off_t>(start));
  const int code = errno;
  close(fd);
  if (mapped == MAP_FAILED) throw file_error(code, "reading", body.file);
  const std::string_view bytes(static_cast<const char*>(mapped) + skip,
                               static_cast<size_t>(body.size));
  std::string digest = hex_encode(md5(bytes));
  munmap(mapped, length);
  return digest;
}

bool looks_like_md5(const std::string& etag) { return etag.size() == 32 && hex_decode(etag); }

std::vector<HttpHeader> object_headers(const S3ObjectOptions& object) {
  std::vector<HttpHeader> headers{{"Content-Type", object.content_type}};
  if (!object.job_id.empty()) headers.push_back({kJobHeader, object.job_id});
  return headers;
}

}  // namespace

struct S3Client::Call {
  std::string doing;  ///< For messages: "writing s3://bucket/key".
  std::string method;
  std::optional<std::string> key;  ///< None: the call is about the bucket.
  Query query = {};
  std::vector<HttpHeader> headers = {};
  S3Body body = {};
  std::stop_token stop = {};
  std::chrono::seconds timeout = kExchange;
  std::chrono::seconds stalled = limits::kStalledTransfer;
  int attempts = limits::kStoreAttempts;
  /// Whether a 2xx answer holds what it must.
  std::function<bool(const HttpResponse&)> whole = nullptr;
  /// Hand a success without a whole answer to the caller instead of repeating the call.
  bool report_unclear = false;
};

struct S3Client::Answer {
  HttpResponse response;
  std::optional<S3Fault> fault;
};

S3Client::S3Client(S3Options options, HttpClient& http, Clock& clock, Random& random)
    : options_(std::move(options)),
      http_(http),
      clock_(clock),
      random_(random),
      address_(
          s3_address(options_.endpoint, options_.region, options_.bucket, options_.path_style)) {}

std::string S3Client::name_of(const std::string& key) const {
  return "s3://" + options_.bucket + "/" + key;
}

void S3Client::fail(const Call& call, const S3Fault& fault) const {
  throw to_error(fault, call.doing, options_.region);
}

HttpRequest S3Client::signed_request(const Call& call) const {
  HttpRequest request;
  std::string path = address_.bucket_path;
  if (call.key) path += "/" + percent_encode_path(*call.key);
  if (path.empty()) path = "/";
  const std::string query = wire_query(call.query);
  request.method = call.method;
  request.url = address_.origin + path + (query.empty() ? "" : "?" + query);
  request.body = call.body.memory;
  request.body_file = call.body.file;
  request.body_offset = call.body.offset;
  request.body_size = call.body.size;
  request.timeout = call.timeout + std::chrono::seconds(call.body.size / kSlowestUpload);
  request.stalled = call.stalled;
  request.stop = call.stop;

  sigv4::Scope scope{options_.region, "s3", sigv4::amz_date(clock_.now())};
  const std::string hash = call.body.sha256.empty() ? hex_encode(sha256("")) : call.body.sha256;
  request.headers = call.headers;
  request.headers.push_back({"Host", address_.host});
  request.headers.push_back({"X-Amz-Date", scope.amz_date});
  request.headers.push_back({"X-Amz-Content-Sha256", hash});
  if (!options_.credentials.session_token.empty()) {
    request.headers.push_back(
        {"X-Amz-Security-Token", options_.credentials.session_token.reveal()});
  }
  const sigv4::Request to_sign{call.method, path, query, request.headers, hash};
  request.headers.push_back({"Authorization", sigv4::authorization(to_sign, options_.credentials,
                                                                   scope, sigv4::PathMode::kS3)});
  return request;
}

S3Client::Answer S3Client::exchange(const Call& call) {
  Retry retry(clock_, random_, call.stop, call.attempts);
  while (true) {
    try {
      Answer answer{http_.send(signed_request(call)), std::nullopt};
      const int status = answer.response.status;
      const bool success = status >= 200 && status < 300;
      if (success && (!call.whole || call.whole(answer.response))) return answer;
      answer.fault = read_fault(answer.response);
      const bool unclear = call.report_unclear && answer.fault->code == kIncompleteAnswer;
      if (unclear || !may_heal(*answer.fault)) return answer;
      if (!retry.again(asked_wait(answer.response))) return answer;
    } catch (const Error& error) {
      const bool heals =
          error.code() == ErrorCode::kUnavailable || error.code() == ErrorCode::kTimeout;
      if (!heals || !retry.again()) throw error.within(call.doing);
    }
  }
}

S3Written S3Client::put_object(const std::string& key, const S3Body& body,
                               const S3ObjectOptions& object) {
  Call call{.doing = "writing " + name_of(key), .method = "PUT", .key = key};
  call.headers = object_headers(object);
  if (object.only_if_new) call.headers.push_back({"If-None-Match", "*"});
  call.body = body;
  call.stop = options_.stop;
  const Answer answer = exchange(call);
  if (!answer.fault) return S3Written::kDone;
  const S3Fault& fault = *answer.fault;
  if (object.only_if_new && (fault.status == 412 || fault.code == "ConditionalRequestConflict")) {
    return S3Written::kNameTaken;
  }
  if (object.only_if_new && fault.status == 501) return S3Written::kUnsupported;
  fail(call, fault);
}

std::string S3Client::create_upload(const std::string& key, const S3ObjectOptions& object) {
  Call call{.doing = "beginning an upload of " + name_of(key), .method = "POST", .key = key};
  call.query = {{"uploads", ""}};
  call.headers = object_headers(object);
  call.stop = options_.stop;
  call.whole = [](const HttpResponse& response) {
    return s3_xml::read_upload_id(response.body).has_value();
  };
  const Answer answer = exchange(call);
  if (answer.fault) fail(call, *answer.fault);
  return s3_xml::read_upload_id(answer.response.body).value();
}

std::string S3Client::upload_part(const std::string& key, const std::string& upload_id, int number,
                                  const S3Body& body) {
  Call call{.doing = "uploading part " + std::to_string(number) + " of " + name_of(key),
            .method = "PUT",
            .key = key};
  call.query = {{"partNumber", std::to_string(number)}, {"uploadId", upload_id}};
  call.body = body;
  call.stop = options_.stop;
  call.whole = [](const HttpResponse& response) { return !response.header("etag").empty(); };
  const Answer answer = exchange(call);
  if (answer.fault) fail(call, *answer.fault);
  std::string etag = s3_xml::bare_etag(answer.response.header("etag"));
  check_part(call, answer.response, etag);
  return etag;
}

void S3Client::check_part(const Call& call, const HttpResponse& response,
                          const std::string& etag) const {
  // Amazon S3 API Reference, "Object": the ETag is no MD5 under SSE-KMS and SSE-C.
  const bool is_md5 = options_.etag_is_md5 && looks_like_md5(etag) &&
                      !response.header("x-amz-server-side-encryption").starts_with("aws:kms") &&
                      response.header("x-amz-server-side-encryption-customer-algorithm").empty();
  if (!is_md5 || ascii_lower(etag) == body_md5(call.body)) return;
  throw Error(ErrorCode::kCorrupt,
              call.doing + ": the store answered with the checksum of other bytes.",
              "Run it again; if it repeats, the store or the network changes data.");
}

S3Written S3Client::complete_upload(const std::string& key, const std::string& upload_id,
                                    const std::vector<s3_xml::Part>& parts, bool only_if_new) {
  const std::string xml = s3_xml::write_complete(parts);
  Call call{.doing = "completing the upload of " + name_of(key), .method = "POST", .key = key};
  call.query = {{"uploadId", upload_id}};
  call.headers = {{"Content-Type", "application/xml"}};
  if (only_if_new) call.headers.push_back({"If-None-Match", "*"});
  call.body.memory = xml;
  call.body.size = xml.size();
  call.body.sha256 = hex_encode(sha256(xml));
  call.stop = options_.stop;
  call.stalled = kCompleteSilence;
  call.report_unclear = true;
  call.whole = [](const HttpResponse& response) {
    return s3_xml::read_complete(response.body).has_value();
  };
  const Answer answer = exchange(call);
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
  fail(call, fault);
}

void S3Client::abort_upload(const std::string& key, const std::string& upload_id) {
  Call call{.doing = "aborting the upload of " + name_of(key), .method = "DELETE", .key = key};
  call.query = {{"uploadId", upload_id}};
  call.timeout = kAbort;
  call.attempts = kAbortAttempts;
  const Answer answer = exchange(call);
  if (answer.fault && answer.fault->status != 404) fail(call, *answer.fault);
}

std::optional<ObjectInfo> S3Client::head_object(const std::string& key) {
  Call call{.doing = "looking at " + name_of(key), .method = "HEAD", .key = key};
  call.stop = options_.stop;
  call.whole = [](const HttpResponse& response) {
    const std::string length = response.header("content-length");
    return !length.empty() && length.size() < 20 &&
           length.find_first_not_of("0123456789") == std::string::npos;
  };
  const Answer answer = exchange(call);
  if (answer.fault) {
    if (answer.fault->status == 404) return std::nullopt;
    fail(call, *answer.fault);
  }
  ObjectInfo info;
  info.key = key;
  info.size = std::stoull(answer.response.header("content-length"));
  info.etag = s3_xml::bare_etag(answer.response.header("etag"));
  info.job_id = answer.response.header(kJobHeader);
  return info;
}

s3_xml::ObjectPage S3Client::list_objects(const std::string& prefix, const std::string& next) {
  Call call{.doing = "listing " + name_of(prefix), .method = "GET", .key = std::nullopt};
  call.query = {{"encoding-type", "url"}, {"list-type", "2"}, {"prefix", prefix}};
  if (!next.empty()) call.query.emplace_back("continuation-token", next);
  call.stop = options_.stop;
  call.whole = [](const HttpResponse& response) {
    return s3_xml::read_objects(response.body).has_value();
  };
  const Answer answer = exchange(call);
  if (answer.fault) fail(call, *answer.fault);
  return s3_xml::read_objects(answer.response.body).value();
}

s3_xml::UploadPage S3Client::list_uploads(const std::string& prefix,
                                          const s3_xml::UploadPage& before) {
  Call call{.doing = "listing the uploads under " + name_of(prefix),
            .method = "GET",
            .key = std::nullopt};
  call.query = {{"encoding-type", "url"}, {"prefix", prefix}, {"uploads", ""}};
  if (before.more) {
    call.query.emplace_back("key-marker", before.next_key);
    call.query.emplace_back("upload-id-marker", before.next_upload_id);
  }
  call.stop = options_.stop;
  call.whole = [](const HttpResponse& response) {
    return s3_xml::read_uploads(response.body).has_value();
  };
  const Answer answer = exchange(call);
  if (answer.fault) fail(call, *answer.fault);
  return s3_xml::read_uploads(answer.response.body).value();
}

}  // namespace sluice
