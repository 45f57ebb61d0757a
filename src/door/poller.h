#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

#include "door/client_connection.h"

namespace sluice {

/// Every socket of the server, on one thread and with epoll: slow and idle clients cost a table
/// entry, not a thread. Complete requests go out through `dispatch`, answers come back through
/// `answer`; bodies too large for memory go to the spool piece by piece.
class Poller {
 public:
  /// What leaves it. Each is called on the thread of `run` and must not wait.
  struct Outlets {
    std::function<void(uint64_t id, CompleteRequest request)> dispatch;
    /// May the body of this request come? `admit` it, or `answer` it.
    std::function<void(uint64_t id, CompleteRequest question)> ask;
    /// A stream has to be sent to this client, or, where it is null, no longer.
    std::function<void(uint64_t id, std::shared_ptr<AnswerStream> stream)> follow;
    /// A piece of a body; `spooled` says what became of it.
    std::function<void(uint64_t id, std::string bytes, bool last)> write;
    /// What was written of a body is of no use any more.
    std::function<void(uint64_t id)> drop;
  };

  /// `options`, `marks`, `body_limit` and `budget` must outlive it.
  Poller(Socket listener, const DoorOptions& options, const AnswerMarks& marks,
         const BodyLimit& body_limit, const SpoolBudget& budget, Outlets outlets);

  /// Serves until `drain` has been called and the last connection has ended.
  void run();

  /// The answer for a dispatched request; ignored when its client is gone. Any thread.
  void answer(uint64_t id, RawAnswer answer);
  /// The body that was asked for may come. Any thread.
  void admit(uint64_t id);
  void spooled(BodySpool::Written written);
  /// More of a stream that `follow` was given; ignored when its client is gone. Any thread.
  void piece(uint64_t id, std::string bytes, bool last);
  /// No new connections; `run` returns when the requests that have come are answered, or after
  /// `grace`. Any thread; once.
  void drain(std::chrono::milliseconds grace);

 private:
  struct Entry {
    std::unique_ptr<ClientConnection> connection;
    /// Events the kernel watches for now; 0 after each event (EPOLLONESHOT).
    uint32_t armed = 0;
    /// Where this entry stands in timers_, at its connection's deadline or before it.
    DoorTime timer = kNever;
    /// Its part of buffered_.
    size_t counted = 0;
  };
  using Entries = std::unordered_map<uint64_t, Entry>;
  using Step = std::function<ClientConnection::Next(ClientConnection&)>;

  void turn();
  int wait_milliseconds() const;
  void accept_all();
  void let_in(Accepted client);
  bool make_room();
  void pause_accepting();
  void take_answers();
  void take_answer(uint64_t id, RawAnswer answer);
  void pass_on_body(uint64_t id, ClientConnection& connection);
  void check_deadlines();
  void begin_drain();
  void step(uint64_t id, const Step& step);
  void settle(Entries::iterator at, ClientConnection::Next next);
  void watch(uint64_t id, Entry& entry);
  void remove(Entries::iterator at);
  void wake();

  Socket listener_;
  const DoorOptions& options_;
  const AnswerMarks& marks_;
  const BodyLimit& body_limit_;
  const SpoolBudget& budget_;
  const Outlets outlets_;
  Socket epoll_;
  Socket wake_;
  DoorTime now_;
  Entries entries_;
  uint64_t next_id_;
  std::set<std::pair<DoorTime, uint64_t>> timers_;
  size_t buffered_ = 0;
  /// While set, no new client is accepted before that time.
  DoorTime paused_until_ = kNever;
  bool draining_ = false;
  DoorTime drained_by_ = kNever;

  std::mutex mutex_;
  // Guarded by mutex_.
  struct Piece {
    uint64_t id = 0;
    std::string bytes;
    bool last = false;
  };
  std::vector<std::pair<uint64_t, RawAnswer>> answers_;
  std::vector<Piece> pieces_;
  std::vector<uint64_t> admitted_;
  std::vector<BodySpool::Written> spooled_;
  bool drain_asked_ = false;
  std::chrono::milliseconds grace_{0};
};

}  // namespace sluice
