#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "catalog/connection_trial.h"
#include "domain/connection.h"
#include "domain/pipe.h"
#include "object_store/open_store.h"
#include "state/connection_store.h"
#include "state/pipe_store.h"
#include "state/workspace_store.h"

namespace sluice {

/// Connections as their owners make them. Thread-safe. Throws kInvalid, kNotFound, kConflict,
/// kForbidden (in use), kBusy (the server has no
/// Google account), kStorage (a local folder can't be made).
class ConnectionCatalog {
 public:
  struct Parts {
    ConnectionStore& connections;
    PipeStore& pipes;
    WorkspaceStore& workspace;
    StoreOpener& stores;
    Clock& clock;
    Random& random;
    /// The account of --gcp-credentials; empty: there is none.
    std::string google_account = {};
    /// Whether a region may be a name that AWS does not have (--custom-regions).
    RegionNames regions = RegionNames::kPublished;
  };
  explicit ConnectionCatalog(Parts parts) : parts_(parts) {}

  /// With `dry_run` everything is checked and nothing stored.
  Connection create(std::string_view service, const std::string& name,
                    const std::map<std::string, std::string>& parameters, bool dry_run);
  Connection get(std::string_view id_or_name);
  std::vector<Connection> all() { return parts_.connections.all(); }
  /// The e-mail address of the service account that `gcs_service_account` uses; nothing where the
  /// server has none.
  std::optional<std::string> google_account() const;
  /// Tries the connection out at `path`, or where that is empty at the path of the first sink that
  /// uses it. Throws kInvalid when there is none or it does not fit; what the store says is in the
  /// report.
  ConnectionTrial test(const Connection& connection, std::string path);
  std::vector<Pipe> pipes_using(const Connection& connection);
  void remove(std::string_view id_or_name);

 private:
  std::string needed_google_account() const;

  Parts parts_;
};

}  // namespace sluice
