#pragma once

#include <string>

#include "base/secret.h"

namespace sluice {

/// A service account of Google Cloud, as its JSON key file has it.
struct GoogleAccount {
  std::string client_email;
  Secret private_key;          ///< PEM.
  std::string private_key_id;  ///< May be empty.
  /// Where tokens are to be had.
  std::string token_uri = "https://oauth2.googleapis.com/token";
};

/// Reads a key file as Google's console makes it. kInvalid that names the file and what is wrong
/// with it; kStorage when it can't be read.
GoogleAccount read_google_account(const std::string& path);

}  // namespace sluice
