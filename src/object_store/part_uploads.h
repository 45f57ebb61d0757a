#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/error.h"
#include "object_store/s3_body.h"
#include "object_store/s3_xml.h"
#include "object_store/upload_pool.h"

namespace sluice {

/// The parts of one multipart upload, sent by the threads of a pool while their object is written
/// on. Each part is a file of its own, which is removed once the part has been sent or given up; at
/// most `most` exist. Used by one thread, the one that writes.
class PartUploads {
 public:
  /// Sends a part; called by several threads at once.
  using Send = std::function<s3_xml::Part(int number, const S3Body& body, std::stop_token stop)>;

  /// `stop` ends everything with kCancelled. The pool must outlive it.
  PartUploads(UploadPool& pool, size_t most, std::stop_token stop, Send send);
  /// Cancels.
  ~PartUploads();
  PartUploads(const PartUploads&) = delete;
  PartUploads& operator=(const PartUploads&) = delete;

  /// Takes over the body's file, unless it throws. Blocks while `most` parts are on their way.
  /// Throws the error of the part that failed first, now and ever after; parts that have not begun
  /// are not sent then.
  void add(int number, const S3Body& body);
  /// Throws as `add` does, without waiting.
  void check();
  /// Waits for all parts and returns them in order. Throws as `add` does.
  std::vector<s3_xml::Part> finish();
  /// Stops what is on its way and waits until nothing is. No file is left.
  void cancel();

 private:
  void run(int number, const S3Body& body);
  void end(int number, std::optional<s3_xml::Part> part, const Error* error);
  void throw_failure();  ///< With the lock held.

  UploadPool& pool_;
  const size_t most_;
  const std::stop_token outer_stop_;
  const Send send_;
  std::stop_source stop_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<int, std::string> on_their_way_;  ///< The files, by part.
  std::map<int, s3_xml::Part> sent_;
  std::optional<Error> failure_;  ///< The first.
  std::stop_callback<std::function<void()>> follow_;
};

}  // namespace sluice
