#include "door/poller.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <exception>
#include <string>

#include "base/error.h"
#include "base/log.h"

namespace sluice {
namespace {

constexpr uint64_t kListenerId = 0;
constexpr uint64_t kWakeId = 1;
constexpr uint64_t kFirstConnectionId = 2;
constexpr size_t kEventsPerTurn = 256;
constexpr int kAcceptsPerTurn = 64;
/// Clients over the limit that are told so at the same time; further ones are just closed.
constexpr size_t kRefusedAtOnce = 64;
constexpr std::chrono::milliseconds kAcceptPause{100};
/// A head takes one packet; who has sent part of one for longer may be closed to make room.
constexpr std::chrono::seconds kSlowHead{1};

bool control(const Socket& epoll, int operation, int fd, uint32_t events, uint64_t id) {
  epoll_event event = {};
  event.events = events;
  event.data.u64 = id;
  return epoll_ctl(epoll.fd(), operation, fd, &event) == 0;
}

}  // namespace

Poller::Poller(Socket listener, const DoorOptions& options, const AnswerMarks& marks,
               const BodyLimit& body_limit, const SpoolBudget& budget, Outlets outlets)
    : listener_(std::move(listener)),
      options_(options),
      marks_(marks),
      body_limit_(body_limit),
      budget_(budget),
      outlets_(std::move(outlets)),
      epoll_(epoll_create1(EPOLL_CLOEXEC)),
      wake_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)),
      next_id_(kFirstConnectionId) {
  if (!epoll_ || !wake_ || !control(epoll_, EPOLL_CTL_ADD, wake_.fd(), EPOLLIN, kWakeId) ||
      !control(epoll_, EPOLL_CTL_ADD, listener_.fd(), EPOLLIN, kListenerId)) {
    throw Error(ErrorCode::kUnavailable, "The system has no descriptors left to watch sockets.");
  }
}

void Poller::wake() {
  const uint64_t one = 1;
  // It can only fail when the counter is full, and then the poller is awake anyway.
  [[maybe_unused]] const ssize_t written = write(wake_.fd(), &one, sizeof one);
}

void Poller::answer(uint64_t id, RawAnswer answer) {
  bool first;
  {
    const std::lock_guard lock(mutex_);
    first = answers_.empty();
    answers_.emplace_back(id, std::move(answer));
  }
  if (first) wake();
}

void Poller::admit(uint64_t id) {
  {
    const std::lock_guard lock(mutex_);
    admitted_.push_back(id);
  }
  wake();
}

void Poller::spooled(BodySpool::Written written) {
  {
    const std::lock_guard lock(mutex_);
    spooled_.push_back(std::move(written));
  }
  wake();
}

void Poller::piece(uint64_t id, std::string bytes, bool last) {
  {
    const std::lock_guard lock(mutex_);
    pieces_.push_back({id, std::move(bytes), last});
  }
  wake();
}

void Poller::drain(std::chrono::milliseconds grace) {
  {
    const std::lock_guard lock(mutex_);
    drain_asked_ = true;
    grace_ = grace;
  }
  wake();
}

void Poller::run() {
  while (true) {
    turn();
    if (draining_ && (entries_.empty() || now_ >= drained_by_)) break;
  }
  for (const auto& [id, entry] : entries_) {
    if (entry.connection->is_streaming()) outlets_.follow(id, nullptr);
  }
  entries_.clear();
  timers_.clear();
}

void Poller::turn() {
  std::array<epoll_event, kEventsPerTurn> events;
  const int count =
      epoll_wait(epoll_.fd(), events.data(), static_cast<int>(events.size()), wait_milliseconds());
  now_ = std::chrono::steady_clock::now();
  for (int i = 0; i < count; ++i) {
    const uint64_t id = events[static_cast<size_t>(i)].data.u64;
    if (id == kListenerId) {
      accept_all();
    } else if (id == kWakeId) {
      uint64_t ignored = 0;
      [[maybe_unused]] const ssize_t size = read(wake_.fd(), &ignored, sizeof ignored);
    } else {
      if (const auto at = entries_.find(id); at != entries_.end()) at->second.armed = 0;
      step(id, [this](ClientConnection& connection) { return connection.on_ready(now_); });
    }
  }
  take_answers();
  check_deadlines();
}

