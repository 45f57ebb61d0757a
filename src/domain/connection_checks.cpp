#include "domain/connection_checks.h"

#include <algorithm>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "base/encoding.h"
#include "base/error.h"
#include "base/hash_rsa.h"

namespace sluice {
namespace {

constexpr size_t kAccountDigits = 12;
constexpr size_t kRoleNameLetters = 64;

[[noreturn]] void invalid(std::string message, std::string hint) {
  throw Error(ErrorCode::kInvalid, std::move(message), std::move(hint));
}

bool is_base_address(const std::string& endpoint) {
  std::string_view rest = endpoint;
  bool ok = rest.starts_with("https://") || rest.starts_with("http://");
  if (ok) rest.remove_prefix(rest.find("//") + 2);
  const size_t end = rest.find('/');
  ok = ok && !rest.empty() && end != 0 && (end == std::string_view::npos || end + 1 == rest.size());
  return ok && std::all_of(rest.begin(), rest.end(), [](char c) {
           return c > ' ' && c < 0x7f && c != '@' && c != '?' && c != '#';
         });
}

/// The address as a refusal may show it: passwords stand before an '@' and behind a '?'.
std::string without_secrets(const std::string& endpoint) {
  const size_t at = endpoint.rfind('@');
  const size_t begin = at == std::string::npos ? 0 : at;
  const size_t end = endpoint.find_first_of("?#", begin);
  return (at == std::string::npos ? "" : "***") + endpoint.substr(begin, end - begin) +
         (end == std::string::npos ? "" : "?***");
}

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/// The six fields of an ARN; the last holds the rest, colons included.
std::vector<std::string> arn_fields(const std::string& arn) {
  std::vector<std::string> fields;
  size_t begin = 0;
  while (fields.size() < 5) {
    const size_t colon = arn.find(':', begin);
    if (colon == std::string::npos) return {};
    fields.push_back(arn.substr(begin, colon - begin));
    begin = colon + 1;
  }
  fields.push_back(arn.substr(begin));
  return fields;
}

bool is_role_arn(const std::string& arn) {
  const std::vector<std::string> fields = arn_fields(arn);
  if (fields.size() != 6 || fields[0] != "arn" || fields[2] != "iam" || !fields[3].empty()) {
    return false;
  }
  const std::string& partition = fields[1];
  const bool known = partition == "aws" || partition == "aws-cn" || partition == "aws-us-gov" ||
                     partition.starts_with("aws-iso");
  const std::string& account = fields[4];
  const bool digits = account.size() == kAccountDigits &&
                      account.find_first_not_of("0123456789") == std::string::npos;
  if (!known || !digits || !fields[5].starts_with("role/")) return false;
  const std::string path = fields[5].substr(std::string_view("role/").size());
  const std::string name = path.substr(path.rfind('/') + 1);
  return !name.empty() && name.size() <= kRoleNameLetters && path.size() <= 512 + name.size() &&
         std::all_of(path.begin(), path.end(), [](char c) {
           return is_letter_or_digit(c) ||
                  std::string_view("+=,.@_-/").find(c) != std::string_view::npos;
         });
}

}  // namespace

void check_endpoint(Connection& connection, const std::string& name) {
  auto found = connection.settings.find(name);
  if (found == connection.settings.end()) return;
  if (!is_base_address(found->second)) {
    invalid("The " + name + " '" + without_secrets(found->second) + "' is not a base address.",
            "Give scheme, host and port only, for example https://s3.example.com:9000.");
  }
  if (found->second.back() == '/') found->second.pop_back();
}

void check_key(const Connection& connection, const std::string& name) {
  const auto found = connection.secrets.find(name);
  if (found == connection.secrets.end()) return;
  for (char c : found->second.reveal()) {
    if (c <= ' ' || c >= 0x7f) {
      invalid("The parameter " + name + " holds a space, a control or a non-ASCII character.",
              "Paste the key again without line breaks and quotes.");
    }
  }
}

void check_flag(Connection& connection, const std::string& name) {
  auto found = connection.settings.find(name);
  if (found == connection.settings.end()) return;
  const std::string value = ascii_lower(found->second);
  if (value == "true" || value == "1") {
    found->second = "true";
  } else if (value == "false" || value == "0") {
    found->second = "false";
  } else {
    invalid("The parameter " + name + " is '" + found->second + "'.", "Use true or false.");
  }
}

void check_provider(Connection& connection) {
  auto found = connection.settings.find("s3_provider");
  if (found == connection.settings.end()) return;
  const std::string name = ascii_lower(trim(found->second));
  std::string all;
  for (const std::string_view known : kS3Providers) {
    if (name == known) {
      found->second = name;
      return;
    }
    all += (all.empty() ? "" : ", ") + std::string(known);
  }
  invalid("The provider '" + found->second + "' is not known.",
          "Use one of: " + all + "; or leave s3_provider out: the endpoint tells it.");
}

void check_word(const Connection& connection, const std::string& name, const std::string& words) {
  const std::string value = connection.setting(name);
  if (value.empty()) return;
  std::istringstream all(words);
  for (std::string word; all >> word;) {
    if (word == value) return;
  }
  invalid("The parameter " + name + " is '" + value + "'.", "Use one of: " + words + ".");
}

void check_role_arn(const Connection& connection, const std::string& name) {
  const std::string arn = connection.setting(name);
  if (is_role_arn(arn)) return;
  invalid("The parameter " + name + " is '" + arn + "', which is not the ARN of a role.",
          "It looks like arn:aws:iam::123456789012:role/sluice; the role's page in the IAM console "
          "shows it.");
}

void check_account_email(const Connection& connection, const std::string& name) {
  const std::string email = connection.setting(name);
  if (email.empty()) return;
  const size_t at = email.find('@');
  const bool ok =
      at != std::string::npos && at > 0 && email.find('@', at + 1) == std::string::npos &&
      email.find('.', at) != std::string::npos && email.size() <= 320 &&
      std::all_of(email.begin(), email.end(), [](char c) {
        return is_letter_or_digit(c) || std::string_view("@._+-").find(c) != std::string_view::npos;
      });
  if (ok) return;
  invalid("The parameter " + name + " is '" + email + "', which is no account's address.",
          "It looks like sluice@project.iam.gserviceaccount.com.");
}

void check_private_key(Connection& connection, const std::string& name) {
  const auto found = connection.secrets.find(name);
  if (found == connection.secrets.end()) return;
  std::string text = found->second.reveal();
  for (size_t at = text.find("\\n"); at != std::string::npos; at = text.find("\\n", at)) {
    text.replace(at, 2, "\n");
  }
  found->second = Secret(std::move(text));
  if (is_rsa_private_key(found->second)) return;
  invalid("The parameter " + name + " is not the PEM text of an RSA key.",
          "Paste it whole, from -----BEGIN PRIVATE KEY----- to -----END PRIVATE KEY-----, as the "
          "JSON key file has it.");
}

void check_object_settings(const Connection& connection) {
  check_word(connection, "s3_server_side_encryption", "AES256 aws:kms aws:kms:dsse");
  check_word(connection, "s3_storage_class",
             "STANDARD STANDARD_IA ONEZONE_IA INTELLIGENT_TIERING GLACIER_IR GLACIER DEEP_ARCHIVE "
             "REDUCED_REDUNDANCY EXPRESS_ONEZONE OUTPOSTS");
  check_word(connection, "s3_acl",
             "private public-read public-read-write authenticated-read aws-exec-read "
             "bucket-owner-read bucket-owner-full-control");
  const std::string key = connection.setting("s3_kms_key_id");
  if (key.empty()) return;
  if (!connection.setting("s3_server_side_encryption").starts_with("aws:kms")) {
    invalid("The parameter s3_kms_key_id is there and s3_server_side_encryption is not aws:kms.",
            "Give s3_server_side_encryption=aws:kms, too, or leave the key out.");
  }
  const bool ok =
      key.size() <= 2048 && std::all_of(key.begin(), key.end(), [](char c) {
        return is_letter_or_digit(c) || std::string_view(":/_-").find(c) != std::string_view::npos;
      });
  if (!ok) {
    invalid("The parameter s3_kms_key_id is '" + key + "', which is no key of KMS.",
            "Give the key's id, its ARN, or alias/NAME.");
  }
}

void check_root(Connection& connection) {
  std::string& root = connection.settings["root"];
  if (root.empty()) root = connection.name;
  const bool ok = root != "." && root != ".." && !root.starts_with('.') && root.size() <= 128 &&
                  root.find_first_of(std::string_view("/\\\0", 3)) == std::string::npos &&
                  is_utf8(root);
  bool printable = true;
  for (char c : root) printable = printable && static_cast<unsigned char>(c) >= ' ' && c != 0x7f;
  if (!ok || !printable) {
    invalid("The root '" + root + "' is not one folder name.",
            "Give a plain name without slashes and not starting with a dot; the folder is made "
            "under the server's --local-root.");
  }
}

}  // namespace sluice
