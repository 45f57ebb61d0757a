#pragma once

#include <string>
#include <vector>

#include "base/random.h"
#include "object_store/object_store.h"

namespace sluice {

/// What trying out a connection has shown, step by step.
struct ConnectionTrial {
  enum class Outcome { kOk, kFailed, kSkipped };
  struct Step {
    std::string name;  ///< `list`, `write`, `delete`.
    Outcome outcome = Outcome::kSkipped;
    std::string detail;  ///< What was done; of a failure the error's sentence.
  };

  std::vector<Step> steps;
  /// The step that failed first; null: none.
  const Step* failed() const;
};

/// Lists what is under the prefix, writes a small object beside it and deletes that. Where nothing
/// may be deleted, which no sink needs, an upload is begun and aborted in place of it, so that
/// nothing is left behind. Throws nothing that the store says: that is in the report.
ConnectionTrial try_connection(ObjectStore& store, const std::string& prefix, Random& random);

}  // namespace sluice
