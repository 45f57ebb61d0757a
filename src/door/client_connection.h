#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "door/answer.h"
#include "door/body_spool.h"
#include "door/door_options.h"
#include "door/request_reader.h"
#include "door/socket.h"
#include "door/tls.h"

namespace sluice {

/// Monotonic; the poller reads it once for each turn and passes it down.
using DoorTime = std::chrono::steady_clock::time_point;
inline constexpr DoorTime kNever = DoorTime::max();

/// One client: reads requests and writes answers, always without waiting, and knows until when the
/// client has to do its next step. Only the poller's thread touches it. The socket is read and
/// written in `read_some` and `write_some` alone, through TLS where the options have it.
class ClientConnection {
 public:
  /// What its owner has to do after a step.
  enum class Next {
    kWait,      ///< Wait for `wants_read`, `wants_write` or `deadline`.
    kDispatch,  ///< A request is complete: `take_request` it, later give `on_answer`.
    kAsk,       ///< May a large body come? Give `on_admitted` for `question`, or `on_answer`.
    kClose,     ///< Destroy it.
  };

  /// What it uses must outlive it.
  ClientConnection(Accepted client, const DoorOptions& options, const AnswerMarks& marks,
                   const BodyLimit& body_limit, const SpoolBudget& budget, DoorTime now);

  Next on_ready(DoorTime now);
  /// Ignored where none is awaited (any more).
  Next on_answer(RawAnswer answer, DoorTime now);
  /// More of an answer that is a stream; with `last` it is complete.
  Next on_piece(std::string_view bytes, bool last, DoorTime now);
  Next on_admitted(DoorTime now);
  /// What became of the last piece of body that was taken.
  Next on_spooled(BodySpool::Written written, DoorTime now);
  /// To be called at `deadline` or later.
  Next on_deadline(DoorTime now);
  /// Answers this instead of whatever else was to come, and ends.
  Next refuse(const Fault& fault, DoorTime now);
  /// The server stops: ends at once unless a request has come, else after it.
  Next drain(DoorTime now);

  CompleteRequest take_request();
  /// A request without its body.
  CompleteRequest question() const;

  struct BodyPiece {
    std::string bytes;
    bool last = false;
  };
  /// What is to be spooled next, unless there is nothing or the last piece is still being written.
  std::optional<BodyPiece> take_piece();
  /// True while there is a body in the spool that has to be dropped if the connection ends.
  bool is_spooling() const { return spool_ == Spool::kOpen; }
  /// True once if another answer came between and the body in the spool is to be dropped.
  bool abandons_body();

  int fd() const { return client_.socket.fd(); }
  bool wants_read() const;
  bool wants_write() const;
  DoorTime deadline() const { return deadline_; }

  /// Nothing of a request has come, since `since`.
  bool is_idle() const;
  /// Part of a head has come, the first byte of it at `since`.
  bool is_reading_head() const;
  bool is_reading_body() const;
  /// An answer is being sent that has not ended.
  bool is_streaming() const { return phase_ == Phase::kStreaming; }
  DoorTime since() const { return since_; }
  /// Memory held.
  size_t buffered() const { return reader_.buffered() + out_.capacity() + being_written_; }

 private:
  enum class Phase { kReading, kWorking, kWriting, kStreaming, kLingering };
  /// How far a body too large for memory is.
  enum class Spool { kNone, kAsking, kOpen };

  Next receive(DoorTime now);
  Next progress(DoorTime now);
  Next begin_answer(RawAnswer answer, DoorTime now);
  Next flush(DoorTime now);
  Next answer_written(DoorTime now);
  Next discard();
  void watch_stage(DoorTime now);
  bool is_paused() const;
  ptrdiff_t read_some(char* bytes, size_t size);
  ptrdiff_t write_some(const char* bytes, size_t size);

  Accepted client_;
  std::unique_ptr<TlsSession> tls_;  ///< Null: plain HTTP.
  const DoorOptions& options_;
  const AnswerMarks& marks_;
  const SpoolBudget& budget_;
  RequestReader reader_;
  Phase phase_ = Phase::kReading;
  RequestReader::Stage watched_ = RequestReader::Stage::kIdle;
  DoorTime since_;
  DoorTime deadline_;
  /// Body or answer bytes that had moved when the deadline was last set.
  uint64_t moved_ = 0;
  Spool spool_ = Spool::kNone;
  bool writing_ = false;  ///< A piece of the body is with the spool.
  size_t being_written_ = 0;
  std::shared_ptr<const ByteRange> upload_;
  std::string out_;
  size_t sent_ = 0;
  bool close_after_ = false;
  bool draining_ = false;
};

}  // namespace sluice
