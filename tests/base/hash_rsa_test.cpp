#include "base/hash_rsa.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <string>

#include "base/encoding.h"
#include "support/caught.h"
#include "support/rsa_key.h"
#include "support/temp_folder.h"

namespace sluice {
namespace {

constexpr const char* kShortKey =
    "-----BEGIN PRIVATE KEY-----\n"
    "MIICdgIBADANBgkqhkiG9w0BAQEFAASCAmAwggJcAgEAAoGBANiufDeN9ZM2/mg2\n"
    "SAkCw3U1MgoSP9LjrzEtRXz68MqVFzs6LlbzyWDSJTqwVEgAt04/zw4eRr5vYIHp\n"
    "AaM8FUzLqGkKUk1R0JGivBp5bJsI0yGJ9yl8VCulg0TV2eCO5hlgj3F0bJUiOcbT\n"
    "A9bPJP2j8nHOV2n9HoDVKbIaE6dHAgMBAAECgYB+d6DCoBWkPeXRF1WGBNnmEA1L\n"
    "uYkM4p0/O6giISjnZItxoyymzZVM8HqQPZiDif9zKWUFXYB25/TQ/hlZl9jprUCC\n"
    "3fSSFN95SXJGLpn0DXnbYbEibcY93opBPhMBwn7D6xPum8L7fJCTQPFw24fvXY8I\n"
    "wFPLKe47GxJrzxBV+QJBAPq3cGQQl3NZ1abkC1vuwkXnEuMQTZgKoCBZsK9Q9Vd7\n"
    "VzgbkE4D8a7b/GRYdNM4A/yBIg32C4wm5eXdSlsBd5sCQQDdP29YznuquCWlywLJ\n"
    "x3mHbo7RpqEA/M2NGVtyxNvyfG5QUKNfU14cfSWfaEN+HLpU7SuJA+VybG5+Xr5u\n"
    "zifFAkAybb8/gU7VNtaQkQHv5eBRqx7TaS4STODUYPX27XPLutVaRcEK0CRGpZzo\n"
    "mho1eejjWx38bOb5s8E+MPqJv4vNAkEAtiXags+D6roubH9lbT/nYsN3m0zGsqxu\n"
    "geLFcgh2V/1vSHoK9pkJGwVBKyrInhQCp5aWx/fIN9rjYPCZcVoSTQJAM0z64gHk\n"
    "GEtys4pVA90m63izAWtbmJq1fub04Wva5XpObWL+8U7Wa/n9S/vLGYcfwLehmYg6\n"
    "yO0Mcb9hp9akxQ==\n"
    "-----END PRIVATE KEY-----\n";
constexpr const char* kCurveKey =
    "-----BEGIN PRIVATE KEY-----\n"
    "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgfP+/hwodzfJWMGsp\n"
    "wmxLTUpVNDtHdHYw1GRTUbulAyihRANCAAR/R4xXhWjTJKxjWMBm0Kc8KSV6m+N+\n"
    "GrJoZwX8eJ/DoSxpjpIV3B2VTFE4OM1HfyjrToWBEFdpRI2sWYnJ4OZl\n"
    "-----END PRIVATE KEY-----\n";

TEST(HashRsa, TellsKeysFromOtherTexts) {
  EXPECT_TRUE(is_rsa_private_key(Secret(kTestKey)));
  for (const char* bad : {"", "key", "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n",
                          kTestPublicKey, kShortKey, kCurveKey}) {
    EXPECT_FALSE(is_rsa_private_key(Secret(bad))) << bad;
    EXPECT_ERROR(rsa_sha256_signature(Secret(bad), "x"), kInvalid);
  }
  std::string cut = kTestKey;
  cut.resize(cut.size() / 2);
  EXPECT_FALSE(is_rsa_private_key(Secret(cut)));
}

/// The openssl program is another reader of keys and signatures than the code under test.
TEST(HashRsa, SignaturesAreVerifiedByAnother) {
  TestFolder folder;
  const auto write = [&](const std::string& name, const std::string& bytes) {
    std::ofstream(folder / name, std::ios::binary) << bytes;
  };
  const std::string message = "header.claims";
  write("public.pem", kTestPublicKey);
  write("message", message);
  const auto verifies = [&](const std::string& signature) {
    write("signature", signature);
    const std::string command = "openssl dgst -sha256 -verify '" + (folder / "public.pem") +
                                "' -signature '" + (folder / "signature") + "' '" +
                                (folder / "message") + "' >/dev/null 2>&1";
    return std::system(command.c_str()) == 0;
  };
  const std::string signature = rsa_sha256_signature(Secret(kTestKey), message);
  EXPECT_EQ(signature.size(), 256U);
  EXPECT_TRUE(verifies(signature));
  EXPECT_FALSE(verifies(rsa_sha256_signature(Secret(kTestKey), "another")));
}

}  // namespace
}  // namespace sluice
