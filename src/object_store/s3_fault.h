#pragma once

#include <optional>
#include <string>

#include "base/error.h"
#include "net/http_client.h"

namespace sluice {

/// What an S3 store answered instead of a success. Amazon S3 API Reference, "Error responses".
struct S3Fault {
  int status = 0;
  std::string code = {};     ///< `NoSuchBucket`...; empty where the answer named none (HEAD).
  std::string message = {};  ///< The store's own sentence, one line, bounded.
  std::string region = {};   ///< Where the bucket is, if the answer says so.
  std::string date = {};     ///< The store's clock, as its `Date` header says it.
};

/// The code we give an answer that is a success by status but lacks what it must hold.
inline constexpr const char* kIncompleteAnswer = "IncompleteAnswer";
/// The code we give a success whose checksum is not that of the bytes that were sent.
inline constexpr const char* kOtherBytes = "OtherBytes";

/// Reads an answer of any status but a plain success.
S3Fault read_fault(const HttpResponse& response);

/// Whether the same call may succeed later: throttled, or the store's own trouble.
bool may_heal(const S3Fault& fault);

/// Whether the store asks for fewer calls.
bool is_throttled(const S3Fault& fault);

/// Whether the bucket is in another region than the one asked or signed for.
bool is_elsewhere(const S3Fault& fault);

/// Whether the keys were good once and are not any more.
bool has_expired(const S3Fault& fault);

/// `doing` as in "to write s3://bucket/key". `here` is the region we signed for.
Error to_error(const S3Fault& fault, const std::string& doing, const std::string& here);

}  // namespace sluice
