#include "door/client_connection.h"

#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <utility>

namespace sluice {
namespace {

using Stage = RequestReader::Stage;

constexpr size_t kReadBytes = 64 * 1024;
/// Reads in one turn, so that one fast sender does not hold up the others.
constexpr int kReadsPerTurn = 4;
/// Progress that earns a client a fresh deadline.
constexpr size_t kBodyStride = 1024 * 1024;
constexpr size_t kWriteStride = 64 * 1024;
/// A body goes to the spool in pieces of so many bytes at least. While one is written, so many more
/// are read ahead at most: a disk that is slower than the client holds up the client.
constexpr size_t kSpoolPiece = 64 * 1024;
constexpr size_t kSpoolAhead = 256 * 1024;

/// A client that is so far behind with a stream does not read it.
constexpr size_t kMostBehind = 1024 * 1024;

bool would_block() { return errno == EAGAIN || errno == EWOULDBLOCK; }

/// What is read lands here first; connections copy what they keep. One poller, one buffer.
std::array<char, kReadBytes>& read_buffer() {
  thread_local std::array<char, kReadBytes> buffer;
  return buffer;
}

}  // namespace

ClientConnection::ClientConnection(Accepted client, const DoorOptions& options,
                                   const AnswerMarks& marks, const BodyLimit& body_limit,
                                   const SpoolBudget& budget, DoorTime now)
    : client_(std::move(client)),
      tls_(options.tls ? std::make_unique<TlsSession>(*options.tls, client_.socket.fd()) : nullptr),
      options_(options),
      marks_(marks),
      budget_(budget),
      reader_(options.head_bytes, body_limit),
      since_(now),
      deadline_(now + options.idle_deadline) {}

bool ClientConnection::wants_read() const {
  // While a stream is sent, reading shows when the client has gone.
  const bool reading = (phase_ == Phase::kReading && !is_paused()) || phase_ == Phase::kLingering ||
                       phase_ == Phase::kStreaming;
  return reading || (tls_ && !out_.empty() && tls_->write_waits_for_bytes());
}

/// An answer that waits for the client's part of a handshake must not wake the poller for ever.
bool ClientConnection::wants_write() const {
  if (!out_.empty()) return !tls_ || !tls_->write_waits_for_bytes();
  return tls_ && phase_ == Phase::kReading && !is_paused() && tls_->read_waits_for_room();
}

/// No more is read until it is known whether the body may come, or until the disk has taken some.
bool ClientConnection::is_paused() const {
  return spool_ == Spool::kAsking || (writing_ && reader_.unspooled() >= kSpoolAhead);
}

bool ClientConnection::is_idle() const {
  return phase_ == Phase::kReading && reader_.stage() == Stage::kIdle;
}

bool ClientConnection::is_reading_head() const {
  return phase_ == Phase::kReading && reader_.stage() == Stage::kHead;
}

bool ClientConnection::is_reading_body() const {
  return phase_ == Phase::kReading && reader_.stage() == Stage::kBody;
}

ClientConnection::Next ClientConnection::on_ready(DoorTime now) {
  if (phase_ == Phase::kLingering) return discard();
  if (!out_.empty()) {
    const Next next = flush(now);
    if (next != Next::kWait || (phase_ != Phase::kReading && !is_streaming())) return next;
  }
  if (is_streaming()) return discard();
  return phase_ == Phase::kReading && !is_paused() ? receive(now) : Next::kWait;
}

ClientConnection::Next ClientConnection::on_answer(RawAnswer answer, DoorTime now) {
  // A question may have been overtaken: the connection was refused for want of memory, say.
  const bool awaited = phase_ == Phase::kWorking || spool_ == Spool::kAsking;
  return awaited ? begin_answer(std::move(answer), now) : Next::kWait;
}

ClientConnection::Next ClientConnection::begin_answer(RawAnswer answer, DoorTime now) {
  if (spool_ == Spool::kAsking) spool_ = Spool::kNone;
  phase_ = answer.stream ? Phase::kStreaming : Phase::kWriting;
  // After "100 Continue" bytes that may still wait: answers follow in order.
  out_.erase(0, sent_);
  sent_ = 0;
  out_ = out_.empty() ? std::move(answer.bytes) : out_ + answer.bytes;
  close_after_ = answer.close || draining_;
  moved_ = 0;
  deadline_ = now + options_.write_deadline;
  return flush(now);
}

ClientConnection::Next ClientConnection::on_piece(std::string_view bytes, bool last, DoorTime now) {
  if (!is_streaming()) return Next::kWait;
  if (out_.size() - sent_ + bytes.size() > kMostBehind) return Next::kClose;
  if (out_.empty()) deadline_ = now + options_.write_deadline;
  out_.append(bytes);
  if (last) {
    phase_ = Phase::kWriting;
    moved_ = sent_;
  }
  return flush(now);
}

ClientConnection::Next ClientConnection::on_admitted(DoorTime now) {
  if (spool_ != Spool::kAsking) return Next::kWait;
  spool_ = Spool::kOpen;
  watched_ = Stage::kIdle;  // its time begins now
  return progress(now);
}

ClientConnection::Next ClientConnection::on_spooled(BodySpool::Written written, DoorTime now) {
  writing_ = false;
  being_written_ = 0;
  if (spool_ != Spool::kOpen) return Next::kWait;
  if (written.fault || written.body) spool_ = Spool::kNone;
  if (written.fault) return refuse(*written.fault, now);
  if (written.body) {
    upload_ = std::move(written.body);
    return Next::kDispatch;
  }
  if (phase_ == Phase::kReading && deadline_ == kNever) deadline_ = now + options_.body_deadline;
  return Next::kWait;
}

std::optional<ClientConnection::BodyPiece> ClientConnection::take_piece() {
  if (spool_ != Spool::kOpen || writing_) return std::nullopt;
  if (phase_ != Phase::kReading && phase_ != Phase::kWorking) return std::nullopt;
  const bool last = reader_.stage() == Stage::kComplete;
  if (!last && reader_.unspooled() < kSpoolPiece) return std::nullopt;
  writing_ = true;
  BodyPiece piece{reader_.take_unspooled(), last};
  being_written_ = piece.bytes.capacity();
  return piece;
}

bool ClientConnection::abandons_body() {
  if (spool_ != Spool::kOpen || phase_ == Phase::kReading || phase_ == Phase::kWorking)
    return false;
  spool_ = Spool::kNone;
  return true;
}

ClientConnection::Next ClientConnection::refuse(const Fault& fault, DoorTime now) {
  return begin_answer(fault_answer(fault, marks_, reader_.is_head_request()), now);
}

ClientConnection::Next ClientConnection::on_deadline(DoorTime now) {
  if (is_reading_head()) return refuse({408, "The request head took too long to arrive."}, now);
  if (is_reading_body()) return refuse({408, "The request body took too long to arrive."}, now);
  return Next::kClose;
}

ClientConnection::Next ClientConnection::drain(DoorTime now) {
  draining_ = true;
  if (is_streaming()) return Next::kClose;  // It would not end by itself; the client comes again.
  if (!is_idle() && !is_reading_head()) return Next::kWait;
  // A request that reached this machine before the stop is still served.
  const Next next = receive(now);
  return next == Next::kWait && (is_idle() || is_reading_head()) ? Next::kClose : next;
}

CompleteRequest ClientConnection::take_request() {
  CompleteRequest request = reader_.take();
  request.upload = std::move(upload_);
  request.remote_address = client_.remote_address;
  if (draining_) request.head.keep_alive = false;
  return request;
}

CompleteRequest ClientConnection::question() const {
  return {reader_.head(), {}, reader_.rule(), nullptr, client_.remote_address};
}

ClientConnection::Next ClientConnection::receive(DoorTime now) {
  std::array<char, kReadBytes>& buffer = read_buffer();
  for (int i = 0; i < kReadsPerTurn; ++i) {
    const ptrdiff_t size = read_some(buffer.data(), buffer.size());
    if (size == 0) return Next::kClose;
    if (size < 0) return would_block() ? Next::kWait : Next::kClose;
    reader_.feed({buffer.data(), static_cast<size_t>(size)});
    const Next next = progress(now);
    if (next != Next::kWait || phase_ != Phase::kReading || is_paused()) return next;
    // Most requests come in one piece; asking again would only be told to wait. TLS gives a record
    // at a time.
    if (!tls_ && static_cast<size_t>(size) < buffer.size()) break;
  }
  return Next::kWait;
}

/// Acts on what the reader has found.
ClientConnection::Next ClientConnection::progress(DoorTime now) {
  if (reader_.stage() == Stage::kFault) return refuse(reader_.fault(), now);
  if (reader_.is_spooled() && spool_ == Spool::kNone) {
    if (reader_.announced() > budget_.room()) return refuse(kSpoolIsFull, now);
    spool_ = Spool::kAsking;
    deadline_ = kNever;
    return Next::kAsk;
  }
  if (reader_.stage() == Stage::kComplete) {
    phase_ = Phase::kWorking;
    deadline_ = kNever;
    return reader_.is_spooled() ? Next::kWait : Next::kDispatch;
  }
  watch_stage(now);
  if (is_paused()) deadline_ = kNever;
  if (!reader_.take_expectation()) return Next::kWait;
  out_ += "HTTP/1.1 100 Continue\r\n\r\n";
  return flush(now);
}

/// Sets the deadline of the stage the client is in when it enters it, and for a body again with
/// each stride; never with each byte, which would let a slow client stay for ever.
void ClientConnection::watch_stage(DoorTime now) {
  const Stage stage = reader_.stage();
  const bool stride = stage == Stage::kBody && reader_.body_bytes() - moved_ >= kBodyStride;
  if (stage == watched_ && !stride) return;
  if (stage != watched_) since_ = now;
  watched_ = stage;
  moved_ = stage == Stage::kBody ? reader_.body_bytes() : 0;
  deadline_ = now + (stage == Stage::kIdle   ? options_.idle_deadline
                     : stage == Stage::kHead ? options_.head_deadline
                                             : options_.body_deadline);
}

ClientConnection::Next ClientConnection::flush(DoorTime now) {
  while (sent_ < out_.size()) {
    const ptrdiff_t size = write_some(out_.data() + sent_, out_.size() - sent_);
    if (size < 0) return would_block() ? Next::kWait : Next::kClose;
    sent_ += static_cast<size_t>(size);
    if (phase_ == Phase::kWriting && sent_ - moved_ >= kWriteStride) {
      moved_ = sent_;
      deadline_ = now + options_.write_deadline;
    }
  }
  std::string().swap(out_);  // assignment would keep the memory
  sent_ = 0;
  if (is_streaming()) deadline_ = kNever;
  return phase_ == Phase::kWriting ? answer_written(now) : Next::kWait;
}

ClientConnection::Next ClientConnection::answer_written(DoorTime now) {
  if (close_after_) {
    // Closing with unread bytes would reset the connection and could take the answer with it.
    if (tls_) tls_->end();
    shutdown(fd(), SHUT_WR);
    phase_ = Phase::kLingering;
    deadline_ = now + options_.linger;
    return Next::kWait;
  }
  phase_ = Phase::kReading;
  reader_.next_request();
  watched_ = Stage::kComplete;  // whatever comes now is a new stage
  return progress(now);
}

ClientConnection::Next ClientConnection::discard() {
  std::array<char, kReadBytes>& buffer = read_buffer();
  const ptrdiff_t size = read_some(buffer.data(), buffer.size());
  return size > 0 || (size < 0 && would_block()) ? Next::kWait : Next::kClose;
}

ptrdiff_t ClientConnection::read_some(char* bytes, size_t size) {
  return tls_ ? tls_->read(bytes, size) : recv(fd(), bytes, size, 0);
}

ptrdiff_t ClientConnection::write_some(const char* bytes, size_t size) {
  return tls_ ? tls_->write(bytes, size) : send(fd(), bytes, size, MSG_NOSIGNAL);
}

}  // namespace sluice
