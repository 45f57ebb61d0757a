#pragma once

#include "object_store/aws_environment.h"

namespace sluice {

/// The environment variables by which AWS's SDKs learn who they are.
AwsEnvironment read_aws_environment();

}  // namespace sluice
