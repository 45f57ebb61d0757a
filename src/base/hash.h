#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/secret.h"

namespace sluice {

/// Digests are raw bytes (32 for SHA-256, 16 for MD5); `hex_encode` makes them text.
/// FIPS 180-4 and RFC 1321. Failures of OpenSSL are `kInternal`.
std::string sha256(std::string_view bytes);
std::string md5(std::string_view bytes);
/// RFC 2104 over SHA-256.
std::string hmac_sha256(std::string_view key, std::string_view message);

/// SHA-256 over bytes that come in pieces. Not thread-safe.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;
  void update(std::string_view bytes);
  /// The digest; the object must not be used afterwards.
  std::string finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Compares without telling by time where two values differ (their lengths may show).
bool equal_in_constant_time(std::string_view a, std::string_view b);

/// AES-256-GCM (NIST SP 800-38D). `key` is 32 bytes, `nonce` 12 bytes that must never repeat under
/// one key; the result is nonce + ciphertext + 16-byte tag. `context` is authenticated, not stored.
std::string seal(const Secret& key, std::string_view nonce, std::string_view plain,
                 std::string_view context);
/// Undoes `seal`; `kCorrupt` when key, context or bytes are not the sealed ones.
Secret unseal(const Secret& key, std::string_view sealed, std::string_view context);

}  // namespace sluice
