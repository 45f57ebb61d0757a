#include "base/hash_rsa.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <memory>

#include "base/error.h"

namespace sluice {
namespace {

constexpr int kLeastBits = 2048;

struct KeyFree {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
struct BioFree {
  void operator()(BIO* bio) const { BIO_free(bio); }
};
struct DigestFree {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using Key = std::unique_ptr<EVP_PKEY, KeyFree>;

/// Never asks a terminal for a pass phrase.
int no_pass_phrase(char*, int, int, void*) { return 0; }

Key read_key(const Secret& pem) {
  const std::string& text = pem.reveal();
  const std::unique_ptr<BIO, BioFree> bio(
      BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
  Key key(bio ? PEM_read_bio_PrivateKey(bio.get(), nullptr, no_pass_phrase, nullptr) : nullptr);
  ERR_clear_error();
  if (key && EVP_PKEY_get_base_id(key.get()) == EVP_PKEY_RSA &&
      EVP_PKEY_get_bits(key.get()) >= kLeastBits) {
    return key;
  }
  return nullptr;
}

}  // namespace

bool is_rsa_private_key(const Secret& pem) { return read_key(pem) != nullptr; }

std::string rsa_sha256_signature(const Secret& pem, std::string_view message) {
  const Key key = read_key(pem);
  if (!key) {
    throw Error(ErrorCode::kInvalid, "A private key is not the PEM text of an RSA key.",
                "Paste it whole, from -----BEGIN PRIVATE KEY----- to -----END PRIVATE KEY-----.");
  }
  const std::unique_ptr<EVP_MD_CTX, DigestFree> context(EVP_MD_CTX_new());
  const auto* bytes = reinterpret_cast<const unsigned char*>(message.data());
  std::string out(static_cast<size_t>(EVP_PKEY_get_size(key.get())), '\0');
  size_t size = out.size();
  const bool ok =
      context &&
      EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get()) == 1 &&
      EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(out.data()), &size, bytes,
                     message.size()) == 1;
  if (!ok) throw Error(ErrorCode::kInternal, "OpenSSL failed: an RSA signature.");
  out.resize(size);
  return out;
}

}  // namespace sluice
