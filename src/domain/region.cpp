#include "domain/region.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "base/encoding.h"
#include "base/error.h"

namespace sluice {
namespace {

constexpr std::string_view kAws[] = {
    "af-south-1",     "ap-east-1",      "ap-east-2",      "ap-northeast-1", "ap-northeast-2",
    "ap-northeast-3", "ap-south-1",     "ap-south-2",     "ap-southeast-1", "ap-southeast-2",
    "ap-southeast-3", "ap-southeast-4", "ap-southeast-5", "ap-southeast-6", "ap-southeast-7",
    "ca-central-1",   "ca-west-1",      "cn-north-1",     "cn-northwest-1", "eu-central-1",
    "eu-central-2",   "eu-north-1",     "eu-south-1",     "eu-south-2",     "eu-west-1",
    "eu-west-2",      "eu-west-3",      "il-central-1",   "me-central-1",   "me-south-1",
    "mx-central-1",   "sa-east-1",      "us-east-1",      "us-east-2",      "us-gov-east-1",
    "us-gov-west-1",  "us-west-1",      "us-west-2"};

constexpr std::string_view kGoogle[] = {"africa-south1",
                                        "asia",
                                        "asia-east1",
                                        "asia-east2",
                                        "asia-northeast1",
                                        "asia-northeast2",
                                        "asia-northeast3",
                                        "asia-south1",
                                        "asia-south2",
                                        "asia-southeast1",
                                        "asia-southeast2",
                                        "asia-southeast3",
                                        "asia1",
                                        "australia-southeast1",
                                        "australia-southeast2",
                                        "auto",
                                        "eu",
                                        "eur4",
                                        "eur5",
                                        "eur7",
                                        "eur8",
                                        "europe-central2",
                                        "europe-north1",
                                        "europe-north2",
                                        "europe-southwest1",
                                        "europe-west1",
                                        "europe-west10",
                                        "europe-west12",
                                        "europe-west2",
                                        "europe-west3",
                                        "europe-west4",
                                        "europe-west6",
                                        "europe-west8",
                                        "europe-west9",
                                        "me-central1",
                                        "me-central2",
                                        "me-west1",
                                        "nam4",
                                        "northamerica-northeast1",
                                        "northamerica-northeast2",
                                        "northamerica-south1",
                                        "southamerica-east1",
                                        "southamerica-west1",
                                        "us",
                                        "us-central1",
                                        "us-east1",
                                        "us-east4",
                                        "us-east5",
                                        "us-south1",
                                        "us-west1",
                                        "us-west2",
                                        "us-west3",
                                        "us-west4"};

bool is_well_formed(const std::string& region) {
  return !region.empty() && region.size() <= 64 &&
         std::all_of(region.begin(), region.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
         });
}

/// Those of the same part of the world, or all of it is a guess.
std::string alike(std::string_view region) {
  const std::string_view begin = region.substr(0, region.find('-'));
  std::string out;
  for (const std::string_view known : kAws) {
    if (known.substr(0, known.find('-')) == begin) {
      out += (out.empty() ? "" : ", ") + std::string(known);
    }
  }
  return out;
}

}  // namespace

void check_gcs_region(const std::string& region, RegionNames names) {
  const std::string name = ascii_lower(region);
  if (!is_well_formed(name)) {
    throw Error(ErrorCode::kInvalid, "The region name '" + region + "' is invalid.",
                "Use the bucket's location, for example europe-west1, or auto.");
  }
  if (names == RegionNames::kCustom) return;
  if (std::find(std::begin(kGoogle), std::end(kGoogle), name) != std::end(kGoogle)) return;
  throw Error(ErrorCode::kInvalid,
              "The region name '" + region + "' is invalid: Google Cloud Storage has none such.",
              "Use the bucket's location, for example europe-west1 or us, or auto; "
              "--custom-regions lets every name through.");
}

void check_region(const std::string& region, RegionNames names) {
  if (!is_well_formed(region)) {
    throw Error(ErrorCode::kInvalid, "The region name '" + region + "' is invalid.",
                "Use the store's region, for example us-east-1; it has lower-case letters, digits "
                "and hyphens only.");
  }
  if (names == RegionNames::kCustom) return;
  if (std::find(std::begin(kAws), std::end(kAws), region) != std::end(kAws)) return;
  const std::string others = alike(region);
  throw Error(ErrorCode::kInvalid,
              "The region name '" + region + "' is invalid: AWS has none such.",
              (others.empty() ? "Use for example us-east-1 or eu-west-1"
                              : "Those that begin alike: " + others) +
                  "; a store of another provider needs its s3_endpoint, and --custom-regions lets "
                  "every name through.");
}

}  // namespace sluice
