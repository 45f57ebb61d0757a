#pragma once

#include <memory>

#include "base/clock.h"
#include "net/http_client.h"
#include "object_store/aws_environment.h"
#include "object_store/credential_source.h"

namespace sluice {

/// The process's own AWS keys, from the first of these that has any, as AWS's SDKs look for them:
/// environment, shared credentials file, container, instance. Those that expire are refreshed;
/// those of the file are read again every few minutes. Where none is found `get` throws kForbidden
/// that says where it was looked. `http` and `clock` must outlive it.
std::shared_ptr<CredentialSource> own_credentials(AwsEnvironment environment, HttpClient& http,
                                                  Clock& clock);

}  // namespace sluice
