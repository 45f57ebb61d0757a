#pragma once

#include <optional>
#include <stop_token>

#include "net/http_client.h"
#include "object_store/aws_environment.h"
#include "object_store/credential_source.h"

namespace sluice {

/// Keys that the container's agent gives (Amazon ECS Developer Guide, "Task IAM role"; Amazon EKS
/// User Guide, "EKS Pod Identity"). Nothing where the environment names none. kInvalid for an
/// address that is neither https, nor loopback, nor one of the agents', kUnavailable when it does
/// not answer as it must.
std::optional<IssuedCredentials> container_credentials(const AwsEnvironment& environment,
                                                       HttpClient& http,
                                                       const std::stop_token& stop);

/// Keys of the instance's role, by IMDSv2 (Amazon EC2 User Guide, "Use the Instance Metadata
/// Service"; version 1 is not asked). Nothing where no such service answers, or the instance has no
/// role. kUnavailable when it answers something else.
std::optional<IssuedCredentials> instance_credentials(const AwsEnvironment& environment,
                                                      HttpClient& http,
                                                      const std::stop_token& stop);

}  // namespace sluice
