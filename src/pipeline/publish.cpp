#include "pipeline/publish.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>

#include "base/error.h"

namespace sluice {
namespace {

/// Each waits for the store most of the time.
constexpr size_t kPublishers = 8;
/// How many published names are journalled at a time; repeating some after a crash does no harm.
constexpr size_t kJournalEvery = 64;

/// A writer that takes every name just before us will not stop at the next one.
constexpr int kRaces = 10;

/// The key that the file has got.
std::string publish_one(const StagedFile& file, ObjectStore& store, const LostRace& lost_race) {
  // A copy: where a file loses its name, the list it is in changes.
  StagedFile now = file;
  for (int races = 0;; ++races) {
    if (store.publish(now.ticket) == PublishResult::kPublished) return now.key;
    if (!lost_race || races == kRaces) break;
    now = lost_race(now);
  }
  throw Error(ErrorCode::kConflict,
              "Another writer took the name '" + now.key + "' while the job was running.",
              "The other file was left as it is. Run the sink again: it will choose a free name.");
}

/// What several threads publish from and write down in.
class Publishing {
 public:
  Publishing(const std::vector<const StagedFile*>& files, ObjectStore& store,
             ExportJournal& journal, const LostRace& lost_race)
      : files_(files), store_(store), journal_(journal), lost_race_(lost_race) {}

  /// One thread's share: the next file until there is none, or one failed.
  void work() {
    for (size_t i = next_++; i < files_.size(); i = next_++) {
      try {
        write_down(done(publish_one(*files_[i], store_, lost_race_)));
      } catch (...) {
        const std::lock_guard lock(mutex_);
        if (!failure_) failure_ = std::current_exception();
        next_ = files_.size();
      }
    }
  }
  /// After all threads: what is visible must not be forgotten with what is not.
  void end() {
    write_down(std::exchange(done_, {}));
    if (failure_) std::rethrow_exception(failure_);
  }

 private:
  /// The names to write down now: some, or none yet.
  std::vector<std::string> done(const std::string& key) {
    const std::lock_guard lock(mutex_);
    done_.push_back(key);
    if (done_.size() < kJournalEvery) return {};
    return std::exchange(done_, {});
  }
  /// What is in the journal is not published again, so it must outlive a power failure first.
  void write_down(const std::vector<std::string>& names) {
    if (names.empty()) return;
    store_.sync();
    const std::lock_guard lock(journalling_);
    journal_.published(names);
  }

  const std::vector<const StagedFile*>& files_;
  ObjectStore& store_;
  ExportJournal& journal_;
  const LostRace& lost_race_;
  std::atomic<size_t> next_ = 0;
  std::mutex journalling_;
  std::mutex mutex_;
  std::vector<std::string> done_;
  std::exception_ptr failure_;
};

void publish_all(const std::vector<const StagedFile*>& files, size_t threads, ObjectStore& store,
                 ExportJournal& journal, const LostRace& lost_race) {
  Publishing publishing(files, store, journal, lost_race);
  {
    std::vector<std::jthread> helpers;
    for (size_t i = 1; i < std::min(threads, files.size()); ++i) {
      helpers.emplace_back([&] { publishing.work(); });
    }
    publishing.work();
  }
  publishing.end();
}

}  // namespace

void publish(const std::vector<StagedFile>& files, ObjectStore& store, ExportJournal& journal,
             const LostRace& lost_race) {
  std::vector<const StagedFile*> data;
  std::vector<const StagedFile*> others;
  for (const StagedFile& file : files) {
    (file.role == FileRole::kData ? data : others).push_back(&file);
  }
  std::stable_sort(others.begin(), others.end(),
                   [](const StagedFile* a, const StagedFile* b) { return a->role < b->role; });
  publish_all(data, kPublishers, store, journal, lost_race);
  publish_all(others, 1, store, journal, lost_race);
}

}  // namespace sluice
