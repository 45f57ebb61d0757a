#include "object_store/provider_profile.h"

#include <algorithm>
#include <array>
#include <string>

#include "base/encoding.h"
#include "base/error.h"
#include "base/limits.h"
#include "domain/connection.h"

namespace sluice {
namespace {

constexpr auto kNo = ChecksumSupport::kNo;
constexpr auto kTry = ChecksumSupport::kTry;
constexpr auto kYes = ChecksumSupport::kYes;

/// 10,000 of them hold 625 GiB. Larger ones would cost every object below one part the overlap of
/// writing and sending.
constexpr uint64_t kEqualPart = 64ULL * 1024 * 1024;

// aws: docs.aws.amazon.com/AmazonS3/latest/userguide/ conditional-writes.html,
//   checking-object-integrity.html, VirtualHosting.html; .../latest/API/API_Object.html (ETag).
// minio: github.com/minio/minio/issues/20346 (If-None-Match), issues/31 of pgsty/silo (composite
//   checksums only). A host name for every bucket has to be set up there.
// r2: developers.cloudflare.com/r2/api/s3/conditional-operations/ (both), .../r2/api/s3/api/
//   (CRC32C, composite), .../r2/objects/multipart-objects (equal parts; ETags are MD5 since
//   2023-06-21). More than two or three parts of one upload at a time are said to be refused.
// b2: backblaze.com/docs/cloud-storage-s3-compatible-api ("Unsupported features": any
//   x-amz-checksum header is a 400); conditional writes are not documented.
// gcs: docs.cloud.google.com/storage/docs/xml-api/put-object-multipart (x-goog-hash, Content-MD5)
//   and .../reference-headers; a request must not mix x-amz and x-goog headers, so the condition
//   x-goog-if-generation-match can't be sent with AWS signatures. Answers carry x-goog-hash; that a
//   part's ETag is its MD5 is nowhere said.
// ceph: docs.ceph.com/en/latest/radosgw/s3/ ; checksums since Squid. Older gateways ignore the
//   condition, which does no harm: publish looks first.
// seaweedfs: github.com/seaweedfs/seaweedfs/issues/8800 (condition not exclusive before its fix),
//   pull/8914 (checksums given back since 2026-04).
// clang-format off
constexpr std::array<ProviderProfile, 8> kProfiles = {{
    // name       path   put    complete crc32c ETag = MD5  equal parts  at a time
    {"aws",       false, true,  true,    kYes,  true,       0,           3},
    {"minio",     true,  true,  true,    kYes,  true,       0,           3},
    {"r2",        true,  true,  true,    kYes,  true,       kEqualPart,  2},
    {"b2",        true,  false, false,   kNo,   true,       0,           3},
    {"gcs",       true,  false, false,   kNo,   false,      0,           3},
    {"ceph",      true,  true,  true,    kTry,  true,       0,           3},
    {"seaweedfs", true,  true,  true,    kTry,  true,       0,           3},
    {"generic",   true,  true,  true,    kTry,  true,       0,           3},
}};
// clang-format on

struct Domain {
  std::string_view suffix;
  std::string_view provider;
};

constexpr std::array<Domain, 5> kDomains = {{{"amazonaws.com", "aws"},
                                             {"amazonaws.com.cn", "aws"},
                                             {"r2.cloudflarestorage.com", "r2"},
                                             {"backblazeb2.com", "b2"},
                                             {"storage.googleapis.com", "gcs"}}};

/// Scheme, port and path gone, lower case.
std::string host_of(std::string_view endpoint) {
  std::string text = ascii_lower(trim(endpoint));
  const size_t scheme = text.find("://");
  if (scheme != std::string::npos) text.erase(0, scheme + 3);
  text.resize(std::min(text.find_first_of("/:"), text.size()));
  return text;
}

}  // namespace

const ProviderProfile& provider_profile(std::string_view name) {
  for (const ProviderProfile& profile : kProfiles) {
    if (profile.name == name) return profile;
  }
  throw Error(ErrorCode::kInvalid,
              "The provider '" + std::string(name) + "' of the connection is not known.");
}

const ProviderProfile& provider_profile_of(std::string_view endpoint) {
  const std::string host = host_of(endpoint);
  if (host.empty()) return provider_profile("aws");
  for (const Domain& domain : kDomains) {
    if (host == domain.suffix || host.ends_with("." + std::string(domain.suffix))) {
      return provider_profile(domain.provider);
    }
  }
  return provider_profile("generic");
}

uint64_t s3_part_bytes(const ProviderProfile& profile, int number, uint64_t first) {
  if (profile.equal_parts != 0) return first != 0 ? first : profile.equal_parts;
  return (first != 0 ? first : limits::kPartBytes) << ((number - 1) / limits::kPartsPerSize);
}

uint64_t s3_object_bytes(const ProviderProfile& profile, uint64_t first) {
  uint64_t sum = 0;
  for (int number = 1; number <= limits::kParts; ++number) {
    sum += s3_part_bytes(profile, number, first);
  }
  return sum;
}

}  // namespace sluice
