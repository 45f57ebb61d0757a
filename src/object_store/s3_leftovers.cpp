#include "object_store/s3_leftovers.h"

#include "base/error.h"
#include "base/log.h"

namespace sluice {
namespace {

std::vector<s3_xml::Upload> uploads_we_may_see(S3Client& client, const std::string& prefix) {
  try {
    return open_uploads(client, prefix, S3Purpose::kCleanUp);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kForbidden && error.code() != ErrorCode::kInvalid) throw;
    log_warn("Uploads may stay at the store until a lifecycle rule of the bucket aborts them: " +
             error.message());
    return {};
  }
}

}  // namespace

std::vector<s3_xml::Upload> open_uploads(S3Client& client, const std::string& prefix,
                                         S3Purpose purpose) {
  std::vector<s3_xml::Upload> out;
  s3_xml::UploadPage page;
  do {
    page = client.list_uploads(prefix, page, purpose);
    out.insert(out.end(), page.uploads.begin(), page.uploads.end());
  } while (page.more);
  return out;
}

void abort_uploads_of(S3Client& client, const std::string& key) {
  for (const s3_xml::Upload& upload : open_uploads(client, key, S3Purpose::kCleanUp)) {
    if (upload.key == key) client.abort_upload(key, upload.upload_id);
  }
}

void remove_folder(S3Client& client, const std::string& prefix) {
  // First, so that none of them becomes an object that was not listed.
  for (const s3_xml::Upload& upload : uploads_we_may_see(client, prefix)) {
    client.abort_upload(upload.key, upload.upload_id);
  }
  std::string next;
  do {
    const s3_xml::ObjectPage page = client.list_objects(prefix, next, S3Purpose::kCleanUp);
    for (const ObjectInfo& object : page.objects) {
      client.delete_object(object.key, S3Purpose::kCleanUp);
    }
    next = page.next;
  } while (!next.empty());
}

void best_effort(const std::function<void()>& clean) {
  try {
    clean();
  } catch (const Error& error) {
    log_warn("Something stays at the store that nobody needs: " + error.message());
  }
}

}  // namespace sluice
