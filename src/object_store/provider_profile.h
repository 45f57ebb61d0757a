#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace sluice {

/// Whether a store takes CRC-32C checksums (`x-amz-checksum-crc32c` on PutObject and UploadPart,
/// `x-amz-checksum-algorithm` on CreateMultipartUpload) and gives them back.
enum class ChecksumSupport {
  kNo,   ///< It refuses the header, or knows it not.
  kTry,  ///< Some versions do: it is sent until the store refuses it.
  kYes,
};

/// What differs between the stores that speak the S3 API; the table with its sources stands in
/// provider_profile.cpp.
struct ProviderProfile {
  std::string_view name;
  bool path_style;            ///< Bucket in the path, unless the connection says otherwise.
  bool conditional_put;       ///< PutObject is sent `If-None-Match: *`.
  bool conditional_complete;  ///< CompleteMultipartUpload is sent `If-None-Match: *`.
  ChecksumSupport crc32c;
  bool etag_is_md5;  ///< Of an object or a part that was sent in one piece and is not encrypted.
  uint64_t equal_parts;  ///< Not 0: every part but the last must have the same size, this one.
  int concurrent_parts;  ///< Parts of one upload that are sent at the same time.
};

/// By its name in `s3_provider` (domain/connection.h, kS3Providers); kInvalid for another one.
const ProviderProfile& provider_profile(std::string_view name);
/// By the host of the endpoint; `generic` for a host that says nothing. Empty: AWS.
const ProviderProfile& provider_profile_of(std::string_view endpoint);

/// Bytes of part `number` (from 1). Where parts may differ they double every limits::kPartsPerSize
/// parts, so that limits::kParts of them hold the largest object of S3 (5 TiB) and none is over
/// 5 GiB; else all are `equal_parts` large. `first`: another size of the first part, 0 for none.
uint64_t s3_part_bytes(const ProviderProfile& profile, int number, uint64_t first = 0);
/// The largest object that parts of these sizes make.
uint64_t s3_object_bytes(const ProviderProfile& profile, uint64_t first = 0);

}  // namespace sluice
