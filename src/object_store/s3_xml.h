#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "object_store/object_store.h"

/// The XML bodies of the S3 calls we make (Amazon S3 API Reference). Readers give nothing when the
/// text is not well-formed (cut off, empty) or has another root element. Pure functions.
namespace sluice::s3_xml {

struct ErrorBody {
  std::string code;
  std::string message;
  std::string region;
  std::string endpoint;  ///< Where a redirect leads, a host.
};

struct Part {
  int number = 0;
  std::string etag;  ///< Without quotes.
  /// Of the part's bytes, where the store was sent it.
  std::optional<uint32_t> crc32c = std::nullopt;
};

struct ObjectPage {
  std::vector<ObjectInfo> objects;
  std::string next;  ///< Continuation token; empty on the last page.
};

struct Upload {
  std::string key;
  std::string upload_id;
};

struct UploadPage {
  std::vector<Upload> uploads;
  bool more = false;
  std::string next_key;
  std::string next_upload_id;
};

/// What a store says of the copy it has made.
struct Copied {
  std::string etag;    ///< Without quotes.
  std::string crc32c;  ///< Base64; empty where the store gives none.
};

std::optional<ErrorBody> read_error(std::string_view xml);
/// The upload id of an InitiateMultipartUploadResult.
std::optional<std::string> read_upload_id(std::string_view xml);
/// The ETag of a CompleteMultipartUploadResult, without quotes.
std::optional<std::string> read_complete(std::string_view xml);
/// Of a CopyObjectResult or a CopyPartResult.
std::optional<Copied> read_copied(std::string_view xml);
/// Keys are decoded when the answer says that it encoded them.
std::optional<ObjectPage> read_objects(std::string_view xml);
std::optional<UploadPage> read_uploads(std::string_view xml);

std::string write_complete(const std::vector<Part>& parts);

/// An ETag header or element without its quotes.
std::string bare_etag(std::string_view text);

}  // namespace sluice::s3_xml
