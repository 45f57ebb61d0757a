#include <algorithm>
#include <nlohmann/json.hpp>

#include "api/handlers.h"
#include "api/reply.h"
#include "base/error.h"

namespace sluice {
namespace {

using nlohmann::json;

constexpr const char* kPolicyVersion = "2012-10-17";
constexpr const char* kPlaceholder = "<bucket>";

/// Throws kNotFound while nobody has said which principal assumes the roles.
const std::string& principal(const ApiParts& parts) {
  if (!parts.aws_principal.empty()) return parts.aws_principal;
  throw Error(ErrorCode::kNotFound, "The S3 role integration is not configured here.",
              "Start Sluice with --aws-principal, the ARN that it calls AWS as.");
}

std::string bucket_of(const ApiCall& call) {
  const std::string bucket = call.parameters.text("bucket").value_or("");
  if (bucket.empty()) return kPlaceholder;
  const bool plain = std::all_of(bucket.begin(), bucket.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
  });
  if (bucket.size() >= 3 && bucket.size() <= 63 && plain) return bucket;
  throw Error(ErrorCode::kInvalid, "'" + bucket.substr(0, 100) + "' is no name of a bucket.",
              "Use 3 to 63 lower-case letters, digits, dots and hyphens.");
}

DoorResponse policy(const std::string& bucket, const json& on_bucket, const json& on_objects) {
  const std::string arn = "arn:aws:s3:::" + bucket;
  return reply({{"Version", kPolicyVersion},
                {"Statement",
                 {{{"Effect", "Allow"}, {"Action", on_bucket}, {"Resource", arn}},
                  {{"Effect", "Allow"}, {"Action", on_objects}, {"Resource", arn + "/*"}}}}});
}

}  // namespace

DoorResponse get_trust_policy(const ApiParts& parts, const ApiCall&) {
  const json condition = {{"StringEquals", {{"sts:ExternalId", parts.workspace.external_id()}}}};
  const json statement = {{"Effect", "Allow"},
                          {"Action", "sts:AssumeRole"},
                          {"Principal", {{"AWS", principal(parts)}}},
                          {"Condition", condition}};
  return reply({{"Version", kPolicyVersion}, {"Statement", json::array({statement})}});
}

DoorResponse get_write_policy(const ApiParts&, const ApiCall& call) {
  // The last of each: uploads wait in parts, which have to be found again and ended.
  return policy(
      bucket_of(call), {"s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"},
      {"s3:GetObject", "s3:PutObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"});
}

DoorResponse get_access_policy(const ApiParts& parts, const ApiCall& call) {
  return get_write_policy(parts, call);
}

DoorResponse get_read_policy(const ApiParts&, const ApiCall& call) {
  return policy(bucket_of(call), {"s3:GetBucketLocation", "s3:ListBucket"}, {"s3:GetObject"});
}

DoorResponse get_role_settings(const ApiParts& parts, const ApiCall&) {
  return reply({{"principal", principal(parts)}, {"external_id", parts.workspace.external_id()}});
}

DoorResponse get_google_account(const ApiParts& parts, const ApiCall&) {
  if (parts.google_account.empty()) {
    throw Error(ErrorCode::kBusy, "No Google service account is configured here.",
                "Start Sluice with --gcp-credentials, the account's JSON key file.");
  }
  return reply({{"account", parts.google_account}});
}

}  // namespace sluice
