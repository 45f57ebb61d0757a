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
/// `answer`.
class Poller {
 public:
  using Dispatch = std::function<void(uint64_t id, CompleteRequest request)>;

  /// `options`, `marks` and `body_limit` must outlive it. `dispatch` is called on the thread of
  /// `run` and must not wait.
  Poller(Socket listener, const DoorOptions& options, const AnswerMarks& marks,
         const BodyLimit& body_limit, Dispatch dispatch);

  /// Serves until `drain` has been called and the last connection has ended.
  void run();

  /// The answer for a dispatched request; ignored when its client is gone. Any thread.
  void answer(uint64_t id, RawAnswer answer);
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
  void admit(Accepted client);
  bool make_room();
  void pause_accepting();
  void take_answers();
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
  const Dispatch dispatch_;
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
  std::vector<std::pair<uint64_t, RawAnswer>> answers_;
  bool drain_asked_ = false;
  std::chrono::milliseconds grace_{0};
};

}  // namespace sluice
