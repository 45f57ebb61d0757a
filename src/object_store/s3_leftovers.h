#pragma once

#include <functional>
#include <string>
#include <vector>

#include "object_store/s3_client.h"
#include "object_store/s3_xml.h"

namespace sluice {

/// What stands in a bucket and belongs to nobody any more. All throw as object_store.h says; what
/// removes is a clean-up (S3Purpose).

/// The uploads that are open under the prefix, by whomever they were begun.
std::vector<s3_xml::Upload> open_uploads(S3Client& client, const std::string& prefix,
                                         S3Purpose purpose);
/// Aborts those that are open under the very key.
void abort_uploads_of(S3Client& client, const std::string& key);
/// Removes every object under the prefix and aborts the uploads there, these as far as the keys may
/// list them (`s3:ListBucketMultipartUploads`) and the store can. What is written meanwhile may
/// stay.
void remove_folder(S3Client& client, const std::string& prefix);
/// For what need not succeed: an error is only a warning in the log.
void best_effort(const std::function<void()>& clean);

}  // namespace sluice
