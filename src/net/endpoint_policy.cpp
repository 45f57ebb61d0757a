#include "net/endpoint_policy.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "base/encoding.h"
#include "base/error.h"

namespace sluice {
namespace {

using Bytes = std::vector<uint8_t>;

struct Range {
  const char* text;
  unsigned bits;
  AddressKind kind;
};

/// The first that holds an address decides. RFC 6890 and IANA's registries; the metadata services
/// from the clouds' own documents: AWS (169.254.169.254, fd00:ec2::254, containers' .170.2 and
/// .170.23), Google (fd20:ce::254), Azure (168.63.129.16), Alibaba (100.100.100.200), Oracle
/// (192.0.0.192).
constexpr std::array kRanges = {Range{"0.0.0.0", 8, AddressKind::kNever},
                                Range{"169.254.0.0", 16, AddressKind::kNever},
                                Range{"100.100.100.200", 32, AddressKind::kNever},
                                Range{"168.63.129.16", 32, AddressKind::kNever},
                                Range{"192.0.0.192", 32, AddressKind::kNever},
                                Range{"224.0.0.0", 4, AddressKind::kNever},
                                Range{"240.0.0.0", 4, AddressKind::kNever},
                                Range{"127.0.0.0", 8, AddressKind::kLoopback},
                                Range{"10.0.0.0", 8, AddressKind::kPrivate},
                                Range{"100.64.0.0", 10, AddressKind::kPrivate},
                                Range{"172.16.0.0", 12, AddressKind::kPrivate},
                                Range{"192.0.0.0", 24, AddressKind::kPrivate},
                                Range{"192.0.2.0", 24, AddressKind::kPrivate},
                                Range{"192.168.0.0", 16, AddressKind::kPrivate},
                                Range{"198.18.0.0", 15, AddressKind::kPrivate},
                                Range{"198.51.100.0", 24, AddressKind::kPrivate},
                                Range{"203.0.113.0", 24, AddressKind::kPrivate},
                                Range{"::", 128, AddressKind::kNever},
                                Range{"::1", 128, AddressKind::kLoopback},
                                Range{"fe80::", 10, AddressKind::kNever},
                                Range{"ff00::", 8, AddressKind::kNever},
                                Range{"fd00:ec2::", 32, AddressKind::kNever},
                                Range{"fd20:ce::254", 128, AddressKind::kNever},
                                Range{"fc00::", 7, AddressKind::kPrivate},
                                Range{"fec0::", 10, AddressKind::kPrivate},
                                Range{"100::", 64, AddressKind::kPrivate},
                                Range{"2001:db8::", 32, AddressKind::kPrivate}};

/// Four or sixteen bytes; none for a text that is no address.
Bytes parse_address(const std::string& text) {
  Bytes bytes(4);
  if (inet_pton(AF_INET, text.c_str(), bytes.data()) == 1) return bytes;
  bytes.resize(16);
  if (inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1) return bytes;
  return {};
}

bool holds(const Bytes& range, unsigned bits, const Bytes& address) {
  if (range.size() != address.size()) return false;
  for (size_t i = 0; i < address.size() && bits > 0; ++i) {
    const unsigned here = std::min(bits, 8U);
    const auto mask = static_cast<uint8_t>(0xFFU << (8U - here));
    if ((range[i] & mask) != (address[i] & mask)) return false;
    bits -= here;
  }
  return true;
}

/// The IPv4 address that an IPv6 address stands for, where it stands for one.
Bytes unwrapped(const Bytes& address) {
  if (address.size() != 16) return address;
  const auto last = [&] { return Bytes(address.end() - 4, address.end()); };
  if (holds(parse_address("::ffff:0:0"), 96, address)) return last();
  if (holds(parse_address("64:ff9b::"), 96, address)) return last();
  if (holds(parse_address("2002::"), 16, address)) {
    return Bytes(address.begin() + 2, address.begin() + 6);
  }
  const bool compatible = holds(parse_address("::"), 96, address);
  if (compatible && (address[12] != 0 || address[13] != 0)) return last();
  return address;
}

Bytes bytes_of(const sockaddr& address) {
  if (address.sa_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, &address, sizeof v4);
    Bytes bytes(4);
    std::memcpy(bytes.data(), &v4.sin_addr, 4);
    return bytes;
  }
  if (address.sa_family != AF_INET6) return {};
  sockaddr_in6 v6{};
  std::memcpy(&v6, &address, sizeof v6);
  Bytes bytes(16);
  std::memcpy(bytes.data(), &v6.sin6_addr, 16);
  return unwrapped(bytes);
}

uint16_t port_of(const sockaddr& address) {
  // Both kinds have it in the same place.
  sockaddr_in v4{};
  std::memcpy(&v4, &address, sizeof v4);
  return ntohs(v4.sin_port);
}

std::string text_of(const Bytes& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const int family = address.size() == 4 ? AF_INET : AF_INET6;
  if (address.empty() || inet_ntop(family, address.data(), text.data(), text.size()) == nullptr) {
    return "an address of an unknown kind";
  }
  return text.data();
}

AddressKind kind_of(const Bytes& address) {
  if (address.empty()) return AddressKind::kNever;
  for (const Range& range : kRanges) {
    if (holds(parse_address(range.text), range.bits, address)) return range.kind;
  }
  return AddressKind::kPublic;
}

/// `*` stands for any letters, also for none.
bool glob(std::string_view pattern, std::string_view text) {
  if (pattern.empty()) return text.empty();
  if (pattern.front() == '*') {
    return glob(pattern.substr(1), text) || (!text.empty() && glob(pattern, text.substr(1)));
  }
  return !text.empty() && pattern.front() == text.front() &&
         glob(pattern.substr(1), text.substr(1));
}

Error malformed(const std::string& text) {
  return {ErrorCode::kInvalid, "--allow-endpoint '" + text + "' is no pattern of an endpoint.",
          "Write a host (minio, *.example.com), an address or a range of them (10.0.0.0/8), each "
          "also with :port."};
}

std::optional<unsigned> number(std::string_view text, unsigned most) {
  if (text.empty() || text.size() > 5) return std::nullopt;
  unsigned value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + static_cast<unsigned>(c - '0');
  }
  if (value > most) return std::nullopt;
  return value;
}

