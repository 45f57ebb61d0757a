#pragma once

#include <atomic>
#include <optional>
#include <string>

#include "net/http_client.h"
#include "object_store/object_store.h"
#include "object_store/provider_profile.h"
#include "object_store/s3_body.h"
#include "object_store/s3_call.h"
#include "object_store/s3_fault.h"
#include "object_store/s3_xml.h"

namespace sluice {

/// Which checksums one store is sent, and whether its answers are about our bytes. Learns from the
/// store: one that refuses the header is not sent it again, one that gives our checksum back is
/// trusted with it. Thread-safe.
class S3Checksums {
 public:
  /// `exchange` must outlive it.
  explicit S3Checksums(const S3Exchange& exchange);

  /// Sends a call with `header` (one about checksums) where the store may take it. If the store
  /// refuses just that, the call is sent without it, and so is every later one.
  struct Sent {
    S3Answer answer;
    bool with_header = false;
  };
  Sent send(const S3Call& call, const HttpHeader& header);

  /// `send` for a call with a body: its CRC-32C is the header, where it has one; what the answer
  /// says of the bytes is compared, as far as it says anything: the CRC-32C, else the MD5.
  Sent send_body(S3Call call);

  /// Whether what an answer says of a copy agrees with what is known of its source.
  static bool agrees(const ObjectInfo& source, const s3_xml::Copied& copy, const std::string& md5);

  /// The MD5 that the ETag of an answer is, in lower case; empty where it is none.
  std::string md5_in(const HttpResponse& response, const std::string& etag) const;
  /// The CRC-32C that an answer gives, as text; empty if it gives none.
  static std::string in_answer(const HttpResponse& response);

 private:
  enum class State { kUnknown, kTaken, kRefused };

  bool agrees(const S3Body& body, const HttpResponse& response);

  const S3Exchange& exchange_;
  std::atomic<State> state_;
};

}  // namespace sluice
