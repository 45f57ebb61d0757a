#include "pipeline/lost_races.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/crc32c.h"
#include "base/error.h"
#include "base/log.h"
#include "pipeline/manifest.h"
#include "pipeline/one_file_store.h"
#include "pipeline/stage_named.h"

namespace sluice {
namespace {

/// Hears only of what must not be left behind, under the name that it has at the store.
class UploadJournal final : public ExportJournal {
 public:
  UploadJournal(ExportJournal& journal, std::string key)
      : journal_(journal), key_(std::move(key)) {}
  void begun(const std::string&, const StageTicket& ticket) override {
    journal_.begun(key_, ticket);
  }
  void publishing(const std::vector<StagedFile>&, const JobFigures&) override {}
  void published(const std::vector<std::string>&) override {}
  void replaced(const std::vector<ReplacedFile>&) override {}
  void progress(const JobFigures&) override {}

 private:
  ExportJournal& journal_;
  std::string key_;
};

bool is_same(const StagedFile& file, const StagedFile& lost) {
  return file.rows == lost.rows && file.bytes == lost.bytes && file.crc32c == lost.crc32c;
}

Error manifest_too_large(const std::string& key) {
  return {ErrorCode::kConflict,
          "Another writer took the name '" + key +
              "' while the job was running, and the manifest is too large to be written again.",
          "The other file was left as it is. Run the sink again: it will choose a free name."};
}

}  // namespace

StagedFile LostRaces::settle(const StagedFile& lost) {
  const std::lock_guard lock(mutex_);
  const std::string key = free_key(request_, parts_, staged_.names(), lost.asked, lost.extension);
  log_info("Another writer took " + lost.key + " meanwhile; the file becomes " + key + ".");
  StagedFile now = lost;
  now.key = key;
  const std::optional<StageTicket> renamed = parts_.store.rename(lost.ticket, key);
  if (renamed) {
    now.ticket = *renamed;
  } else {
    now = rewrite(lost, key);
  }
  std::vector<ReplacedFile> changes = {{lost.key, now}};
  staged_.replace(lost.key, now);
  const std::optional<StagedFile> manifest = new_manifest(lost);
  if (manifest) changes.push_back({manifest->key, *manifest});
  parts_.store.sync();
  // Before the journal forgets it: an upload that nobody knows of would stay.
  if (!renamed) parts_.store.discard(lost.ticket);
  parts_.journal.replaced(changes);
  if (manifest) staged_.replace(manifest->key, *manifest);
  return now;
}

StagedFile LostRaces::rewrite(const StagedFile& lost, const std::string& key) {
  const std::unique_ptr<ObjectStore> store = make_one_file_store(parts_.store, lost.asked, key);
  UploadJournal journal(parts_.journal, key);
  ExportRequest request = request_;
  // Names are to come out as they were asked for; the store knows the one that counts.
  request.plan.settings.write_strategy = WriteStrategy::kTruncate;
  const ExportParts parts{parts_.engine, *store, journal, parts_.reservations};
  StagedFiles staged(request, parts);
  again_.write(request, parts, staged);
  const auto found =
      std::find_if(staged.files().begin(), staged.files().end(), [&](const StagedFile& file) {
        return file.asked == lost.asked && !file.ticket.text.empty();
      });
  if (found == staged.files().end() || !is_same(*found, lost)) {
    throw Error(
        ErrorCode::kConflict,
        "Another writer took the name '" + lost.key +
            "' while the job was running, and the data have changed since, so the file "
            "can't be written again.",
        "The other file was left as it is. Run the sink again: it will choose a free name.");
  }
  StagedFile now = *found;
  now.key = key;
  staged.keep();
  return now;
}

std::optional<StagedFile> LostRaces::new_manifest(const StagedFile& lost) {
  if (lost.role != FileRole::kData) return std::nullopt;
  const auto old = std::find_if(staged_.files().begin(), staged_.files().end(),
                                [](const StagedFile& f) { return f.role == FileRole::kManifest; });
  if (old == staged_.files().end()) return std::nullopt;
  // The journal has one row for the name: an upload in place of another could not be in it.
  if (!parts_.store.rename(old->ticket, old->key)) throw manifest_too_large(lost.key);
  const std::string text = again_.manifest();
  StageOptions options = stage_options(request_, parts_, old->key, kManifestType);
  options.on_remote_begin = [&](const StageTicket&) { throw manifest_too_large(lost.key); };
  const std::unique_ptr<StagedObject> object = parts_.store.stage(old->key, options);
  object->write(text);
  object->finish();
  StagedFile now = *old;
  now.bytes = text.size();
  now.ticket = object->ticket();
  now.crc32c = crc32c_hex(crc32c(text));
  return now;
}

}  // namespace sluice