int Poller::wait_milliseconds() const {
  DoorTime until = std::min(paused_until_, drained_by_);
  if (!timers_.empty()) until = std::min(until, timers_.begin()->first);
  if (until == kNever) return -1;
  const auto left = until - std::chrono::steady_clock::now();
  if (left.count() <= 0) return 0;
  // One more, or the last millisecond would be spent turning.
  const auto rounded = std::chrono::duration_cast<std::chrono::milliseconds>(left).count() + 1;
  return static_cast<int>(std::min<int64_t>(rounded, INT_MAX));
}

void Poller::accept_all() {
  for (int i = 0; i < kAcceptsPerTurn && listener_; ++i) {
    bool exhausted = false;
    std::optional<Accepted> client = accept_on(listener_, exhausted);
    if (client) {
      let_in(std::move(*client));
    } else if (!exhausted) {
      return;
    } else if (!make_room()) {
      return pause_accepting();
    }
  }
}

void Poller::let_in(Accepted client) {
  const bool full = entries_.size() >= options_.connections && !make_room();
  if (full && entries_.size() >= options_.connections + kRefusedAtOnce) return;
  const uint64_t id = next_id_++;
  Entry& entry = entries_[id];
  entry.connection = std::make_unique<ClientConnection>(std::move(client), options_, marks_,
                                                        body_limit_, budget_, now_);
  if (!control(epoll_, EPOLL_CTL_ADD, entry.connection->fd(), EPOLLONESHOT, id)) {
    entries_.erase(id);
    return;
  }
  step(id, [this, full](ClientConnection& connection) {
    if (!full) return connection.on_ready(now_);  // the request has often come already
    return connection.refuse({503, "The server has too many connections. Try again soon."}, now_);
  });
}

/// Closes the connection that has been idle for longest, or else the one that has been sending a
/// head for longest. False when all the others are at work.
bool Poller::make_room() {
  auto victim = entries_.end();
  const auto better = [&](const ClientConnection& candidate) {
    if (!candidate.is_idle() &&
        !(candidate.is_reading_head() && now_ - candidate.since() > kSlowHead)) {
      return false;
    }
    if (victim == entries_.end()) return true;
    const ClientConnection& best = *victim->second.connection;
    if (candidate.is_idle() != best.is_idle()) return candidate.is_idle();
    return candidate.since() < best.since();
  };
  for (auto at = entries_.begin(); at != entries_.end(); ++at) {
    if (better(*at->second.connection)) victim = at;
  }
  if (victim == entries_.end()) return false;
  remove(victim);
  return true;
}

/// The waiting client would wake the poller again and again while there is nothing to serve it
/// with.
void Poller::pause_accepting() {
  log_warn("No file descriptor is left for another connection; raise the limit of open files.");
  control(epoll_, EPOLL_CTL_MOD, listener_.fd(), 0, kListenerId);
  paused_until_ = now_ + kAcceptPause;
}

void Poller::take_answers() {
  std::vector<std::pair<uint64_t, RawAnswer>> answers;
  std::vector<Piece> pieces;
  std::vector<uint64_t> admitted;
  std::vector<BodySpool::Written> spooled;
  bool drain_asked;
  {
    const std::lock_guard lock(mutex_);
    answers.swap(answers_);
    pieces.swap(pieces_);
    admitted.swap(admitted_);
    spooled.swap(spooled_);
    drain_asked = drain_asked_;
  }
  for (auto& answer : answers) take_answer(answer.first, std::move(answer.second));
  for (const Piece& piece : pieces) {
    step(piece.id, [this, &piece](ClientConnection& connection) {
      return connection.on_piece(piece.bytes, piece.last, now_);
    });
  }
  for (const uint64_t id : admitted) {
    step(id, [this](ClientConnection& connection) { return connection.on_admitted(now_); });
  }
  for (BodySpool::Written& written : spooled) {
    step(written.id, [this, &written](ClientConnection& connection) {
      return connection.on_spooled(std::move(written), now_);
    });
  }
  if (drain_asked && !draining_) begin_drain();
}

void Poller::take_answer(uint64_t id, RawAnswer answer) {
  const std::shared_ptr<AnswerStream> stream = answer.stream;
  step(id, [this, &answer](ClientConnection& connection) {
    return connection.on_answer(std::move(answer), now_);
  });
  if (stream && entries_.contains(id)) outlets_.follow(id, stream);
}

