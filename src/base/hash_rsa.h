#pragma once

#include <string>
#include <string_view>

#include "base/secret.h"

namespace sluice {

/// Whether this is the PEM text of an RSA private key of at least 2,048 bits (PKCS #8 or #1,
/// without a pass phrase).
bool is_rsa_private_key(const Secret& pem);

/// RSASSA-PKCS1-v1_5 over SHA-256 (RFC 8017, section 8.2; `RS256` of RFC 7518), raw bytes. kInvalid
/// for what is_rsa_private_key refuses.
std::string rsa_sha256_signature(const Secret& pem, std::string_view message);

}  // namespace sluice
