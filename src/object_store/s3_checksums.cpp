#include "object_store/s3_checksums.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "base/encoding.h"
#include "base/log.h"
#include "object_store/s3_crc32c.h"

namespace sluice {
namespace {

constexpr const char* kHeader = "x-amz-checksum-crc32c";

/// Whether the fault may be about a checksum header: its codes differ from store to store, most
/// name the header, an answer to HEAD can't.
bool may_refuse_header(const S3Call& call, const S3Fault& fault) {
  if (fault.status == 501 || fault.code == "NotImplemented") return true;
  if (fault.status != 400) return false;
  if (call.method == "HEAD") return true;
  static constexpr std::array<std::string_view, 3> kCodes = {"InvalidArgument", "InvalidRequest",
                                                             "BadRequest"};
  if (std::find(kCodes.begin(), kCodes.end(), fault.code) == kCodes.end()) return false;
  const std::string message = ascii_lower(fault.message);
  return message.find("checksum") != std::string::npos ||
         message.find("crc32c") != std::string::npos;
}

bool looks_like_md5(const std::string& etag) { return etag.size() == 32 && hex_decode(etag); }

/// Amazon S3 API Reference, "Object": the ETag is no MD5 under SSE-KMS and SSE-C.
bool is_encrypted(const HttpResponse& response) {
  return response.header("x-amz-server-side-encryption").starts_with("aws:kms") ||
         !response.header("x-amz-server-side-encryption-customer-algorithm").empty();
}

}  // namespace

S3Checksums::S3Checksums(const S3Exchange& exchange) : exchange_(exchange) {
  switch (exchange.options().profile.crc32c) {
    case ChecksumSupport::kNo:
      state_ = State::kRefused;
      break;
    case ChecksumSupport::kTry:
      state_ = State::kUnknown;
      break;
    case ChecksumSupport::kYes:
      state_ = State::kTaken;
      break;
  }
}

S3Checksums::Sent S3Checksums::send(const S3Call& call, const HttpHeader& header) {
  if (state_ == State::kRefused) return {exchange_.send(call), false};
  S3Call with = call;
  with.headers.push_back(header);
  // TLS guards the bytes on their way and the checksum at their end: a SHA-256 would cost seven
  // times as much and find nothing more. Only where the store is known to check it.
  with.unsigned_payload = exchange_.tls() && call.body.crc32c && state_ == State::kTaken;
  S3Answer answer = exchange_.send(with);
  if (!answer.fault || !may_refuse_header(call, *answer.fault)) return {std::move(answer), true};
  S3Answer without = exchange_.send(call);
  const bool same = without.fault && without.fault->status == answer.fault->status &&
                    without.fault->code == answer.fault->code;
  if (!same && state_.exchange(State::kRefused) != State::kRefused) {
    log_info("The store " + exchange_.options().endpoint + " refuses " + header.name +
             "; it is not sent again.");
  }
  return {std::move(without), false};
}

S3Checksums::Sent S3Checksums::send_body(S3Call call) {
  // The body outlives the call: `send` returns when the last attempt has ended.
  const S3Body body = call.body;
  call.same_bytes = [&](const HttpResponse& response) { return agrees(body, response); };
  if (!body.crc32c) return {exchange_.send(call), false};
  return send(call, {kHeader, crc32c_text(*body.crc32c)});
}

bool S3Checksums::agrees(const S3Body& body, const HttpResponse& response) {
  const std::string given = in_answer(response);
  if (!given.empty() && body.crc32c) {
    if (given != crc32c_text(*body.crc32c)) return false;
    State unknown = State::kUnknown;
    if (!response.header(kHeader).empty()) state_.compare_exchange_strong(unknown, State::kTaken);
    return true;
  }
  const std::string md5 = md5_in(response, s3_xml::bare_etag(response.header("etag")));
  return md5.empty() || md5 == md5_of(body);
}

bool S3Checksums::agrees(const ObjectInfo& source, const s3_xml::Copied& copy,
                         const std::string& md5) {
  // A checksum of checksums of parts says nothing of a copy in one piece.
  const auto is_whole = [](const std::string& crc) {
    return !crc.empty() && crc.find('-') == std::string::npos;
  };
  const std::string crc = source.checksum_crc32c.value_or("");
  if (is_whole(crc) && is_whole(copy.crc32c)) return crc == copy.crc32c;
  return source.md5.empty() || md5.empty() || source.md5 == md5;
}

std::string S3Checksums::md5_in(const HttpResponse& response, const std::string& etag) const {
  const bool is_md5 =
      exchange_.options().profile.etag_is_md5 && looks_like_md5(etag) && !is_encrypted(response);
  return is_md5 ? ascii_lower(etag) : "";
}

std::string S3Checksums::in_answer(const HttpResponse& response) {
  std::string given = response.header(kHeader);
  if (!given.empty()) return given;
  // Google Cloud Storage, "XML API headers", x-goog-hash: `crc32c=n03x6A==`, in a header of its own
  // or before `,md5=...`.
  for (const HttpHeader& header : response.headers) {
    if (ascii_lower(header.name) != "x-goog-hash") continue;
    const size_t at = header.value.find("crc32c=");
    if (at == std::string::npos) continue;
    const size_t begin = at + std::string_view("crc32c=").size();
    return header.value.substr(begin, header.value.find(',', begin) - begin);
  }
  return {};
}

}  // namespace sluice
