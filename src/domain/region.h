#pragma once

#include <string>

namespace sluice {

/// Whether a name that no provider has published may be a region, too: a store of one's own has
/// names of its own.
enum class RegionNames { kPublished, kCustom };

/// Throws kInvalid for what can't be the name of an S3 region, and, unless custom ones are
/// allowed, for what is not in AWS's list (AWS General Reference, "Amazon Simple Storage Service
/// endpoints and quotas"); the message then names those that are spelled alike.
void check_region(const std::string& region, RegionNames names = RegionNames::kCustom);

/// The same for a location of Google Cloud Storage (cloud.google.com/storage/docs/locations), in
/// any case; `auto` is one.
void check_gcs_region(const std::string& region, RegionNames names);

}  // namespace sluice