/// Takes `:port` off the end; an IPv6 address with a port has brackets.
uint16_t take_port(std::string& host, const std::string& whole) {
  const size_t colon = host.rfind(':');
  const size_t bracket = host.rfind(']');
  const bool has_port =
      colon != std::string::npos &&
      (bracket == std::string::npos ? host.find(':') == colon : colon == bracket + 1);
  if (!has_port) return 0;
  const auto port = number(std::string_view(host).substr(colon + 1), 65535);
  if (!port || *port == 0) throw malformed(whole);
  host.resize(colon);
  return static_cast<uint16_t>(*port);
}

}  // namespace

AddressKind address_kind(const sockaddr& address) { return kind_of(bytes_of(address)); }

EndpointPolicy EndpointPolicy::anywhere() {
  EndpointPolicy policy;
  policy.anywhere_ = true;
  return policy;
}

EndpointPolicy::EndpointPolicy(const std::vector<std::string>& patterns, bool loopback)
    : loopback_(loopback) {
  for (const std::string& text : patterns) patterns_.push_back(parse(text));
}

EndpointPolicy::Pattern EndpointPolicy::parse(const std::string& text) {
  std::string host = ascii_lower(trim(text));
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!host.starts_with(scheme)) continue;
    host.erase(0, scheme.size());
    if (host.ends_with('/')) host.pop_back();
  }
  Pattern pattern;
  pattern.port = take_port(host, text);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  const size_t slash = host.find('/');
  pattern.bytes = parse_address(host.substr(0, slash));
  if (!pattern.bytes.empty()) {
    const auto most = static_cast<unsigned>(pattern.bytes.size() * 8);
    const auto bits =
        slash == std::string::npos ? most : number(std::string_view(host).substr(slash + 1), most);
    if (!bits) throw malformed(text);
    pattern.bits = *bits;
    return pattern;
  }
  const bool ok =
      !host.empty() && host.size() <= 255 && std::all_of(host.begin(), host.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
               c == '_' || c == '*';
      });
  if (!ok) throw malformed(text);
  pattern.text = host;
  return pattern;
}

bool EndpointPolicy::matches(const Pattern& pattern, std::string_view host,
                             const sockaddr& address) {
  if (pattern.port != 0 && pattern.port != port_of(address)) return false;
  if (pattern.text.empty()) return holds(pattern.bytes, pattern.bits, bytes_of(address));
  return glob(pattern.text, host);
}

std::optional<std::string> EndpointPolicy::refusal(std::string_view host,
                                                   const sockaddr& address) const {
  if (anywhere_) return std::nullopt;
  const AddressKind kind = address_kind(address);
  const std::string at = text_of(bytes_of(address));
  if (kind == AddressKind::kNever) {
    return at + " is a link-local, metadata or reserved address, to which no connection may lead";
  }
  if (kind == AddressKind::kPublic || (kind == AddressKind::kLoopback && loopback_)) {
    return std::nullopt;
  }
  for (const Pattern& pattern : patterns_) {
    if (matches(pattern, host, address)) return std::nullopt;
  }
  return at + (kind == AddressKind::kLoopback ? " is this machine's own address"
                                              : " is an address of a private network");
}

bool is_loopback_host(std::string_view host) {
  if (ascii_lower(host) == "localhost") return true;
  return kind_of(unwrapped(parse_address(std::string(host)))) == AddressKind::kLoopback;
}

}  // namespace sluice
