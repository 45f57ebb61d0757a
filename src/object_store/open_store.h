#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "base/clock.h"
#include "base/random.h"
#include "domain/connection.h"
#include "domain/destination.h"
#include "net/http_client.h"
#include "object_store/aws_environment.h"
#include "object_store/google_account.h"
#include "object_store/object_store.h"

namespace sluice {

/// What a store is opened for.
struct StoreUse {
  /// Requests end with kCancelled when it is requested.
  std::stop_token stop = {};
  /// Names the session of an assumed role; empty: no job's.
  std::string job_id = {};
  /// Called by several threads, once for each part of a multipart upload that the store has taken.
  std::function<void()> on_part = nullptr;
};

/// Opens the store that a connection and a path name. Thread-safe.
class StoreOpener {
 public:
  virtual ~StoreOpener() = default;
  /// Opening asks nothing of the store yet.
  virtual std::unique_ptr<ObjectStore> open(const Connection& connection,
                                            const Destination& destination,
                                            const StoreUse& use) = 0;
};

struct StoreFolders {
  std::string local_root;  ///< The parent of every local connection's root.
  std::string spool;
};

/// Who this process is to the clouds.
struct ServerIdentity {
  AwsEnvironment aws = {};
  /// Asks the metadata services for the keys of `aws`: it alone may go to their addresses, and
  /// nowhere else does it go. Null: the stores' client.
  HttpClient* metadata = nullptr;
  std::optional<GoogleAccount> google = std::nullopt;  ///< --gcp-credentials
};

/// The real stores. What it is given must outlive it.
std::unique_ptr<StoreOpener> make_store_opener(StoreFolders folders, HttpClient& http, Clock& clock,
                                               Random& random, ServerIdentity identity = {});

}  // namespace sluice
