#include "object_store/part_uploads.h"

#include <unistd.h>

#include <exception>
#include <utility>

#include "base/log.h"

namespace sluice {
namespace {

void remove_file(const std::string& path) {
  // What stays behind goes with the job's staging folder.
  if (unlink(path.c_str()) != 0) log_warn("Removing a sent part's file failed: " + path);
}

}  // namespace

PartUploads::PartUploads(UploadPool& pool, size_t most, std::stop_token stop, Send send)
    : pool_(pool),
      most_(most == 0 ? 1 : most),
      outer_stop_(std::move(stop)),
      send_(std::move(send)),
      follow_(outer_stop_, [this] { stop_.request_stop(); }) {}

PartUploads::~PartUploads() { cancel(); }

void PartUploads::throw_failure() {
  // A copy made here: the text of an exception must not be shared between threads.
  if (failure_) throw Error(failure_->code(), failure_->message(), failure_->hint());
  if (outer_stop_.stop_requested()) {
    throw Error(ErrorCode::kCancelled, "Stopped while parts were being uploaded.");
  }
}

void PartUploads::check() {
  std::scoped_lock lock(mutex_);
  throw_failure();
}

void PartUploads::add(int number, const S3Body& body) {
  {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return on_their_way_.size() < most_ || failure_; });
    throw_failure();
    on_their_way_.emplace(number, body.file);
  }
  try {
    pool_.submit(this, [this, number, body] { run(number, body); });
  } catch (...) {
    std::scoped_lock lock(mutex_);
    on_their_way_.erase(number);
    throw;
  }
}

void PartUploads::run(int number, const S3Body& body) {
  try {
    if (stop_.stop_requested()) throw Error(ErrorCode::kCancelled, "Stopped before it was sent.");
    end(number, send_(number, body, stop_.get_token()), nullptr);
  } catch (const Error& error) {
    end(number, std::nullopt, &error);
  } catch (const std::exception& error) {
    const Error bug(ErrorCode::kInternal, std::string("Uploading a part failed: ") + error.what());
    end(number, std::nullopt, &bug);
  }
}

void PartUploads::end(int number, std::optional<s3_xml::Part> part, const Error* error) {
  std::string file;
  {
    std::scoped_lock lock(mutex_);
    file = on_their_way_.at(number);
    if (error != nullptr && !failure_) {
      failure_.emplace(error->code(), error->message(), error->hint());
    }
  }
  // The others would be for nothing. Those that this stops are not the first to fail.
  if (error != nullptr) stop_.request_stop();
  remove_file(file);
  std::scoped_lock lock(mutex_);
  if (part) sent_.emplace(number, *std::move(part));
  on_their_way_.erase(number);
  // With the lock held: the one who waits may destroy this object as soon as it is released.
  changed_.notify_all();
}

std::vector<s3_xml::Part> PartUploads::finish() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return on_their_way_.empty() || failure_; });
  throw_failure();
  std::vector<s3_xml::Part> parts;
  parts.reserve(sent_.size());
  for (auto& [number, part] : sent_) parts.push_back(std::move(part));
  sent_.clear();
  return parts;
}

void PartUploads::cancel() {
  stop_.request_stop();
  // Nobody runs what is dropped here, so it is removed here. Which ones they are is known once the
  // others have ended.
  const size_t dropped = pool_.drop(this);
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return on_their_way_.size() <= dropped; });
  for (const auto& [number, file] : on_their_way_) remove_file(file);
  on_their_way_.clear();
}

}  // namespace sluice
