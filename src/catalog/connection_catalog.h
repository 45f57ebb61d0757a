#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "domain/connection.h"
#include "domain/pipe.h"
#include "object_store/open_store.h"
#include "state/connection_store.h"
#include "state/pipe_store.h"
#include "state/workspace_store.h"

namespace sluice {

/// Connections as their owners make them. Thread-safe. Throws kInvalid, kNotFound, kConflict,
/// kForbidden (in use), kStorage (a local folder can't be made).
class ConnectionCatalog {
 public:
  struct Parts {
    ConnectionStore& connections;
    PipeStore& pipes;
    WorkspaceStore& workspace;
    StoreOpener& stores;
    Clock& clock;
    Random& random;
    /// Whether a region may be a name that AWS does not have (--custom-regions).
    RegionNames regions = RegionNames::kPublished;
  };
  explicit ConnectionCatalog(Parts parts) : parts_(parts) {}

  /// With `dry_run` everything is checked and nothing stored.
  Connection create(std::string_view service, const std::string& name,
                    const std::map<std::string, std::string>& parameters, bool dry_run);
  Connection get(std::string_view id_or_name);
  std::vector<Connection> all() { return parts_.connections.all(); }
  std::vector<Pipe> pipes_using(const Connection& connection);
  void remove(std::string_view id_or_name);

 private:
  Parts parts_;
};

}  // namespace sluice
