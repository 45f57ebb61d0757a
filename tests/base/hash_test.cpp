#include "base/hash.h"

#include <gtest/gtest.h>

#include "base/encoding.h"
#include "base/error.h"

namespace sluice {
namespace {

const Secret kKey(std::string(32, 'k'));
const std::string kNonce = "twelve bytes";

/// FIPS 180-4 examples.
TEST(Hash, Sha256) {
  EXPECT_EQ(hex_encode(sha256("")),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(hex_encode(sha256("abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(hex_encode(sha256(std::string(1000000, 'a'))),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Hash, Sha256InPieces) {
  Sha256 hash;
  const std::string piece(1000, 'a');
  for (int i = 0; i < 1000; ++i) hash.update(piece);
  Sha256 moved = std::move(hash);
  EXPECT_EQ(moved.finish(), sha256(std::string(1000000, 'a')));
}

/// RFC 1321, A.5.
TEST(Hash, Md5) {
  EXPECT_EQ(hex_encode(md5("")), "d41d8cd98f00b204e9800998ecf8427e");
  EXPECT_EQ(hex_encode(md5("abc")), "900150983cd24fb0d6963f7d28e17f72");
}

/// RFC 4231, test cases 2 and 6.
TEST(Hash, HmacSha256) {
  EXPECT_EQ(hex_encode(hmac_sha256("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(hex_encode(hmac_sha256(std::string(131, '\xaa'),
                                   "Test Using Larger Than Block-Size Key - Hash Key First")),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
  EXPECT_EQ(hmac_sha256("", "").size(), 32U);
}

TEST(Hash, ConstantTimeComparison) {
  EXPECT_TRUE(equal_in_constant_time("secret", "secret"));
  EXPECT_TRUE(equal_in_constant_time("", ""));
  EXPECT_FALSE(equal_in_constant_time("secret", "secreT"));
  EXPECT_FALSE(equal_in_constant_time("secret", "secret "));
}

/// The GCM specification's test case 13 (all zero, no text) and 14 (one block of zeros), AES-256.
TEST(Seal, KnownAnswers) {
  const Secret zeros(std::string(32, '\0'));
  const std::string nonce(12, '\0');
  EXPECT_EQ(hex_encode(seal(zeros, nonce, "", "")),
            "000000000000000000000000530f8afbc74536b9a963b4f1c4cb738b");
  EXPECT_EQ(hex_encode(seal(zeros, nonce, std::string(16, '\0'), "")),
            "000000000000000000000000cea7403d4d606b6e074ec5d3baf39d18"
            "d0d1c8a799996bf0265b98b5d48ab919");
}

TEST(Seal, RoundTrip) {
  for (const std::string& plain : {std::string(), std::string("a"), std::string(100000, 'x')}) {
    const std::string sealed = seal(kKey, kNonce, plain, "connection 7");
    EXPECT_EQ(sealed.size(), plain.size() + 28);
    EXPECT_EQ(unseal(kKey, sealed, "connection 7").reveal(), plain);
  }
}

TEST(Seal, EveryChangeIsNoticed) {
  auto code_of = [](const Secret& key, const std::string& sealed, std::string_view context) {
    try {
      unseal(key, sealed, context);
    } catch (const Error& error) {
      return error.code();
    }
    return ErrorCode::kInternal;
  };
  const std::string sealed = seal(kKey, kNonce, "plain", "context");
  for (size_t i = 0; i < sealed.size(); ++i) {
    std::string changed = sealed;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_EQ(code_of(kKey, changed, "context"), ErrorCode::kCorrupt) << i;
    EXPECT_EQ(code_of(kKey, sealed.substr(0, i), "context"), ErrorCode::kCorrupt) << i;
  }
  EXPECT_EQ(code_of(kKey, sealed, "Context"), ErrorCode::kCorrupt);
  EXPECT_EQ(code_of(Secret(std::string(32, 'j')), sealed, "context"), ErrorCode::kCorrupt);
}

TEST(Seal, WrongSizesAreBugs) {
  EXPECT_THROW(seal(Secret("short"), kNonce, "x", ""), Error);
  EXPECT_THROW(seal(kKey, "short", "x", ""), Error);
}

}  // namespace
}  // namespace sluice
