#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "engine/sqlite_engine.h"
#include "pipeline/export.h"
#include "support/fake_clock.h"
#include "support/fake_store.h"
#include "support/samples.h"
#include "support/sqlite_file.h"
#include "support/temp_folder.h"

namespace sluice {

/// Remembers what it is told; a test may make any call throw.
class FakeJournal final : public ExportJournal {
 public:
  void begun(const std::string& key, const StageTicket& ticket) override {
    begun_keys.push_back(key);
    begun_tickets.push_back(ticket);
  }
  void publishing(const std::vector<StagedFile>& files, const JobFigures& figures) override {
    if (on_publishing) on_publishing();
    staged = files;
    staged_figures = figures;
  }
  void published(const std::vector<std::string>& keys) override {
    published_keys.insert(published_keys.end(), keys.begin(), keys.end());
  }
  void replaced(const std::vector<ReplacedFile>& files) override {
    for (const ReplacedFile& file : files) {
      std::erase_if(staged, [&](const StagedFile& old) { return old.key == file.key; });
      staged.push_back(file.now);
    }
  }
  void progress(const JobFigures& figures) override {
    last_progress = figures;
    ++progress_calls;
    if (on_progress) on_progress();
  }

  std::function<void()> on_publishing;
  std::function<void()> on_progress;
  std::vector<std::string> begun_keys;
  std::vector<StageTicket> begun_tickets;
  std::vector<StagedFile> staged;
  JobFigures staged_figures;
  std::vector<std::string> published_keys;
  JobFigures last_progress;
  int progress_calls = 0;
};

/// n = 1..N as `r`, to be followed by a SELECT.
inline std::string numbers_to(int count) {
  return "WITH RECURSIVE r(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM r WHERE n < " +
         std::to_string(count) + ") ";
}

/// A real engine and a store in memory.
struct ExportWorld {
  ExportRequest request(const std::string& sql, const std::string& file_template) const {
    ExportRequest request;
    request.job_id = "job-1";
    request.plan = sample_job("job-1").plan;
    request.plan.query.sql = sql;
    request.plan.settings.file_template = file_template;
    request.destination.prefix = "out";
    request.limits.run_time = std::chrono::seconds(60);
    return request;
  }
  JobFigures run(const ExportRequest& request, std::stop_token stop = {}) {
    return run_export(request, {*engine, store, journal, reservations}, std::move(stop));
  }
  JobFigures run(const std::string& sql, const std::string& file_template) {
    return run(request(sql, file_template));
  }

  TestFolder folder;
  FakeClock clock;
  std::unique_ptr<Engine> engine = make_sqlite_engine({folder / "warehouse.db", {}}, clock);
  FakeBucket bucket;
  FakeStore store{bucket};
  FakeJournal journal;
  KeyReservations reservations;
};

}  // namespace sluice
