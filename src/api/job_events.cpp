#include <atomic>
#include <nlohmann/json.hpp>

#include "api/handlers.h"
#include "api/reply.h"
#include "api/views.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/log.h"

namespace sluice {
namespace {

/// Sent while nothing happens, so that nobody between takes the connection for dead.
constexpr std::chrono::seconds kAliveEvery{15};

std::atomic<size_t> open_streams{0};

/// Of this state of the job; what a client that comes again says it has seen.
std::string event_id(const Job& job) {
  return std::to_string(job.updated_at.time_since_epoch().count());
}

/// A job's states as server-sent events (WHATWG HTML, section 9.2): `job` for each that is new, and
/// `end` for the last one.
class JobEvents final : public AnswerStream {
 public:
  JobEvents(const ApiParts& parts, std::string job_id, std::string base_url)
      : parts_(parts), job_id_(std::move(job_id)), base_url_(std::move(base_url)) {
    ++open_streams;
  }
  ~JobEvents() override { --open_streams; }
  JobEvents(const JobEvents&) = delete;
  JobEvents& operator=(const JobEvents&) = delete;

  std::optional<std::string> next() override {
    if (ended_) return std::nullopt;
    try {
      const std::optional<Job> job = parts_.jobs.find(job_id_);
      if (!job) return std::nullopt;  // Pruned meanwhile.
      return news_of(*job);
    } catch (const std::exception& error) {
      log_warn("The events of job " + job_id_ + " can't be read: " + error.what());
      return std::nullopt;  // The client comes again.
    }
  }

 private:
  std::string news_of(const Job& job) {
    const std::chrono::nanoseconds now = parts_.clock.ticks();
    const std::string id = event_id(job);
    if (id == seen_) {
      if (now - sent_at_ < kAliveEvery) return {};
      sent_at_ = now;
      return ": alive\n\n";
    }
    seen_ = id;
    sent_at_ = now;
    ended_ = is_final(job.status);
    nlohmann::json view = job_view(job, base_url_);
    add_pace(view, job, parts_.clock.now());
    return std::string("event: ") + (ended_ ? "end" : "job") + "\nid: " + id +
           "\ndata: " + view.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) +
           "\n\n";
  }

  const ApiParts& parts_;
  const std::string job_id_;
  const std::string base_url_;
  std::string seen_;
  std::chrono::nanoseconds sent_at_{};
  bool ended_ = false;
};

}  // namespace

DoorResponse get_job_events(const ApiParts& parts, const ApiCall& call) {
  call.parameters.refuse_others({});
  const Job job = parts.jobs.get(call.names[0]);
  // Browsers come again when a stream has ended, unless they are told that there is nothing more.
  if (is_final(job.status) && call.request.header("Last-Event-ID") == event_id(job)) {
    return reply_nothing();
  }
  if (open_streams >= limits::kEventStreams) {
    throw Error(ErrorCode::kTooMany,
                "Already " + std::to_string(limits::kEventStreams) + " calls follow jobs.",
                "Ask GET /v0/jobs/" + job.id + " now and then instead.");
  }
  DoorResponse response;
  response.content_type = "text/event-stream";
  response.headers.push_back({"Cache-Control", "no-cache"});
  response.stream = std::make_shared<JobEvents>(parts, job.id, call.base_url);
  return response;
}

}  // namespace sluice
