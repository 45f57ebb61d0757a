#pragma once

#include <memory>
#include <stop_token>
#include <string>

#include "base/clock.h"
#include "base/random.h"
#include "domain/connection.h"
#include "domain/destination.h"
#include "net/http_client.h"
#include "object_store/aws_environment.h"
#include "object_store/object_store.h"

namespace sluice {

/// What a store is opened for.
struct StoreUse {
  /// Requests end with kCancelled when it is requested.
  std::stop_token stop = {};
  /// Names the session of an assumed role; empty: no job's.
  std::string job_id = {};
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

/// The real stores; `aws` is who this process is to AWS. What it is given must outlive it.
std::unique_ptr<StoreOpener> make_store_opener(StoreFolders folders, HttpClient& http, Clock& clock,
                                               Random& random, AwsEnvironment aws = {});

}  // namespace sluice
