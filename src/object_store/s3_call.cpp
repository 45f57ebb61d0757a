#include "object_store/s3_call.h"

#include <utility>

#include "base/encoding.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/http_date.h"
#include "base/log.h"
#include "domain/region.h"
#include "object_store/retry.h"

namespace sluice {
namespace {

/// S3 takes a request up to fifteen minutes off.
constexpr std::chrono::minutes kTolerableSkew{10};
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
      tls_(s3_address(options_.endpoint, options_.region, options_.bucket, options_.path_style)
               .origin.starts_with("https://")),
      place_{options_.region,
             s3_address(options_.endpoint, options_.region, options_.bucket, options_.path_style)} {
}

void S3Exchange::fail(const S3Call& call, const S3Fault& fault) const {
  throw to_error(fault, call.doing, place().region);
}

HttpRequest S3Exchange::signed_request(const S3Call& call, const std::string& hash,
                                       const StoreCredentials& keys, const Place& place) const {
  HttpRequest request;
  std::string path = place.address.bucket_path;
  if (call.key) path += "/" + percent_encode_path(*call.key);
  if (path.empty()) path = "/";
  const std::string query = wire_query(call.query);
  request.method = call.method;
  request.url = place.address.origin + path + (query.empty() ? "" : "?" + query);
  request.body = call.body.memory;
  request.body_file = call.body.file;
  request.body_offset = call.body.offset;
  request.body_size = call.body.size;
  request.timeout = call.timeout + std::chrono::seconds(call.body.size / kSlowestUpload);
  request.stalled = call.stalled;
  request.stop = call.stop;

  const sigv4::Scope scope{place.region, "s3", sigv4::amz_date(store_time())};
  request.headers = call.headers;
  request.headers.push_back({"Host", place.address.host});
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

S3Exchange::Place S3Exchange::place() const {
  std::scoped_lock lock(mutex_);
  return place_;
}

std::string S3Exchange::bucket_url() const {
  const S3Address address = place().address;
  return address.origin + address.bucket_path;
}

/// Whether the fault says where the bucket is, and that is not where we tried. Only the region is
/// taken from the answer: it must not lead our requests to another host than the endpoint's or
/// AWS's.
bool S3Exchange::move(const S3Fault& fault, const Place& tried) const {
  if (!is_elsewhere(fault) || fault.region.empty() || fault.region == tried.region) return false;
  try {
    check_region(fault.region);
  } catch (const Error&) {
    return false;
  }
  std::string endpoint = options_.endpoint;
  const size_t named = endpoint.find(tried.region);
  if (endpoint.find(".amazonaws.com") != std::string::npos && named != std::string::npos) {
    endpoint.replace(named, tried.region.size(), fault.region);
  }
  log_info("The bucket " + options_.bucket + " is in region " + fault.region + ", not in " +
           tried.region + ": asking there from now on.");
  std::scoped_lock lock(mutex_);
  place_ = {fault.region, s3_address(endpoint, fault.region, options_.bucket, options_.path_style)};
  return true;
}

/// Whether the store's answer says that our clock is wrong, and what it should say.
bool S3Exchange::correct_clock(const S3Call& call, const S3Answer& answer) const {
  const bool unnamed = call.method == "HEAD" && answer.fault->status == 403;
  if (answer.fault->code != "RequestTimeTooSkewed" && !unnamed) return false;
  const std::optional<Timestamp> theirs = parse_http_date(answer.fault->date);
  if (!theirs) return false;
  const std::chrono::microseconds ahead = *theirs - clock_.now();
  if (unnamed && std::chrono::abs(ahead - ahead_.load()) < kTolerableSkew) return false;
  log_warn("The store's clock and that of this machine differ by " +
           std::to_string(std::chrono::duration_cast<std::chrono::seconds>(ahead).count()) +
           " s: signing with the store's time.");
  ahead_ = ahead;
  return true;
}

S3Answer S3Exchange::send(const S3Call& call) const {
  const std::string hash = payload_hash(call);
  Retry retry(clock_, random_, call.stop, call.attempts);
  bool renewed = false;
  bool moved = false;
  bool corrected = false;
  while (true) {
    const StoreCredentials keys = keys_for(call);
    const Place here = place();
    try {
      S3Answer answer = judge(call, http_.send(signed_request(call, hash, keys, here)));
      if (!answer.fault) return answer;
      // Each of these is put right once a call, without waiting.
      if (!moved && (moved = move(*answer.fault, here))) continue;
      if (!corrected && (corrected = correct_clock(call, answer))) continue;
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
