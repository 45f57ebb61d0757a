#include "door/tls.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <string_view>

#include "base/error.h"

namespace sluice {
namespace {

constexpr std::string_view kPlainAnswer =
    "HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Type: application/json\r\n"
    "Content-Length: 77\r\n\r\n"
    "{\"error\": \"This port speaks HTTPS. Use https://.\", \"documentation\": \"/docs\"}\n";

std::string last_reason() {
  const char* reason = ERR_reason_error_string(ERR_peek_last_error());
  ERR_clear_error();
  return reason == nullptr ? "unknown reason" : reason;
}

Error bad_file(const std::string& flag, const std::string& file) {
  return {ErrorCode::kInvalid, flag + " " + file + " can't be used: " + last_reason() + ".",
          "Give PEM files: the certificate with its chain, and its unencrypted private key."};
}

int choose_protocol(SSL*, const unsigned char** out, unsigned char* size, const unsigned char* in,
                    unsigned int in_size, void*) {
  static constexpr std::array<unsigned char, 9> kHttp11 = {8,   'h', 't', 't', 'p',
                                                           '/', '1', '.', '1'};
  unsigned char* chosen = nullptr;
  if (SSL_select_next_proto(&chosen, size, kHttp11.data(), kHttp11.size(), in, in_size) !=
      OPENSSL_NPN_NEGOTIATED) {
    return SSL_TLSEXT_ERR_NOACK;
  }
  *out = chosen;
  return SSL_TLSEXT_ERR_OK;
}

}  // namespace

TlsIdentity::TlsIdentity(const std::string& certificate_file, const std::string& key_file)
    : context_(SSL_CTX_new(TLS_server_method())) {
  if (context_ == nullptr) throw Error(ErrorCode::kInternal, "OpenSSL has no memory for TLS.");
  SSL_CTX_set_min_proto_version(context_, TLS1_2_VERSION);
  SSL_CTX_set_options(context_, SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE |
                                    SSL_OP_IGNORE_UNEXPECTED_EOF);
  SSL_CTX_set_mode(context_, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                 SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_alpn_select_cb(context_, choose_protocol, nullptr);
  // Never ask a terminal for a passphrase.
  SSL_CTX_set_default_passwd_cb(context_, [](char*, int, int, void*) { return -1; });
  try {
    if (SSL_CTX_use_certificate_chain_file(context_, certificate_file.c_str()) != 1) {
      throw bad_file("--tls-cert", certificate_file);
    }
    if (SSL_CTX_use_PrivateKey_file(context_, key_file.c_str(), SSL_FILETYPE_PEM) != 1) {
      throw bad_file("--tls-key", key_file);
    }
  } catch (...) {
    SSL_CTX_free(context_);
    throw;
  }
}

TlsIdentity::~TlsIdentity() { SSL_CTX_free(context_); }

TlsSession::TlsSession(const TlsIdentity& identity, int socket)
    : session_(SSL_new(identity.context())), socket_(socket) {
  if (session_ == nullptr || SSL_set_fd(session_, socket) != 1) {
    SSL_free(session_);
    throw Error(ErrorCode::kInternal, "OpenSSL has no memory for a connection.");
  }
  SSL_set_accept_state(session_);
}

TlsSession::~TlsSession() { SSL_free(session_); }

ptrdiff_t TlsSession::read(char* bytes, size_t size) {
  ERR_clear_error();
  int reason = SSL_ERROR_NONE;
  const ptrdiff_t count = result_of(
      SSL_read(session_, bytes, static_cast<int>(std::min<size_t>(size, INT_MAX))), reason);
  read_waits_for_room_ = reason == SSL_ERROR_WANT_WRITE;
  return count;
}

ptrdiff_t TlsSession::write(const char* bytes, size_t size) {
  ERR_clear_error();
  int reason = SSL_ERROR_NONE;
  const ptrdiff_t count = result_of(
      SSL_write(session_, bytes, static_cast<int>(std::min<size_t>(size, INT_MAX))), reason);
  write_waits_for_bytes_ = reason == SSL_ERROR_WANT_READ;
  return count;
}

ptrdiff_t TlsSession::result_of(int result, int& reason) {
  if (result > 0) return result;
  reason = SSL_get_error(session_, result);
  if (reason == SSL_ERROR_WANT_READ || reason == SSL_ERROR_WANT_WRITE) {
    errno = EAGAIN;
    return -1;
  }
  if (reason == SSL_ERROR_ZERO_RETURN) return 0;
  if (reason == SSL_ERROR_SSL && ERR_GET_REASON(ERR_peek_error()) == SSL_R_HTTP_REQUEST) {
    send(socket_, kPlainAnswer.data(), kPlainAnswer.size(), MSG_NOSIGNAL);
  }
  ERR_clear_error();
  broken_ = true;
  errno = ECONNABORTED;
  return -1;
}

void TlsSession::end() {
  // After a fatal error there must be no further call (SSL_get_error(3)).
  if (!broken_ && SSL_is_init_finished(session_) == 1) SSL_shutdown(session_);
  ERR_clear_error();
}

}  // namespace sluice
