#pragma once

#include <memory>
#include <vector>

#include "pipeline/export.h"
#include "pipeline/stage_named.h"

namespace sluice {

/// What one export has staged, and the names it has reserved for that: files that nobody publishes
/// are removed again when it is destroyed. One thread.
class StagedFiles {
 public:
  StagedFiles(const ExportRequest& request, const ExportParts& parts);
  ~StagedFiles();
  StagedFiles(const StagedFiles&) = delete;
  StagedFiles& operator=(const StagedFiles&) = delete;

  void add(StagedFile file) { files_.push_back(std::move(file)); }
  const std::vector<StagedFile>& files() const { return files_; }
  /// `now` takes the place of the file of this key; others stay where they are.
  void replace(const std::string& key, const StagedFile& now);
  KeyReservations::Holder& names() { return *names_; }

  /// They are the journal's from now on.
  void keep() { kept_ = true; }
  /// Removes them and gives the names back, for another try.
  void discard() noexcept;

 private:
  const ExportRequest& request_;
  const ExportParts& parts_;
  std::unique_ptr<KeyReservations::Holder> names_;
  std::vector<StagedFile> files_;
  bool kept_ = false;
};

}  // namespace sluice
