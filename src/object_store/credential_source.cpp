#include "object_store/credential_source.h"

#include <utility>

namespace sluice {
namespace {

class Fixed final : public CredentialSource {
 public:
  explicit Fixed(StoreCredentials credentials) : credentials_(std::move(credentials)) {}
  StoreCredentials get(const std::stop_token&) override { return credentials_; }
  bool renew(const StoreCredentials&) override { return false; }

 private:
  const StoreCredentials credentials_;
};

class Temporary final : public CredentialSource {
 public:
  Temporary(IssueCredentials issue, Clock& clock) : credentials_(std::move(issue), clock) {}
  StoreCredentials get(const std::stop_token& stop) override { return credentials_.get(stop); }
  bool renew(const StoreCredentials& expired) override {
    // Another thread may have done it already.
    credentials_.forget([&](const StoreCredentials& current) {
      return current.access_key == expired.access_key &&
             current.session_token.reveal() == expired.session_token.reveal();
    });
    return true;
  }

 private:
  Refreshed<StoreCredentials> credentials_;
};

}  // namespace

std::shared_ptr<CredentialSource> fixed_credentials(StoreCredentials credentials) {
  return std::make_shared<Fixed>(std::move(credentials));
}

std::shared_ptr<CredentialSource> refreshed_credentials(IssueCredentials issue, Clock& clock) {
  return std::make_shared<Temporary>(std::move(issue), clock);
}

}  // namespace sluice
