#include "object_store/open_store.h"

#include <utility>

#include "base/encoding.h"
#include "base/error.h"
#include "object_store/gcs_store.h"
#include "object_store/local_store.h"
#include "object_store/own_credentials.h"
#include "object_store/s3_store.h"
#include "object_store/sts_client.h"

namespace sluice {
namespace {

/// Where local objects wait for their name: beside the roots, so on the same file system.
constexpr const char* kLocalStaging = "/.sluice";
constexpr const char* kGoogleEndpoint = "https://storage.googleapis.com";

std::string session_name(const StoreUse& use) {
  return use.job_id.empty() ? "sluice" : "sluice-" + use.job_id;
}

S3ObjectSettings object_settings(const Connection& connection) {
  return {connection.setting("s3_server_side_encryption"), connection.setting("s3_kms_key_id"),
          connection.setting("s3_storage_class"), connection.setting("s3_acl")};
}

class Opener final : public StoreOpener {
 public:
  Opener(StoreFolders folders, HttpClient& http, Clock& clock, Random& random,
         ServerIdentity identity)
      : folders_(std::move(folders)),
        http_(http),
        clock_(clock),
        random_(random),
        sts_endpoint_(identity.aws.sts_endpoint),
        own_(own_credentials(std::move(identity.aws),
                             identity.metadata != nullptr ? *identity.metadata : http, clock)) {
    if (identity.google) google_.emplace(*std::move(identity.google), http, clock, random);
  }

  std::unique_ptr<ObjectStore> open(const Connection& connection, const Destination& destination,
                                    const StoreUse& use) override {
    switch (connection.service) {
      case Service::kS3:
      case Service::kS3IamRole:
        return make_s3_store({s3_options(connection, destination, use), folders_.spool}, http_,
                             clock_, random_);
      case Service::kGcsHmac:
        return make_s3_store({hmac_options(connection, destination, use), folders_.spool}, http_,
                             clock_, random_);
      case Service::kGcs:
      case Service::kGcsServiceAccount:
        return make_gcs_store(
            {{connection.setting("gcs_endpoint"), destination.bucket, use.stop}, folders_.spool},
            tokens_of(connection), http_, clock_, random_);
      case Service::kLocal:
        return make_local_store({folders_.local_root + "/" + connection.setting("root"),
                                 folders_.local_root + kLocalStaging},
                                random_);
    }
    throw Error(ErrorCode::kInternal, "A connection has a service without a store.");
  }

 private:
  S3Options s3_options(const Connection& connection, const Destination& destination,
                       const StoreUse& use) {
    S3Options options;
    options.endpoint = connection.setting("s3_endpoint");
    options.region = connection.setting(std::string(service_settings(connection.service).region));
    options.bucket = destination.bucket;
    const std::string provider = connection.setting("s3_provider");
    options.profile =
        provider.empty() ? provider_profile_of(options.endpoint) : provider_profile(provider);
    const std::string path_style = connection.setting("s3_path_style");
    options.path_style = path_style.empty() ? options.profile.path_style : path_style == "true";
    options.credentials = connection.service == Service::kS3IamRole
                              ? role_credentials(connection, use)
                              : given_credentials(connection);
    options.objects = object_settings(connection);
    options.stop = use.stop;
    options.on_part = use.on_part;
    return options;
  }

  /// The XML API of Google Cloud Storage takes the requests of S3, signed with an HMAC key
  /// (cloud.google.com/storage/docs/interoperability).
  static S3Options hmac_options(const Connection& connection, const Destination& destination,
                                const StoreUse& use) {
    S3Options options;
    options.endpoint = connection.setting("gcs_endpoint");
    if (options.endpoint.empty()) options.endpoint = kGoogleEndpoint;
    options.region = ascii_lower(connection.setting("gcs_region"));
    if (options.region.empty()) options.region = "auto";
    options.bucket = destination.bucket;
    options.scheme = "gs";
    options.profile = provider_profile("gcs");
    options.path_style = options.profile.path_style;
    options.credentials = fixed_credentials({connection.secret("gcs_hmac_access_id").reveal(),
                                             connection.secret("gcs_hmac_secret"), Secret()});
    options.stop = use.stop;
    options.on_part = use.on_part;
    return options;
  }

  GoogleTokens tokens_of(const Connection& connection) const {
    if (connection.service == Service::kGcsServiceAccount) {
      if (google_) return *google_;
      throw Error(ErrorCode::kForbidden,
                  "The connection '" + connection.name +
                      "' uses this server's Google service account, and there is none.",
                  "Start Sluice with --gcp-credentials FILE.");
    }
    GoogleAccount account;
    account.client_email = connection.setting("gcs_client_email");
    account.private_key = connection.secret("gcs_private_key");
    account.private_key_id = connection.setting("gcs_private_key_id");
    const std::string endpoint = connection.setting("gcs_token_endpoint");
    if (!endpoint.empty()) account.token_uri = endpoint + "/token";
    return {std::move(account), http_, clock_, random_};
  }

  static std::shared_ptr<CredentialSource> given_credentials(const Connection& connection) {
    return fixed_credentials({connection.secret("s3_access_key_id").reveal(),
                              connection.secret("s3_secret_access_key"),
                              connection.secret("s3_session_token")});
  }

  std::shared_ptr<CredentialSource> role_credentials(const Connection& connection,
                                                     const StoreUse& use) {
    const std::string endpoint = connection.setting("sts_endpoint");
    StsClient sts({http_, clock_, random_, own_}, endpoint.empty() ? sts_endpoint_ : endpoint,
                  connection.setting("s3_iamrole_region"));
    AssumeRole role{connection.setting("s3_iamrole_arn"), session_name(use),
                    connection.setting("s3_iamrole_external_id")};
    return refreshed_credentials(
        [sts = std::move(sts), role = std::move(role)](const std::stop_token& stop) {
          return sts.assume_role(role, stop);
        },
        clock_);
  }

  StoreFolders folders_;
  HttpClient& http_;
  Clock& clock_;
  Random& random_;
  const std::string sts_endpoint_;
  const std::shared_ptr<CredentialSource> own_;
  std::optional<GoogleTokens> google_;  ///< Of the server's own account.
};

}  // namespace

std::unique_ptr<StoreOpener> make_store_opener(StoreFolders folders, HttpClient& http, Clock& clock,
                                               Random& random, ServerIdentity identity) {
  return std::make_unique<Opener>(std::move(folders), http, clock, random, std::move(identity));
}

}  // namespace sluice
