#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/secret.h"
#include "catalog/connection_trial.h"
#include "domain/backfill.h"
#include "domain/connection.h"
#include "domain/job.h"
#include "domain/pipe.h"
#include "domain/token.h"
#include "jobs/job_verifier.h"
#include "jobs/sink_preview.h"
#include "state/job_store.h"

namespace sluice {

// How our nouns look in answers. `base_url` is scheme and host, without a slash behind.

nlohmann::json pipe_view(const Pipe& pipe, const std::string& base_url);
nlohmann::json node_view(const Pipe& pipe, const Node& node);
nlohmann::json job_view(const Job& job, const std::string& base_url);
nlohmann::json attempts_view(const std::vector<JobAttempt>& attempts);
nlohmann::json files_view(const std::vector<JobFile>& files);
/// Puts rows a second and the expected end into the view of a job that is at work; else null.
void add_pace(nlohmann::json& view, const Job& job, Timestamp now);
nlohmann::json backfill_view(const Backfill& backfill);
/// Secrets are not part of it; `users` are the pipes whose sink uses the connection.
nlohmann::json connection_view(const Connection& connection, const std::vector<Pipe>& users);

/// `value` is shown where it has just been made, and never again.
nlohmann::json token_view(const Token& token, const Secret& value = {});

nlohmann::json trial_view(const Connection& connection, const ConnectionTrial& trial);
nlohmann::json preview_view(const PreviewResult& preview, const SinkSettings& settings);
nlohmann::json verify_view(const VerifyReport& report);

}  // namespace sluice
