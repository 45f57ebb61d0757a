#pragma once

#include <optional>
#include <string>

#include "object_store/sigv4.h"

namespace sluice {

/// The keys of a profile in a shared credentials file (AWS SDKs and Tools Reference Guide, "Shared
/// config and credentials files"). Nothing where file, profile or keys are not there. kStorage for
/// a file that can't be read.
std::optional<StoreCredentials> read_credentials_file(const std::string& path,
                                                      const std::string& profile);

}  // namespace sluice
