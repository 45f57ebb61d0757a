#include "object_store/gcs_client.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/encoding.h"
#include "base/error.h"
#include "object_store/retry.h"
#include "object_store/s3_address.h"
#include "object_store/s3_crc32c.h"

namespace sluice {
namespace {

using nlohmann::json;

constexpr const char* kDefaultEndpoint = "https://storage.googleapis.com";
constexpr const char* kJobName = "sluice-job";
constexpr std::chrono::seconds kAbort{30};
constexpr int kAbortAttempts = 2;
constexpr uint64_t kSlowestUpload = 256 * 1024;  // Bytes a second that we wait for.
constexpr int kResumeIncomplete = 308;
constexpr int kClientClosed = 499;  // What Google answers when an upload was cancelled.

/// Whether there is no such upload any more; 412: it ended because another object has the name.
bool has_ended(int status) {
  return status == 404 || status == 410 || status == 412 || status == kClientClosed;
}

std::string text_of(const json& body, const char* name) {
  const auto found = body.is_object() ? body.find(name) : body.end();
  return found != body.end() && found->is_string() ? found->get<std::string>() : std::string();
}

uint64_t number_of(const std::string& text) {
  const bool digits = !text.empty() && text.size() < 20 &&
                      text.find_first_not_of("0123456789") == std::string::npos;
  return digits ? std::stoull(text) : 0;
}

/// The resource of an object: cloud.google.com/storage/docs/json_api/v1/objects#resource.
ObjectInfo info_of(const json& object) {
  ObjectInfo info;
  info.key = text_of(object, "name");
  info.size = number_of(text_of(object, "size"));
  info.etag = text_of(object, "etag");
  if (object.contains("metadata")) info.job_id = text_of(object["metadata"], kJobName);
  if (const std::string crc = text_of(object, "crc32c"); !crc.empty()) info.checksum_crc32c = crc;
  return info;
}

std::string resource(const std::string& key, const GcsObjectOptions& object) {
  json out = {{"name", key}, {"contentType", object.content_type}};
  if (!object.job_id.empty()) out["metadata"] = {{kJobName, object.job_id}};
  if (object.crc32c) out["crc32c"] = crc32c_text(*object.crc32c);
  return out.dump();
}

/// The value of a parameter in the address of an upload.
std::string parameter_of(const std::string& url, const std::string& name) {
  size_t at = url.find('?');
  while (at != std::string::npos) {
    const size_t end = std::min(url.find('&', at + 1), url.size());
    if (url.compare(at + 1, name.size() + 1, name + "=") == 0) {
      const size_t begin = at + name.size() + 2;
      return url.substr(begin, end - begin);
    }
    at = end < url.size() ? end : std::string::npos;
  }
  return {};
}

S3Body body_of(std::string_view bytes) {
  S3Body body;
  body.memory = bytes;
  body.size = bytes.size();
  return body;
}

/// `Range: bytes=0-524287` says what the store has; without the header it has nothing.
uint64_t persisted_of(const HttpResponse& response) {
  const std::string range = response.header("range");
  const size_t dash = range.rfind('-');
  return dash == std::string::npos ? 0 : number_of(range.substr(dash + 1)) + 1;
}

}  // namespace

GcsClient::GcsClient(GcsOptions options, GoogleTokens tokens, HttpClient& http, Clock& clock,
                     Random& random)
    : options_(std::move(options)),
      tokens_(std::move(tokens)),
      http_(http),
      clock_(clock),
      random_(random),
      origin_(
          http_origin(options_.endpoint.empty() ? kDefaultEndpoint : options_.endpoint).origin) {}

std::string GcsClient::name_of(const std::string& key) const {
  return "gs://" + options_.bucket + "/" + key;
}

std::string GcsClient::object_path(const std::string& key) const {
  return "/storage/v1/b/" + percent_encode(options_.bucket) + "/o/" + percent_encode(key);
}

GcsClient::Call GcsClient::call_for(const std::string& doing, const char* method,
                                    const std::string& key, std::string target) const {
  Call call{.doing = doing + " " + name_of(key), .method = method, .target = std::move(target)};
  call.stop = options_.stop;
  return call;
}

GcsClient::Call GcsClient::session_call(const std::string& doing, const char* method,
                                        const std::string& key,
                                        const std::string& upload_id) const {
  return call_for(doing, method, key,
                  "/upload/storage/v1/b/" + percent_encode(options_.bucket) +
                      "/o?uploadType=resumable&upload_id=" + percent_encode(upload_id));
}

GcsClient::Answer GcsClient::judge(HttpResponse response) const {
  const int status = response.status;
  Answer answer{std::move(response)};
  const bool ok = (status >= 200 && status < 300) || status == kResumeIncomplete;
  if (!ok) answer.fault = read_gcs_fault(answer.response);
  return answer;
}

/// With one more try where the token was refused and another can be had.
GcsClient::Answer GcsClient::send_once(const Call& call) {
  HttpRequest request;
  request.method = call.method;
  request.url = origin_ + call.target;
  request.body = call.body.memory;
  request.body_file = call.body.file;
  request.body_offset = call.body.offset;
  request.body_size = call.body.size;
  request.timeout = call.timeout + std::chrono::seconds(call.body.size / kSlowestUpload);
  request.stop = call.stop;
  for (bool again : {true, false}) {
    const Secret token = tokens_.get(call.stop);
    request.headers = call.headers;
    request.headers.push_back({"Authorization", "Bearer " + token.reveal()});
    Answer answer = judge(http_.send(request));
    if (!answer.fault || answer.fault->status != 401 || !again) return answer;
    tokens_.renew(token);
  }
  throw Error(ErrorCode::kInternal, "A call was neither answered nor refused.");
}

GcsClient::Answer GcsClient::send(const Call& call) {
  Retry retry(clock_, random_, call.stop, call.attempts);
  while (true) {
    try {
      Answer answer = send_once(call);
      if (!answer.fault || !may_heal(*answer.fault)) return answer;
      if (!retry.again(std::nullopt, answer.fault->status == 429)) return answer;
    } catch (const Error& error) {
      const bool heals =
          error.code() == ErrorCode::kUnavailable || error.code() == ErrorCode::kTimeout;
      if (!heals || !retry.again()) throw error.within(call.doing);
    }
  }
}

GcsWritten GcsClient::insert(const std::string& key, std::string_view bytes,
                             const GcsObjectOptions& object) {
  Call call = call_for(
      "writing", "POST", key,
      "/upload/storage/v1/b/" + percent_encode(options_.bucket) + "/o?uploadType=multipart");
  if (object.only_if_new) call.target += "&ifGenerationMatch=0";
  const std::string boundary = "sluice-" + random_.hex(16);
  call.headers = {{"Content-Type", "multipart/related; boundary=" + boundary}};
  std::string body = "--" + boundary + "\r\nContent-Type: application/json; charset=UTF-8\r\n\r\n" +
                     resource(key, object) + "\r\n--" + boundary +
                     "\r\nContent-Type: " + object.content_type + "\r\n\r\n";
  body.append(bytes).append("\r\n--" + boundary + "--\r\n");
  call.body = body_of(body);
  const Answer answer = send(call);
  if (!answer.fault) return GcsWritten::kDone;
  if (object.only_if_new && answer.fault->status == 412) return GcsWritten::kNameTaken;
  throw to_error(*answer.fault, call.doing);
}

std::string GcsClient::begin_upload(const std::string& key, const GcsObjectOptions& object) {
  Call call = call_for("beginning an upload of", "POST", key,
                       "/upload/storage/v1/b/" + percent_encode(options_.bucket) +
                           "/o?uploadType=resumable&name=" + percent_encode(key));
  if (object.only_if_new) call.target += "&ifGenerationMatch=0";
  const std::string body = resource(key, object);
  call.headers = {{"Content-Type", "application/json; charset=UTF-8"},
                  {"X-Upload-Content-Type", object.content_type}};
  call.body = body_of(body);
  const Answer answer = send(call);
  if (answer.fault) throw to_error(*answer.fault, call.doing);
  // The id alone is kept: bytes and tokens go to our endpoint, not where an answer points.
  const std::string id = parameter_of(answer.response.header("location"), "upload_id");
  if (id.empty()) {
    throw Error(ErrorCode::kUnavailable, call.doing + ": the answer has no upload's address.",
                "Check that the endpoint speaks the JSON API of Google Cloud Storage.");
  }
  return id;
}

std::optional<GcsProgress> GcsClient::progress(const std::string& key,
                                               const std::string& upload_id) {
  Call call = session_call("asking for the upload of", "PUT", key, upload_id);
  call.headers = {{"Content-Range", "bytes */*"}};
  const Answer answer = send(call);
  if (!answer.fault) {
    if (answer.response.status != kResumeIncomplete) return GcsProgress{true, 0};
    return GcsProgress{false, persisted_of(answer.response)};
  }
  const int status = answer.fault->status;
  if (has_ended(status)) return std::nullopt;
  throw to_error(*answer.fault, call.doing);
}

GcsWritten GcsClient::send_chunk(const std::string& key, const std::string& upload_id,
                                 const S3Body& chunk, uint64_t offset,
                                 std::optional<uint64_t> total) {
  Retry retry(clock_, random_, options_.stop);
  const uint64_t end = offset + chunk.size;
  uint64_t from = offset;
  Call call = session_call("uploading", "PUT", key, upload_id);
  while (true) {
    call.body = chunk;
    call.body.crc32c = std::nullopt;
    call.body.offset += from - offset;
    call.body.size -= from - offset;
    const std::string range =
        call.body.size == 0 ? "*" : std::to_string(from) + "-" + std::to_string(end - 1);
    call.headers = {
        {"Content-Range", "bytes " + range + "/" + (total ? std::to_string(*total) : "*")}};
    std::optional<Error> failure;
    try {
      const Answer answer = send_once(call);
      if (!answer.fault && answer.response.status != kResumeIncomplete) return GcsWritten::kDone;
      if (!answer.fault && !total && persisted_of(answer.response) == end) return GcsWritten::kDone;
      if (answer.fault && answer.fault->status == 412) return GcsWritten::kNameTaken;
      const int status = answer.response.status;
      if (status == 404 || status == 410 || status == kClientClosed) return GcsWritten::kNoUpload;
      if (answer.fault && !may_heal(*answer.fault)) throw to_error(*answer.fault, call.doing);
      failure = answer.fault ? to_error(*answer.fault, call.doing)
                             : Error(ErrorCode::kUnavailable,
                                     call.doing + ": the store took a part of the bytes only.");
    } catch (const Error& error) {
      if (error.code() != ErrorCode::kUnavailable && error.code() != ErrorCode::kTimeout) throw;
      failure = error.within(call.doing);
    }
    if (!retry.again()) throw Error(*failure);
    const std::optional<GcsProgress> there = progress(key, upload_id);
    if (!there) return GcsWritten::kNoUpload;
    if (there->complete) return GcsWritten::kDone;
    if (there->persisted < offset) return GcsWritten::kNoUpload;  // It forgot what it confirmed.
    if (there->persisted >= end && !total) return GcsWritten::kDone;
    from = std::min(there->persisted, end);
  }
}

void GcsClient::abort_upload(const std::string& key, const std::string& upload_id) {
  Call call = session_call("aborting the upload of", "DELETE", key, upload_id);
  call.stop = {};
  call.timeout = kAbort;
  call.attempts = kAbortAttempts;
  const Answer answer = send(call);
  if (!answer.fault) return;
  if (has_ended(answer.fault->status)) return;
  throw to_error(*answer.fault, call.doing);
}

std::optional<ObjectInfo> GcsClient::head(const std::string& key) {
  const Call call = call_for("looking at", "GET", key, object_path(key));
  const Answer answer = send(call);
  if (answer.fault && answer.fault->status == 404) return std::nullopt;
  if (answer.fault) throw to_error(*answer.fault, call.doing);
  const json object = json::parse(answer.response.body, nullptr, false);
  if (!object.is_object() || text_of(object, "size").empty()) {
    throw Error(ErrorCode::kUnavailable, call.doing + ": the answer was cut off.");
  }
  ObjectInfo info = info_of(object);
  info.key = key;
  return info;
}

void GcsClient::remove(const std::string& key) {
  const Call call = call_for("deleting", "DELETE", key, object_path(key));
  const Answer answer = send(call);
  // Google says `forbidden` before it says whether the object is there.
  if (answer.fault && answer.fault->status != 404) throw to_error(*answer.fault, call.doing);
}

std::string GcsClient::read(const std::string& key, uint64_t offset, uint64_t size) {
  if (size == 0) return {};
  Call call = call_for("reading", "GET", key, object_path(key) + "?alt=media");
  call.headers = {
      {"Range", "bytes=" + std::to_string(offset) + "-" + std::to_string(offset + size - 1)}};
  Answer answer = send(call);
  const bool past_the_end = answer.fault && answer.fault->status == 416;
  if (answer.fault && !past_the_end) throw to_error(*answer.fault, call.doing);
  std::string bytes = past_the_end ? std::string() : std::move(answer.response.body);
  if (answer.response.status == 200) bytes = bytes.substr(std::min(offset, bytes.size()), size);
  if (bytes.size() != size) {
    throw Error(ErrorCode::kCorrupt,
                call.doing + ": it ends before byte " + std::to_string(offset + size) +
                    " of those expected.",
                "It was replaced by another object, or cut off.");
  }
  return bytes;
}

GcsPage GcsClient::list(const std::string& prefix, const std::string& next) {
  Call call = call_for(
      "listing", "GET", prefix,
      "/storage/v1/b/" + percent_encode(options_.bucket) + "/o?prefix=" + percent_encode(prefix));
  if (!next.empty()) call.target += "&pageToken=" + percent_encode(next);
  const Answer answer = send(call);
  if (answer.fault) throw to_error(*answer.fault, call.doing);
  const json body = json::parse(answer.response.body, nullptr, false);
  if (!body.is_object()) {
    throw Error(ErrorCode::kUnavailable, call.doing + ": the answer was cut off.");
  }
  GcsPage page;
  page.next = text_of(body, "nextPageToken");
  if (body.contains("items")) {
    for (const json& object : body["items"]) page.objects.push_back(info_of(object));
  }
  return page;
}

}  // namespace sluice
