#include "object_store/open_store.h"

#include "base/error.h"
#include "object_store/local_store.h"
#include "object_store/s3_store.h"

namespace sluice {
namespace {

/// Where local objects wait for their name: beside the roots, so on the same file system.
constexpr const char* kLocalStaging = "/.sluice";

Secret secret_of(const Connection& connection, const std::string& name) {
  auto found = connection.secrets.find(name);
  return found == connection.secrets.end() ? Secret() : found->second;
}

class Opener final : public StoreOpener {
 public:
  Opener(StoreFolders folders, HttpClient& http, Clock& clock, Random& random)
      : folders_(std::move(folders)), http_(http), clock_(clock), random_(random) {}

  std::unique_ptr<ObjectStore> open(const Connection& connection, const Destination& destination,
                                    std::stop_token stop) override {
    switch (connection.service) {
      case Service::kS3:
        return make_s3_store({s3_options(connection, destination, std::move(stop)), folders_.spool},
                             http_, clock_, random_);
      case Service::kLocal:
        return make_local_store({folders_.local_root + "/" + connection.setting("root"),
                                 folders_.local_root + kLocalStaging},
                                random_);
    }
    throw Error(ErrorCode::kInternal, "A connection has a service without a store.");
  }

 private:
  static S3Options s3_options(const Connection& connection, const Destination& destination,
                              std::stop_token stop) {
    S3Options options;
    options.endpoint = connection.setting("s3_endpoint");
    options.region = connection.setting("s3_region");
    options.bucket = destination.bucket;
    const std::string provider = connection.setting("s3_provider");
    options.profile =
        provider.empty() ? provider_profile_of(options.endpoint) : provider_profile(provider);
    const std::string path_style = connection.setting("s3_path_style");
    options.path_style = path_style.empty() ? options.profile.path_style : path_style == "true";
    options.credentials.access_key = secret_of(connection, "s3_access_key_id").reveal();
    options.credentials.secret_key = secret_of(connection, "s3_secret_access_key");
    options.credentials.session_token = secret_of(connection, "s3_session_token");
    options.stop = std::move(stop);
    return options;
  }

  StoreFolders folders_;
  HttpClient& http_;
  Clock& clock_;
  Random& random_;
};

}  // namespace

std::unique_ptr<StoreOpener> make_store_opener(StoreFolders folders, HttpClient& http, Clock& clock,
                                               Random& random) {
  return std::make_unique<Opener>(std::move(folders), http, clock, random);
}

}  // namespace sluice
