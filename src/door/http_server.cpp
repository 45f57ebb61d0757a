#include "door/http_server.h"

#include <algorithm>
#include <thread>
#include <utility>

#include "base/log.h"
#include "base/random.h"
#include "door/body_spool.h"
#include "door/http_exchange.h"
#include "door/poller.h"
#include "door/request_workers.h"
#include "door/stream_pump.h"

namespace sluice {
namespace {

/// Left for files, stores and the state database.
constexpr size_t kDescriptorsForOthers = 512;
constexpr size_t kRequestIdBytes = 16;

/// Every connection needs a descriptor; fewer connections are better than failing files.
size_t affordable_connections(size_t wanted) {
  const size_t files = raise_open_files(wanted + kDescriptorsForOthers);
  const size_t most = std::max(files, 2 * kDescriptorsForOthers) - kDescriptorsForOthers;
  if (most < wanted) {
    log_warn("The limit of open files allows " + std::to_string(most) + " connections only.");
  }
  return std::min(wanted, most);
}

}  // namespace

/// What exists between start and stop.
class HttpServer::Running {
 public:
  Running(HttpServer& server, Socket listener)
      : clock_(make_system_clock()),
        random_(make_system_random()),
        marks_(make_marks(server.options_)),
        budget_(std::make_shared<SpoolBudget>(server.options_.spooled_bytes)),
        poller_(std::move(listener), server.options_, marks_, server.body_limit_, *budget_,
                outlets(server)),
        spool_(server.options_, budget_,
               [this](BodySpool::Written written) { poller_.spooled(std::move(written)); }),
        pump_([this](uint64_t id, std::string bytes,
                     bool last) { poller_.piece(id, std::move(bytes), last); },
              server.options_.stream_pause),
        workers_(std::max<size_t>(server.options_.workers, 1),
                 [this, &server] { return work(server); }),
        thread_([this] { poller_.run(); }) {}

  void stop(std::chrono::milliseconds grace) {
    poller_.drain(grace);
    thread_.join();
    pump_.end();
    spool_.end();
    workers_.end();
  }

 private:
  AnswerMarks make_marks(const DoorOptions& options) {
    AnswerMarks marks{options.request_id, options.clock ? options.clock : clock_.get()};
    if (!marks.request_id) marks.request_id = [this] { return random_->hex(kRequestIdBytes); };
    return marks;
  }

  Poller::Outlets outlets(const HttpServer& server) {
    return {[this](uint64_t id, CompleteRequest request) { workers_.add(id, std::move(request)); },
            [this, asks = static_cast<bool>(server.gate_)](uint64_t id, CompleteRequest question) {
              if (!asks) return poller_.admit(id);
              question.is_question = true;
              workers_.add(id, std::move(question));
            },
            [this](uint64_t id, std::shared_ptr<AnswerStream> stream) {
              pump_.follow(id, std::move(stream));
            },
            [this](uint64_t id, std::string bytes, bool last) {
              spool_.write(id, std::move(bytes), last);
            },
            [this](uint64_t id) { spool_.drop(id); }};
  }

  RequestWorkers::Work work(HttpServer& server) {
    auto exchange =
        std::make_shared<HttpExchange>(server.options_, marks_, server.handler_, server.gate_);
    return [this, exchange](uint64_t id, CompleteRequest request, std::stop_token stop) {
      if (!request.is_question) {
        return poller_.answer(id, exchange->answer(std::move(request), std::move(stop)));
      }
      std::optional<RawAnswer> refusal = exchange->refusal(std::move(request));
      if (refusal) return poller_.answer(id, std::move(*refusal));
      poller_.admit(id);
    };
  }

  const std::unique_ptr<Clock> clock_;
  const std::unique_ptr<Random> random_;
  const AnswerMarks marks_;
  const std::shared_ptr<SpoolBudget> budget_;
  Poller poller_;
  BodySpool spool_;
  StreamPump pump_;
  RequestWorkers workers_;
  std::jthread thread_;
};

HttpServer::HttpServer(DoorOptions options, DoorHandler handler, BodyLimit body_limit,
                       BodyGate gate)
    : options_(std::move(options)),
      handler_(std::move(handler)),
      body_limit_(std::move(body_limit)),
      gate_(std::move(gate)) {}

HttpServer::~HttpServer() { stop(std::chrono::milliseconds(0)); }

void HttpServer::start() {
  Socket listener = listen_on(options_.host, options_.port);
  port_ = port_of(listener);
  options_.connections = affordable_connections(options_.connections);
  running_ = std::make_unique<Running>(*this, std::move(listener));
}

int HttpServer::port() const { return port_; }

void HttpServer::stop(std::chrono::milliseconds grace) {
  if (!running_) return;
  running_->stop(grace);
  running_.reset();
}

}  // namespace sluice
