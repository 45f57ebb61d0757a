#include <charconv>
#include <chrono>
#include <nlohmann/json.hpp>

#include "api/handlers.h"
#include "api/reply.h"
#include "api/time_parameter.h"
#include "api/views.h"
#include "base/error.h"
#include "base/limits.h"

namespace sluice {
namespace {

int limit_parameter(const Parameters& parameters) {
  const std::optional<std::string> text = parameters.text("limit");
  if (!text) return limits::kJobsPage;
  int limit = 0;
  const auto [end, failed] = std::from_chars(text->data(), text->data() + text->size(), limit);
  if (failed != std::errc() || end != text->data() + text->size() || limit < 1 ||
      limit > limits::kJobsPageMost) {
    throw Error(ErrorCode::kInvalid, "The parameter 'limit' is '" + text->substr(0, 100) + "'.",
                "Use a number from 1 to " + std::to_string(limits::kJobsPageMost) + ".");
  }
  return limit;
}

JobFilter filter_of(const Parameters& parameters) {
  const std::string kind = parameters.text("kind").value_or("");
  if (!kind.empty() && kind != "sink") {
    throw Error(ErrorCode::kInvalid, "There are no jobs of kind '" + kind.substr(0, 100) + "'.",
                "The only kind is: sink.");
  }
  JobFilter filter;
  filter.status = parameters.text("status").value_or("");
  if (!filter.status.empty() && !parse_job_status(filter.status)) {
    throw Error(ErrorCode::kInvalid,
                "The parameter 'status' is '" + filter.status.substr(0, 100) + "'.",
                "Use one of: waiting, working, done, error, cancelling, cancelled.");
  }
  filter.pipe_id = parameters.text("pipe_id").value_or("");
  filter.pipe_name = parameters.text("pipe_name").value_or("");
  filter.created_after = time_parameter(parameters, "created_after");
  filter.created_before = time_parameter(parameters, "created_before");
  filter.cursor = parameters.text("cursor").value_or("");
  filter.limit = limit_parameter(parameters);
  return filter;
}

}  // namespace

DoorResponse list_jobs(const ApiParts& parts, const ApiCall& call) {
  const JobPage page = parts.jobs.list(filter_of(call.parameters));
  nlohmann::json jobs = nlohmann::json::array();
  for (const Job& job : page.jobs) jobs.push_back(job_view(job, call.base_url));
  nlohmann::json answer = {{"jobs", jobs}};
  if (!page.next_cursor.empty()) answer["next_cursor"] = page.next_cursor;
  return reply(answer);
}

namespace {

std::chrono::seconds wait_parameter(const Parameters& parameters) {
  const std::string text = parameters.text("wait").value_or("0");
  int seconds = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (failed != std::errc() || end != text.data() + text.size() || seconds < 0 ||
      seconds > limits::kLongestWait.count()) {
    throw Error(
        ErrorCode::kInvalid, "The parameter 'wait' is '" + text.substr(0, 100) + "'.",
        "Use a number of seconds from 0 to " + std::to_string(limits::kLongestWait.count()) + ".");
  }
  return std::chrono::seconds(seconds);
}

}  // namespace

DoorResponse get_job(const ApiParts& parts, const ApiCall& call) {
  const Job job =
      parts.jobs.await(call.names[0], wait_parameter(call.parameters), call.request.stop);
  nlohmann::json view = job_view(job, call.base_url);
  view["attempts"] = attempts_view(parts.jobs.attempts(job.id));
  add_pace(view, job, parts.clock.now());
  return reply(view);
}

DoorResponse get_job_files(const ApiParts& parts, const ApiCall& call) {
  const Job job = parts.jobs.get(call.names[0]);
  return reply({{"files", files_view(parts.jobs.files(job.id))}});
}

DoorResponse cancel_job(const ApiParts& parts, const ApiCall& call) {
  return reply(job_view(parts.jobs.cancel(call.names[0]), call.base_url));
}

DoorResponse verify_job(const ApiParts& parts, const ApiCall& call) {
  call.parameters.refuse_others({});
  return reply(verify_view(parts.verifier.verify(parts.jobs.get(call.names[0]))));
}

}  // namespace sluice
