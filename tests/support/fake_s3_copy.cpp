// The copies that FakeS3 makes within itself.
#include "base/encoding.h"
#include "base/hash.h"
#include "support/fake_s3_call.h"

namespace sluice {

using fake_s3::answer;
using fake_s3::error_answer;

namespace fake_s3 {

HttpResponse copied_answer(const std::string& operation, const std::string& etag,
                           const std::string& crc32c) {
  const std::string root = operation == "CopyObject" ? "CopyObjectResult" : "CopyPartResult";
  const std::string checksum =
      crc32c.empty() ? "" : "<ChecksumCRC32C>" + crc32c + "</ChecksumCRC32C>";
  return answer(200, "<?xml version=\"1.0\"?><" + root + "><ETag>&quot;" + etag + "&quot;</ETag>" +
                         checksum + "</" + root + ">");
}

}  // namespace fake_s3

const FakeS3::Object* FakeS3::source_of(const Parsed& call) const {
  if (!call.source.starts_with(bucket_ + "/")) return nullptr;
  const auto found = objects_.find(call.source.substr(bucket_.size() + 1));
  return found == objects_.end() ? nullptr : &found->second;
}

HttpResponse FakeS3::copy_object(const Parsed& call) {
  const Object* source = source_of(call);
  if (source == nullptr) return error_answer(404, "NoSuchKey");
  if (source->bytes.size() > copy_limit_) {
    return error_answer(400, "InvalidRequest", "The copy source is too large");
  }
  if (auto failed = check_condition(call)) return *failed;
  Object copy = *source;
  copy.etag = hex_encode(md5(copy.bytes));
  // That of parts is not the copy's, which has none.
  if (copy.crc32c.find('-') != std::string::npos) copy.crc32c.clear();
  if (call.header("x-amz-metadata-directive") == "REPLACE") {
    copy.content_type = call.header("content-type");
    copy.job_id = call.header("x-amz-meta-sluice-job");
  }
  objects_[call.key] = copy;
  return fake_s3::copied_answer(call.operation, copy.etag, copy.crc32c);
}

HttpResponse FakeS3::copy_part(const Parsed& call) {
  const auto upload = uploads_.find(call.query.at("uploadId"));
  if (upload == uploads_.end()) return error_answer(404, "NoSuchUpload");
  const Object* source = source_of(call);
  if (source == nullptr) return error_answer(404, "NoSuchKey");
  const std::string range = call.header("x-amz-copy-source-range");
  const size_t dash = range.find('-');
  const size_t first = std::stoull(range.substr(6, dash - 6));
  const size_t last = std::stoull(range.substr(dash + 1));
  if (last >= source->bytes.size()) return error_answer(400, "InvalidArgument");
  const std::string part = source->bytes.substr(first, last - first + 1);
  upload->second.parts[std::stoi(call.query.at("partNumber"))] = part;
  return fake_s3::copied_answer(call.operation, hex_encode(md5(part)), "");
}

}  // namespace sluice
