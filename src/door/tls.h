#pragma once

#include <cstddef>
#include <memory>
#include <string>

struct ssl_st;
struct ssl_ctx_st;

namespace sluice {

/// What the server shows of itself to TLS clients: TLS 1.2 and 1.3 (RFC 9325), for HTTP/1.1 (ALPN,
/// RFC 7301). Thread-safe.
class TlsIdentity {
 public:
  /// PEM files: the certificate with its chain, its own first, and its private key. Throws kInvalid
  /// with a sentence for the command line when they can't be read or don't belong together.
  TlsIdentity(const std::string& certificate_file, const std::string& key_file);
  ~TlsIdentity();
  TlsIdentity(const TlsIdentity&) = delete;
  TlsIdentity& operator=(const TlsIdentity&) = delete;

  ssl_ctx_st* context() const { return context_; }

 private:
  ssl_ctx_st* context_;
};

/// One client's TLS over a non-blocking socket, as recv and send would be: a count, 0 at the end of
/// what the client sends, or -1 with errno. With EAGAIN `read` waits until there is something to
/// read and `write` until there is room, or, in a handshake, which goes on within both, the other
/// way around. A read gives at most one record, 16 KiB, and leaves nothing of it behind if the
/// buffer is no smaller. Not thread-safe.
class TlsSession {
 public:
  /// The socket stays its owner's and must outlive it.
  TlsSession(const TlsIdentity& identity, int socket);
  ~TlsSession();
  TlsSession(const TlsSession&) = delete;
  TlsSession& operator=(const TlsSession&) = delete;

  ptrdiff_t read(char* bytes, size_t size);
  ptrdiff_t write(const char* bytes, size_t size);
  /// Whether the last `read` waits for room, and whether the last `write` waits for something to
  /// read.
  bool read_waits_for_room() const { return read_waits_for_room_; }
  bool write_waits_for_bytes() const { return write_waits_for_bytes_; }
  /// Tells the client that nothing more comes (close_notify), as far as the socket takes it now.
  void end();

 private:
  ptrdiff_t result_of(int result, int& reason);

  ssl_st* session_;
  int socket_;
  bool read_waits_for_room_ = false;
  bool write_waits_for_bytes_ = false;
  bool broken_ = false;
};

}  // namespace sluice
