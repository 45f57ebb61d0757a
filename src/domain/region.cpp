#include "domain/region.h"

#include <algorithm>
#include <array>
#include <string_view>

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
