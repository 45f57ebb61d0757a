#include "object_store/s3_call.h"

#include <utility>

#include "base/encoding.h"
#include "base/error.h"
#include "base/hash.h"
#include "object_store/retry.h"

namespace sluice {
namespace {

constexpr uint64_t kSlowestUpload = 256 * 1024;  // Bytes a second that we wait for.

std::string wire_query(const std::vector<std::pair<std::string, std::string>>& query) {
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

/// An answer to HEAD has no body that could name the reason.
bool may_have_expired(const S3Call& call, const S3Fault& fault, const StoreCredentials& keys) {
  if (has_expired(fault)) return true;
  return call.method == "HEAD" && !keys.session_token.empty() &&
         (fault.status == 400 || fault.status == 403);
}

std::string payload_hash(const S3Call& call) {
  if (call.unsigned_payload) return "UNSIGNED-PAYLOAD";
  if (call.body.size == 0) return hex_encode(sha256(""));
  return sha256_of(call.body);
}

}  // namespace

S3Exchange::S3Exchange(S3Options options, HttpClient& http, Clock& clock, Random& random)
    : options_(std::move(options)),
      http_(http),
      clock_(clock),
      random_(random),
      address_(
          s3_address(options_.endpoint, options_.region, options_.bucket, options_.path_style)) {}

void S3Exchange::fail(const S3Call& call, const S3Fault& fault) const {
  throw to_error(fault, call.doing, options_.region);
}

HttpRequest S3Exchange::signed_request(const S3Call& call, const std::string& hash,
                                       const StoreCredentials& keys) const {
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

  const sigv4::Scope scope{options_.region, "s3", sigv4::amz_date(clock_.now())};
  request.headers = call.headers;
  request.headers.push_back({"Host", address_.host});
  request.headers.push_back({"X-Amz-Date", scope.amz_date});
  request.headers.push_back({"X-Amz-Content-Sha256", hash});
  if (!keys.session_token.empty()) {
    request.headers.push_back({"X-Amz-Security-Token", keys.session_token.reveal()});
  }
  const sigv4::Request to_sign{call.method, path, query, request.headers, hash};
  request.headers.push_back(
      {"Authorization", sigv4::authorization(to_sign, keys, scope, sigv4::PathMode::kS3)});
  return request;
}

S3Answer S3Exchange::judge(const S3Call& call, HttpResponse response) const {
  S3Answer answer{std::move(response), std::nullopt};
  const int status = answer.response.status;
  const bool success = status >= 200 && status < 300;
  if (!success || (call.whole && !call.whole(answer.response))) {
    answer.fault = read_fault(answer.response);
  } else if (call.same_bytes && !call.same_bytes(answer.response)) {
    answer.fault = S3Fault{.status = status,
                           .code = kOtherBytes,
                           .message = "the store answered with the checksum of other bytes"};
  }
  return answer;
}

StoreCredentials S3Exchange::keys_for(const S3Call& call) const {
  try {
    return options_.credentials->get(call.stop);
  } catch (const Error& error) {
    throw error.within(call.doing);
  }
}

S3Answer S3Exchange::send(const S3Call& call) const {
  const std::string hash = payload_hash(call);
  Retry retry(clock_, random_, call.stop, call.attempts);
  bool renewed = false;
  while (true) {
    const StoreCredentials keys = keys_for(call);
    try {
      S3Answer answer = judge(call, http_.send(signed_request(call, hash, keys)));
      if (!answer.fault) return answer;
      if (may_have_expired(call, *answer.fault, keys) && !std::exchange(renewed, true) &&
          options_.credentials->renew(keys)) {
        continue;
      }
      const bool unclear = call.report_unclear && answer.fault->code == kIncompleteAnswer;
      if (unclear || !may_heal(*answer.fault)) return answer;
      const bool throttled = call.patient && is_throttled(*answer.fault);
      if (!retry.again(asked_wait(answer.response), throttled)) return answer;
    } catch (const Error& error) {
      const bool heals =
          error.code() == ErrorCode::kUnavailable || error.code() == ErrorCode::kTimeout;
      if (!heals || !retry.again()) throw error.within(call.doing);
    }
  }
}

}  // namespace sluice
