#include "object_store/google_account.h"

#include <cerrno>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/hash_rsa.h"
#include "object_store/file_error.h"

namespace sluice {
namespace {

std::string text_of(const nlohmann::json& file, const char* name) {
  const auto found = file.find(name);
  return found != file.end() && found->is_string() ? found->get<std::string>() : std::string();
}

}  // namespace

GoogleAccount read_google_account(const std::string& path) {
  errno = 0;
  std::ifstream stream(path);
  if (!stream) throw file_error(errno, "reading", path);
  const std::string text{std::istreambuf_iterator<char>(stream), {}};
  const nlohmann::json file = nlohmann::json::parse(text, nullptr, false);
  const auto invalid = [&](const std::string& why) {
    return Error(ErrorCode::kInvalid, "The credentials file " + path + " " + why + ".",
                 "Give the JSON key of a service account, as Google's console makes it.");
  };
  if (!file.is_object()) throw invalid("is not JSON");
  if (text_of(file, "type") != "service_account") throw invalid("is not of a service account");
  GoogleAccount account;
  account.client_email = text_of(file, "client_email");
  account.private_key = Secret(text_of(file, "private_key"));
  account.private_key_id = text_of(file, "private_key_id");
  if (const std::string uri = text_of(file, "token_uri"); !uri.empty()) account.token_uri = uri;
  if (account.client_email.empty()) throw invalid("has no client_email");
  if (!is_rsa_private_key(account.private_key)) throw invalid("has no RSA private_key");
  return account;
}

}  // namespace sluice
