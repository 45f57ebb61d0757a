#include "object_store/s3_fault.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "object_store/fault_text.h"
#include "object_store/s3_xml.h"

namespace sluice {
namespace {

struct Meaning {
  std::string_view code;
  ErrorCode error;
  std::string_view hint;
};

/// What a provider's code means to us; codes that are not here go by the status.
constexpr std::array kMeanings = {
    Meaning{"InvalidAccessKeyId", ErrorCode::kUnauthenticated,
            "Check the access key id of the connection."},
    Meaning{"SignatureDoesNotMatch", ErrorCode::kUnauthenticated,
            "Check the secret access key of the connection."},
    Meaning{"ExpiredToken", ErrorCode::kUnauthenticated,
            "The temporary credentials have expired: give new ones."},
    Meaning{"TokenRefreshRequired", ErrorCode::kUnauthenticated,
            "The temporary credentials have expired: give new ones."},
    Meaning{"InvalidToken", ErrorCode::kUnauthenticated,
            "Check the session token of the connection."},
    Meaning{"InvalidSecurity", ErrorCode::kUnauthenticated, "Check the keys of the connection."},
    Meaning{"NotSignedUp", ErrorCode::kUnauthenticated, "Check the account of the access key."},
    Meaning{"AccessDenied", ErrorCode::kForbidden,
            "Check that the keys may list the bucket, put objects and abort multipart uploads."},
    Meaning{"AllAccessDisabled", ErrorCode::kForbidden, "Check the bucket's policy."},
    Meaning{"AccountProblem", ErrorCode::kForbidden, "Check the account with the provider."},
    Meaning{"QuotaExceeded", ErrorCode::kForbidden, "The bucket's quota is used up."},
    Meaning{"NoSuchBucket", ErrorCode::kNotFound,
            "Check the bucket's name in the path, and the endpoint."},
    Meaning{"NoSuchUpload", ErrorCode::kConflict,
            "The upload was aborted by someone else, perhaps by a lifecycle rule of the bucket."},
    Meaning{"InvalidBucketName", ErrorCode::kInvalid, "Check the bucket's name in the path."},
    Meaning{"KeyTooLongError", ErrorCode::kInvalid, "Shorten the path or the file template."},
    Meaning{"EntityTooLarge", ErrorCode::kTooLarge, "Write smaller files."},
    Meaning{kOtherBytes, ErrorCode::kCorrupt,
            "Run it again; if it repeats, the store or the network changes data."},
    Meaning{"BadDigest", ErrorCode::kCorrupt,
            "The bytes changed on their way to the store: run it again."},
    Meaning{"XAmzContentSHA256Mismatch", ErrorCode::kCorrupt,
            "The bytes changed on their way to the store: run it again."},
    Meaning{"InvalidPart", ErrorCode::kCorrupt,
            "The store does not have a part it confirmed: run it again; if it repeats, check the "
            "store."},
    Meaning{"PreconditionFailed", ErrorCode::kConflict, "Another object has this name."},
    Meaning{"ConditionalRequestConflict", ErrorCode::kConflict,
            "Another writer changes the same name at this moment: run it again."},
    Meaning{"OperationAborted", ErrorCode::kUnavailable, "Try again later."},
};

ErrorCode by_status(int status) {
  if (status == 401) return ErrorCode::kUnauthenticated;
  if (status == 403) return ErrorCode::kForbidden;
  if (status == 404) return ErrorCode::kNotFound;
  if (status == 408) return ErrorCode::kTimeout;
  if (status == 409 || status == 412) return ErrorCode::kConflict;
  if (status == 413) return ErrorCode::kTooLarge;
  if (status == 501) return ErrorCode::kInvalid;
  if (status == 429 || status >= 500 || status < 300) return ErrorCode::kUnavailable;
  return ErrorCode::kInvalid;
}

/// The region in a host name of AWS (Amazon S3 User Guide, "Virtual hosting"): the label before
/// amazonaws.com, `s3-REGION` in old names. Empty for other hosts.
std::string region_of_host(std::string_view host) {
  const size_t domain = host.find(".amazonaws.com");
  if (domain == std::string_view::npos) return {};
  host = host.substr(0, domain);
  const size_t dot = host.rfind('.');
  std::string_view label = dot == std::string_view::npos ? host : host.substr(dot + 1);
  if (label.starts_with("s3-")) label.remove_prefix(3);
  return label == "s3" ? std::string() : std::string(label);
}

}  // namespace

S3Fault read_fault(const HttpResponse& response) {
  S3Fault fault;
  fault.status = response.status;
  fault.region = response.header("x-amz-bucket-region");
  fault.date = response.header("date");
  if (const std::optional<s3_xml::ErrorBody> body = s3_xml::read_error(response.body)) {
    fault.code = one_line(body->code);
    fault.message = one_line(body->message);
    if (fault.region.empty()) fault.region = one_line(body->region);
    if (fault.region.empty()) fault.region = region_of_host(one_line(body->endpoint));
  } else if (response.status >= 200 && response.status < 300) {
    fault.code = kIncompleteAnswer;
    fault.message = "the answer was cut off or lacked what it must hold";
  }
  if (fault.region.empty()) fault.region = region_of_host(response.header("location"));
  return fault;
}

bool is_elsewhere(const S3Fault& fault) {
  // An answer to HEAD names no code.
  if (fault.status == 400 && fault.code.empty()) return !fault.region.empty();
  return fault.status == 301 || fault.status == 307 || fault.status == 308 ||
         fault.code == "AuthorizationHeaderMalformed" || fault.code == "PermanentRedirect" ||
         fault.code == "IllegalLocationConstraintException";
}

bool may_heal(const S3Fault& fault) {
  if (fault.status == 501 || fault.code == "NotImplemented") return false;
  if (fault.status == 408 || fault.status == 425 || fault.status == 429 || fault.status >= 500) {
    return true;
  }
  // With 200 the error stands in the body and the status says nothing.
  // Bytes that changed on their way may arrive unchanged the next time.
  static constexpr std::array<std::string_view, 13> kHealing = {"SlowDown",
                                                                "RequestTimeout",
                                                                "InternalError",
                                                                "ServiceUnavailable",
                                                                "Throttling",
                                                                "RequestLimitExceeded",
                                                                "TooManyRequests",
                                                                "BandwidthLimitExceeded",
                                                                "OperationAborted",
                                                                kIncompleteAnswer,
                                                                kOtherBytes,
                                                                "BadDigest",
                                                                "XAmzContentSHA256Mismatch"};
  return std::find(kHealing.begin(), kHealing.end(), fault.code) != kHealing.end();
}

bool is_throttled(const S3Fault& fault) {
  if (fault.status == 429) return true;
  static constexpr std::array<std::string_view, 5> kThrottling = {
      "SlowDown", "Throttling", "RequestLimitExceeded", "TooManyRequests",
      "BandwidthLimitExceeded"};
  return std::find(kThrottling.begin(), kThrottling.end(), fault.code) != kThrottling.end();
}

bool has_expired(const S3Fault& fault) {
  return fault.code == "ExpiredToken" || fault.code == "TokenRefreshRequired";
}

Error to_error(const S3Fault& fault, const std::string& doing, const std::string& here) {
  std::string text = "The store refused " + doing + ": ";
  text += fault.code.empty() ? "HTTP " + std::to_string(fault.status) : fault.code;
  if (!fault.message.empty()) text += ", " + fault.message;
  if (!text.ends_with('.')) text += '.';
  if (is_elsewhere(fault)) {
    if (fault.region.empty()) {
      return {ErrorCode::kInvalid, text, "Check the region (" + here + ") and the endpoint."};
    }
    return {ErrorCode::kInvalid, text,
            "The bucket is in region " + fault.region + ", not in " + here +
                ": change the connection's region."};
  }
  if (fault.code == "RequestTimeTooSkewed") {
    return {ErrorCode::kUnauthenticated, text,
            "The clock of this machine is wrong; the store says it is " +
                (fault.date.empty() ? std::string("another time") : fault.date) + "."};
  }
  for (const Meaning& meaning : kMeanings) {
    if (meaning.code == fault.code) return {meaning.error, text, std::string(meaning.hint)};
  }
  const ErrorCode code = may_heal(fault) ? ErrorCode::kUnavailable : by_status(fault.status);
  std::string hint;
  if (code == ErrorCode::kForbidden || code == ErrorCode::kUnauthenticated) {
    hint = "Check the connection's keys and what they may do in this bucket.";
  } else if (code == ErrorCode::kUnavailable) {
    hint = "The store has trouble or throttles: try again later.";
  }
  return {code, text, hint};
}

}  // namespace sluice
