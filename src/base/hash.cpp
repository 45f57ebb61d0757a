#include "base/hash.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/error.h"

namespace sluice {
namespace {

constexpr size_t kKeyBytes = 32;
constexpr size_t kNonceBytes = 12;
constexpr size_t kTagBytes = 16;

const unsigned char* raw(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}
unsigned char* raw(std::string& bytes) { return reinterpret_cast<unsigned char*>(bytes.data()); }

void require(bool ok, const char* what) {
  if (!ok) throw Error(ErrorCode::kInternal, std::string("OpenSSL failed: ") + what + ".");
}

std::string digest(const EVP_MD* kind, std::string_view bytes) {
  std::string out(static_cast<size_t>(EVP_MD_get_size(kind)), '\0');
  unsigned int size = 0;
  require(EVP_Digest(bytes.data(), bytes.size(), raw(out), &size, kind, nullptr) == 1, "digest");
  return out;
}

struct CipherFree {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Cipher = std::unique_ptr<EVP_CIPHER_CTX, CipherFree>;

Cipher new_cipher(const Secret& key) {
  require(key.reveal().size() == kKeyBytes, "the key is not 32 bytes long");
  Cipher cipher(EVP_CIPHER_CTX_new());
  require(cipher != nullptr, "cipher context");
  return cipher;
}

int length(std::string_view bytes) { return static_cast<int>(bytes.size()); }

}  // namespace

std::string sha256(std::string_view bytes) { return digest(EVP_sha256(), bytes); }
std::string md5(std::string_view bytes) { return digest(EVP_md5(), bytes); }

std::string hmac_sha256(std::string_view key, std::string_view message) {
  std::string out(EVP_MAX_MD_SIZE, '\0');
  unsigned int size = 0;
  require(HMAC(EVP_sha256(), key.data(), length(key), raw(message), message.size(), raw(out),
               &size) != nullptr,
          "HMAC");
  out.resize(size);
  return out;
}

struct Sha256::State {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() { EVP_MD_CTX_free(context); }
};

Sha256::Sha256() : state_(std::make_unique<State>()) {
  require(EVP_DigestInit_ex(state_->context, EVP_sha256(), nullptr) == 1, "SHA-256");
}
Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

void Sha256::update(std::string_view bytes) {
  require(EVP_DigestUpdate(state_->context, bytes.data(), bytes.size()) == 1, "SHA-256");
}

std::string Sha256::finish() {
  std::string out(32, '\0');
  require(EVP_DigestFinal_ex(state_->context, raw(out), nullptr) == 1, "SHA-256");
  return out;
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string seal(const Secret& key, std::string_view nonce, std::string_view plain,
                 std::string_view context) {
  Cipher cipher = new_cipher(key);
  require(nonce.size() == kNonceBytes, "the nonce is not 12 bytes long");
  std::string body(plain.size(), '\0');
  std::string tag(kTagBytes, '\0');
  int size = 0;
  bool ok = EVP_EncryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, raw(key.reveal()),
                               raw(nonce)) == 1 &&
            EVP_EncryptUpdate(cipher.get(), nullptr, &size, raw(context), length(context)) == 1 &&
            EVP_EncryptUpdate(cipher.get(), raw(body), &size, raw(plain), length(plain)) == 1 &&
            EVP_EncryptFinal_ex(cipher.get(), raw(body) + size, &size) == 1 &&
            EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, kTagBytes, tag.data()) == 1;
  require(ok, "AES-256-GCM");
  return std::string(nonce) + body + tag;
}

Secret unseal(const Secret& key, std::string_view sealed, std::string_view context) {
  const Error broken(ErrorCode::kCorrupt, "A stored secret can't be decrypted.",
                     "Start Sluice with the secret.key file (or SLUICE_SECRET_KEY) that the data "
                     "folder was made with.");
  if (sealed.size() < kNonceBytes + kTagBytes) throw broken;
  Cipher cipher = new_cipher(key);
  std::string_view nonce = sealed.substr(0, kNonceBytes);
  std::string_view body = sealed.substr(kNonceBytes, sealed.size() - kNonceBytes - kTagBytes);
  std::string tag(sealed.substr(sealed.size() - kTagBytes));
  std::string plain(body.size(), '\0');
  int size = 0;
  bool ok = EVP_DecryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, raw(key.reveal()),
                               raw(nonce)) == 1 &&
            EVP_DecryptUpdate(cipher.get(), nullptr, &size, raw(context), length(context)) == 1 &&
            EVP_DecryptUpdate(cipher.get(), raw(plain), &size, raw(body), length(body)) == 1 &&
            EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, kTagBytes, tag.data()) == 1 &&
            EVP_DecryptFinal_ex(cipher.get(), raw(plain) + size, &size) == 1;
  if (!ok) throw broken;
  return Secret(std::move(plain));
}

}  // namespace sluice
