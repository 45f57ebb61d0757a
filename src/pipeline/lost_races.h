#pragma once

#include <functional>
#include <mutex>

#include "pipeline/export.h"
#include "pipeline/staged_files.h"

namespace sluice {

/// What becomes of staged files whose name another writer took before they were published, with the
/// strategy `new`: each gets the next free name, and only it is staged again. Where the store can
/// give what is staged another name that is all; a multipart upload is bound to its key, so there
/// the rows are written once more, and must be the same to the byte. The journal has the new name,
/// and a manifest that says so, before anything is published under it. Thread-safe.
class LostRaces {
 public:
  struct Again {
    /// Writes the data files of the request with these parts once more.
    std::function<void(const ExportRequest&, const ExportParts&, StagedFiles&)> write;
    /// The manifest's text as the staged files are now; used where one is among them.
    std::function<std::string()> manifest;
  };
  /// All must outlive it.
  LostRaces(const ExportRequest& request, const ExportParts& parts, StagedFiles& staged,
            Again again)
      : request_(request), parts_(parts), staged_(staged), again_(std::move(again)) {}

  /// The same file under a name that was free just now; it stands in place of `lost` in the staged
  /// files and in the journal. Throws kConflict where the rows have changed since.
  StagedFile settle(const StagedFile& lost);

 private:
  StagedFile rewrite(const StagedFile& lost, const std::string& key);
  std::optional<StagedFile> new_manifest(const StagedFile& lost);

  const ExportRequest& request_;
  const ExportParts& parts_;
  StagedFiles& staged_;
  Again again_;
  std::mutex mutex_;
};

}  // namespace sluice
