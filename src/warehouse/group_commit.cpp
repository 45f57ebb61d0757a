#include "warehouse/group_commit.h"

#include <exception>
#include <string>
#include <utility>

#include "base/error.h"
#include "base/log.h"
#include "warehouse/warehouse_limits.h"

namespace sluice {

std::future<void> GroupCommit::submit(EventRows events) {
  Waiting one;
  one.events = std::move(events);
  for (const Batch& batch : one.events.batches) {
    one.rows += batch.rows();
    one.bytes += batch.bytes();
  }
  one.rows += one.events.rejected.size();
  for (const RejectedRow& row : one.events.rejected) one.bytes += row.text.size();
  std::future<void> done = one.done.get_future();
  {
    std::lock_guard lock(mutex_);
    if (stopping_) {
      throw Error(ErrorCode::kBusy, "Sluice is stopping.", "Send the events again soon.");
    }
    // One request always fits, however large.
    if (!waiting_.empty() &&
        (rows_ + one.rows > limits::kWaitingRows || bytes_ + one.bytes > limits::kWaitingBytes)) {
      throw Error(ErrorCode::kTooMany,
                  "So many events wait to be written (" + std::to_string(rows_) +
                      " rows) that no more can be taken.",
                  "Send these again in some seconds.");
    }
    rows_ += one.rows;
    bytes_ += one.bytes;
    waiting_.push_back(std::move(one));
  }
  came_.notify_one();
  return done;
}

std::vector<GroupCommit::Waiting> GroupCommit::take() {
  std::lock_guard lock(mutex_);
  std::vector<Waiting> group;
  size_t rows = 0;
  while (!waiting_.empty() && (group.empty() || rows < limits::kJoinedRows)) {
    rows += waiting_.front().rows;
    rows_ -= waiting_.front().rows;
    bytes_ -= waiting_.front().bytes;
    group.push_back(std::move(waiting_.front()));
    waiting_.pop_front();
  }
  return group;
}

size_t GroupCommit::commit_waiting() {
  std::vector<Waiting> group = take();
  if (group.empty()) return 0;
  std::vector<EventRows*> events;
  for (Waiting& one : group) events.push_back(&one.events);
  std::vector<std::optional<Error>> errors;
  try {
    errors = warehouse_.append_events(events);
  } catch (const std::exception& failure) {  // Out of memory, say: nobody may wait for ever.
    log_error(std::string("Events can't be committed: ") + failure.what());
    errors.assign(group.size(), Error(ErrorCode::kInternal, "The events can't be committed."));
  }
  ++commits_;
  for (size_t i = 0; i < group.size(); ++i) {
    Waiting& one = group[i];
    if (errors[i]) {
      one.done.set_exception(std::make_exception_ptr(*errors[i]));
      continue;
    }
    quarantined_ += one.events.rejected.size();
    taken_ += one.rows - one.events.rejected.size();
    one.done.set_value();
  }
  return group.size();
}

void GroupCommit::loop(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    {
      std::unique_lock lock(mutex_);
      came_.wait(lock, stop, [&] { return !waiting_.empty(); });
    }
    commit_waiting();
  }
}

void GroupCommit::start() {
  thread_ = std::jthread([this](const std::stop_token& stop) { loop(stop); });
}

void GroupCommit::stop() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
  while (commit_waiting() > 0) {
  }
}

void GroupCommit::count(uint64_t rows, uint64_t quarantined) {
  taken_ += rows;
  quarantined_ += quarantined;
  ++commits_;
}

EventFigures GroupCommit::figures() const {
  return {taken_.load(), quarantined_.load(), commits_.load()};
}

}  // namespace sluice
