#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/encoding.h"
#include "base/error.h"
#include "engine/clickhouse_client.h"

namespace sluice {

/// What a server in memory answers: pieces of a body, and whether it breaks off behind them.
struct ScriptedAnswer {
  int status = 200;
  std::vector<std::string> pieces;
  bool breaks_off = false;
  std::vector<HttpHeader> headers = {};
};

class ScriptedStream final : public HttpStream {
 public:
  explicit ScriptedStream(ScriptedAnswer answer) : answer_(std::move(answer)) {
    head_.status = answer_.status;
    head_.headers = answer_.headers;
  }
  const HttpResponse& head() const override { return head_; }
  bool read(std::string& out) override {
    if (next_ < answer_.pieces.size()) {
      out += answer_.pieces[next_++];
      return true;
    }
    if (answer_.breaks_off) throw Error(ErrorCode::kUnavailable, "No complete answer.");
    return false;
  }

 private:
  ScriptedAnswer answer_;
  HttpResponse head_;
  size_t next_ = 0;
};

/// A cluster in memory: `answer` is asked with each request, which is remembered.
class ScriptedCluster {
 public:
  struct Seen {
    std::string url;
    std::string sql;
    std::vector<HttpHeader> headers;
  };
  using Answer = std::function<ScriptedAnswer(const Seen&)>;

  explicit ScriptedCluster(Answer answer) : answer_(std::move(answer)) {}

  OpenStream opener() {
    return [this](HttpRequest request) {
      seen.push_back({request.url, std::string(request.body), request.headers});
      return std::make_unique<ScriptedStream>(answer_(seen.back()));
    };
  }

  std::vector<Seen> seen;

 private:
  Answer answer_;
};

// Blocks of the Native format, as a server writes them.

inline std::string native_varint(uint64_t value) {
  std::string out;
  while (value >= 0x80) {
    out += static_cast<char>(value | 0x80U);
    value >>= 7U;
  }
  return out + static_cast<char>(value);
}
inline std::string native_string(const std::string& text) {
  return native_varint(text.size()) + text;
}
struct NativeColumnBytes {
  std::string name;
  std::string type;
  std::string values;
};
inline std::string native_block(uint64_t rows, const std::vector<NativeColumnBytes>& columns) {
  std::string out = native_varint(columns.size()) + native_varint(rows);
  for (const NativeColumnBytes& column : columns) {
    out += native_string(column.name) + native_string(column.type) + column.values;
  }
  return out;
}
template <class Number>
std::string native_number(Number value) {
  return {reinterpret_cast<const char*>(&value), sizeof value};
}

}  // namespace sluice