void Poller::begin_drain() {
  // Clients that the kernel has let in already are served; later ones are refused by it.
  accept_all();
  listener_ = Socket();
  paused_until_ = kNever;
  draining_ = true;
  {
    const std::lock_guard lock(mutex_);
    drained_by_ = now_ + grace_;
  }
  std::vector<uint64_t> ids;
  for (const auto& [id, entry] : entries_) ids.push_back(id);
  for (const uint64_t id : ids) {
    step(id, [this](ClientConnection& connection) { return connection.drain(now_); });
  }
}

void Poller::check_deadlines() {
  if (paused_until_ <= now_) {
    paused_until_ = kNever;
    control(epoll_, EPOLL_CTL_MOD, listener_.fd(), EPOLLIN, kListenerId);
  }
  while (!timers_.empty() && timers_.begin()->first <= now_) {
    const uint64_t id = timers_.begin()->second;
    timers_.erase(timers_.begin());
    entries_.at(id).timer = kNever;
    step(id, [this](ClientConnection& connection) {
      return connection.deadline() <= now_ ? connection.on_deadline(now_)
                                           : ClientConnection::Next::kWait;
    });
  }
}

/// One step of one connection; whatever it throws (memory) costs that connection only.
void Poller::step(uint64_t id, const Step& step) {
  const auto at = entries_.find(id);
  if (at == entries_.end()) return;
  try {
    settle(at, step(*at->second.connection));
  } catch (const std::exception& error) {
    log_error(std::string("A connection was closed: ") + error.what());
    if (const auto still = entries_.find(id); still != entries_.end()) remove(still);
  }
}

void Poller::settle(Entries::iterator at, ClientConnection::Next next) {
  const uint64_t id = at->first;
  Entry& entry = at->second;
  ClientConnection& connection = *entry.connection;
  if (next == ClientConnection::Next::kDispatch) {
    outlets_.dispatch(id, connection.take_request());
    next = ClientConnection::Next::kWait;
  }
  if (next == ClientConnection::Next::kAsk) {
    outlets_.ask(id, connection.question());
    next = ClientConnection::Next::kWait;
  }
  if (next == ClientConnection::Next::kWait) pass_on_body(id, connection);
  const size_t buffered = connection.buffered();
  const bool grown = buffered > entry.counted;
  buffered_ += buffered - entry.counted;
  entry.counted = buffered;
  if (grown && next == ClientConnection::Next::kWait && connection.is_reading_body() &&
      buffered_ > options_.buffered_bytes) {
    next = connection.refuse({503, "The server holds too many requests. Try again soon."}, now_);
  }
  if (connection.abandons_body()) outlets_.drop(id);
  if (next == ClientConnection::Next::kClose) return remove(at);
  watch(id, entry);
}

void Poller::pass_on_body(uint64_t id, ClientConnection& connection) {
  std::optional<ClientConnection::BodyPiece> piece = connection.take_piece();
  if (piece) outlets_.write(id, std::move(piece->bytes), piece->last);
}

void Poller::watch(uint64_t id, Entry& entry) {
  const ClientConnection& connection = *entry.connection;
  const uint32_t read = connection.wants_read() ? EPOLLIN : 0U;
  const uint32_t wanted = read | (connection.wants_write() ? EPOLLOUT : 0U);
  // One-shot: a client that hangs up while its request is worked on must not wake the poller for
  // ever; it is noticed when its answer is written.
  if (wanted != 0 && wanted != entry.armed) {
    control(epoll_, EPOLL_CTL_MOD, connection.fd(), wanted | EPOLLONESHOT, id);
    entry.armed = wanted;
  }
  // A later deadline leaves the timer where it is; it is put right when it fires. So a busy
  // connection does not move it with each request.
  if (connection.deadline() < entry.timer) {
    timers_.erase({entry.timer, id});
    entry.timer = connection.deadline();
    timers_.emplace(entry.timer, id);
  }
}

void Poller::remove(Entries::iterator at) {
  if (at->second.connection->is_streaming()) outlets_.follow(at->first, nullptr);
  if (at->second.connection->is_spooling()) outlets_.drop(at->first);
  buffered_ -= at->second.counted;
  timers_.erase({at->second.timer, at->first});
  entries_.erase(at);
}

}  // namespace sluice
