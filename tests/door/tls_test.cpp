#include "door/tls.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <sys/socket.h>

#include <array>
#include <cstdio>
#include <fstream>
#include <memory>
#include <thread>

#include "door/test_client.h"
#include "support/caught.h"
#include "support/rsa_key.h"
#include "support/temp_folder.h"

namespace sluice {
namespace {

using testing::HasSubstr;

/// A self-signed certificate of the test key.
void write_certificate(const std::string& path) {
  BIO* text = BIO_new_mem_buf(kTestKey, -1);
  EVP_PKEY* key = PEM_read_bio_PrivateKey(text, nullptr, nullptr, nullptr);
  X509* certificate = X509_new();
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate), 0);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
  X509_set_pubkey(certificate, key);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>("localhost"), -1, -1, 0);
  X509_set_issuer_name(certificate, X509_get_subject_name(certificate));
  X509_sign(certificate, key, EVP_sha256());
  FILE* file = std::fopen(path.c_str(), "w");
  PEM_write_X509(file, certificate);
  std::fclose(file);
  X509_free(certificate);
  EVP_PKEY_free(key);
  BIO_free(text);
}

/// A blocking TLS client over a socket that it does not own.
class Client {
 public:
  explicit Client(int socket, int newest = TLS1_3_VERSION)
      : context_(SSL_CTX_new(TLS_client_method())) {
    SSL_CTX_set_min_proto_version(context_, TLS1_VERSION);
    SSL_CTX_set_max_proto_version(context_, newest);
    SSL_CTX_set_security_level(context_, 0);
    session_ = SSL_new(context_);
    SSL_set_fd(session_, socket);
  }
  ~Client() {
    SSL_free(session_);
    SSL_CTX_free(context_);
  }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  bool connect() { return SSL_connect(session_) == 1; }
  void send(const std::string& bytes) { SSL_write(session_, bytes.data(), int(bytes.size())); }
  std::string receive() {
    std::array<char, 4096> bytes;
    const int size = SSL_read(session_, bytes.data(), int(bytes.size()));
    return size > 0 ? std::string(bytes.data(), static_cast<size_t>(size)) : std::string();
  }
  std::string version() const { return SSL_get_version(session_); }

 private:
  SSL_CTX* context_;
  SSL* session_;
};

class TlsTest : public testing::Test {
 protected:
  TlsTest() {
    write_certificate(certificate_);
    std::ofstream(key_) << kTestKey;
    EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, ends_.data()), 0);
  }
  ~TlsTest() override {
    for (int end : ends_) close(end);
  }

  TestFolder folder_;
  const std::string certificate_ = folder_ / "cert.pem";
  const std::string key_ = folder_ / "key.pem";
  std::array<int, 2> ends_ = {};
};

TEST_F(TlsTest, BytesGoBothWaysAndTheEndIsTold) {
  const TlsIdentity identity(certificate_, key_);
  std::string heard;
  std::jthread other([&] {
    Client client(ends_[1]);
    if (!client.connect()) return;
    client.send("ping");
    heard = client.version();
    heard += client.receive();
    heard += client.receive().empty() ? ", end" : ", more";
  });
  TlsSession session(identity, ends_[0]);
  std::array<char, 16> bytes;
  ASSERT_EQ(session.read(bytes.data(), bytes.size()), 4);
  EXPECT_EQ(std::string(bytes.data(), 4), "ping");
  EXPECT_EQ(session.write("pong", 4), 4);
  session.end();
  other.join();
  EXPECT_EQ(heard, "TLSv1.3pong, end");
}

TEST_F(TlsTest, OldVersionsAndOtherProtocolsAreRefused) {
  const TlsIdentity identity(certificate_, key_);
  bool connected = true;
  std::jthread other([&] { connected = Client(ends_[1], TLS1_1_VERSION).connect(); });
  TlsSession session(identity, ends_[0]);
  std::array<char, 16> bytes;
  EXPECT_EQ(session.read(bytes.data(), bytes.size()), -1);
  EXPECT_NE(errno, EAGAIN);
  shutdown(ends_[0], SHUT_WR);
  other.join();
  EXPECT_FALSE(connected);
}

TEST_F(TlsTest, PlainHttpIsToldSo) {
  const TlsIdentity identity(certificate_, key_);
  const std::string request = "GET / HTTP/1.1\r\n\r\n";
  ASSERT_EQ(send(ends_[1], request.data(), request.size(), 0), ssize_t(request.size()));
  TlsSession session(identity, ends_[0]);
  std::array<char, 16> bytes;
  EXPECT_EQ(session.read(bytes.data(), bytes.size()), -1);
  std::array<char, 4096> answer;
  const ssize_t size = recv(ends_[1], answer.data(), answer.size(), 0);
  ASSERT_GT(size, 0);
  EXPECT_THAT(std::string(answer.data(), static_cast<size_t>(size)), HasSubstr("https://"));
}

TEST_F(TlsTest, FilesThatCanNotBeUsed) {
  const Error missing = caught([&] { TlsIdentity(folder_ / "no.pem", key_); });
  EXPECT_EQ(missing.code(), ErrorCode::kInvalid);
  EXPECT_THAT(missing.what(), HasSubstr("--tls-cert"));
  std::ofstream(folder_ / "bad.pem") << "nothing";
  EXPECT_THAT(caught([&] { TlsIdentity(certificate_, folder_ / "bad.pem"); }).what(),
              HasSubstr("--tls-key"));
  // A key, but not that of the certificate.
  EVP_PKEY* other = EVP_RSA_gen(2048);
  FILE* file = std::fopen((folder_ / "other.pem").c_str(), "w");
  PEM_write_PrivateKey(file, other, nullptr, nullptr, 0, nullptr, nullptr);
  std::fclose(file);
  EVP_PKEY_free(other);
  EXPECT_THAT(caught([&] { TlsIdentity(certificate_, folder_ / "other.pem"); }).what(),
              HasSubstr("--tls-key"));
}

}  // namespace
}  // namespace sluice
