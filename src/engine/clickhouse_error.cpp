#include "engine/clickhouse_error.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/encoding.h"

namespace sluice {
namespace {

constexpr std::string_view kCode = "Code: ";
constexpr std::string_view kMark = "__exception__";
constexpr std::string_view kWhat = "DB::Exception: ";
constexpr size_t kMostText = 2000;

/// What a code means. Codes that are not here are the statement's fault.
struct Meaning {
  int code;
  ErrorCode error;
  const char* hint;
};
constexpr const char* kAgain = "Run it again; if it stays so, look at the cluster's log.";
constexpr const char* kCredentials = "Check user and password in --clickhouse.";
constexpr const char* kRights =
    "Give the cluster's user the right (GRANT), or let its profile have readonly = 2.";
constexpr std::array kMeanings = {
    Meaning{158, ErrorCode::kTooLarge,
            "Read fewer rows, or raise the limit in the user's profile."},
    Meaning{159, ErrorCode::kTimeout,
            "Make it faster, or raise --job-timeout (of calls: --query-timeout)."},
    Meaning{164, ErrorCode::kForbidden, kRights},
    Meaning{192, ErrorCode::kUnauthenticated, kCredentials},
    Meaning{193, ErrorCode::kUnauthenticated, kCredentials},
    Meaning{194, ErrorCode::kUnauthenticated, kCredentials},
    Meaning{195, ErrorCode::kUnauthenticated, kCredentials},
    Meaning{201, ErrorCode::kTooMany, "Wait, or raise the user's quota."},
    Meaning{202, ErrorCode::kTooMany, "Wait, or raise the cluster's max_concurrent_queries."},
    Meaning{203, ErrorCode::kUnavailable, kAgain},
    Meaning{209, ErrorCode::kUnavailable, kAgain},
    Meaning{210, ErrorCode::kUnavailable, kAgain},
    Meaning{216, ErrorCode::kUnavailable,
            "The attempt before is still running; it is tried again."},
    Meaning{225, ErrorCode::kUnavailable, kAgain},
    Meaning{236, ErrorCode::kUnavailable, kAgain},
    Meaning{241, ErrorCode::kTooLarge,
            "Have the query hold less (GROUP BY, JOIN, ORDER BY spill with max_bytes_before_"
            "external_...), or raise max_memory_usage."},
    Meaning{242, ErrorCode::kUnavailable, kAgain},
    Meaning{243, ErrorCode::kUnavailable, "The cluster's disk is full: make room there."},
    Meaning{279, ErrorCode::kUnavailable, kAgain},
    Meaning{291, ErrorCode::kForbidden, kRights},
    Meaning{307, ErrorCode::kTooLarge,
            "Read fewer bytes, or raise the limit in the user's profile."},
    Meaning{319, ErrorCode::kUnavailable, kAgain},
    Meaning{373, ErrorCode::kUnavailable, kAgain},
    Meaning{394, ErrorCode::kUnavailable,
            "Somebody has ended the query on the cluster; run it again."},
    Meaning{396, ErrorCode::kTooLarge,
            "Select fewer rows, or raise the limit in the user's profile."},
    Meaning{425, ErrorCode::kUnavailable, kAgain},
    Meaning{439, ErrorCode::kUnavailable, kAgain},
    Meaning{497, ErrorCode::kForbidden, kRights},
    Meaning{516, ErrorCode::kUnauthenticated, kCredentials},
    Meaning{519, ErrorCode::kUnavailable, kAgain},
    Meaning{700, ErrorCode::kUnavailable, kAgain},
    Meaning{999, ErrorCode::kUnavailable, kAgain},
};

/// Memory of the whole server, not of the query: others hold it, and may let it go.
bool is_shared_memory(const ClickhouseException& exception) {
  return exception.code == 241 && exception.text.find("(total)") != std::string::npos;
}

/// Without what follows the message: a version, a stack, the name of the exception's class.
std::string_view message_of(std::string_view text) {
  const size_t what = text.find(kWhat);
  if (what != std::string_view::npos) text.remove_prefix(what + kWhat.size());
  for (const std::string_view end : {", e.what() =", ", Stack trace", " (version ", "\r\n"}) {
    text = text.substr(0, text.find(end));
  }
  return trim(text);
}

std::string shortened(std::string_view text) {
  if (text.size() <= kMostText) return std::string(text);
  size_t end = kMostText;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return std::string(text.substr(0, end)) + "...";
}

}  // namespace

std::optional<ClickhouseException> read_exception(std::string_view text) {
  text = trim(text);
  if (text.starts_with(kMark)) {
    const size_t code = text.find(kCode);
    if (code == std::string_view::npos) return ClickhouseException{0, "an error it does not tell"};
    text.remove_prefix(code);
  }
  if (!text.starts_with(kCode)) return std::nullopt;
  text.remove_prefix(kCode.size());
  ClickhouseException out;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), out.code);
  if (failed != std::errc() || end == text.data() + text.size()) return std::nullopt;
  if (*end != '.' && *end != ',') return std::nullopt;
  out.text = shortened(message_of(text));
  return out;
}

std::optional<ClickhouseException> find_exception(std::string_view text) {
  for (size_t at = text.rfind(kCode); at != std::string_view::npos;
       at = at == 0 ? std::string_view::npos : text.rfind(kCode, at - 1)) {
    const std::string_view rest = text.substr(at);
    if (rest.substr(0, 200).find(kWhat) == std::string_view::npos) continue;
    if (auto found = read_exception(rest)) return found;
  }
  return std::nullopt;
}

bool may_be_exception(char first) {
  return first == kCode.front() || first == kMark.front() || first == '\r';
}

Error clickhouse_error(const ClickhouseException& exception, const std::string& doing) {
  const auto found = std::find_if(kMeanings.begin(), kMeanings.end(),
                                  [&](const Meaning& each) { return each.code == exception.code; });
  const std::string what = doing + ": " + exception.text +
                           (exception.text.ends_with('.') ? "" : ".") + " (ClickHouse's code " +
                           std::to_string(exception.code) + ")";
  if (is_shared_memory(exception)) return {ErrorCode::kUnavailable, what, kAgain};
  if (found != kMeanings.end()) return {found->error, what, found->hint};
  return {ErrorCode::kInvalid, what, "Correct the SQL, or what it reads, on the cluster."};
}

}  // namespace sluice
