#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

struct sockaddr;

namespace sluice {

/// What an address is good for (IANA's registries of special-purpose addresses). One that stands
/// for an IPv4 address (mapped, 6to4, NAT64) is what that one is.
enum class AddressKind {
  kPublic,
  kLoopback,
  kPrivate,  ///< Of a local network, shared, or for documentation and benchmarks.
  kNever,    ///< Link-local, multicast, unspecified, reserved, and metadata services of clouds.
};

AddressKind address_kind(const sockaddr& address);

/// Where requests may go. Names say nothing: what a name resolves to is looked at when a connection
/// is opened, so that no DNS answer leads elsewhere afterwards. Pure; thread-safe.
class EndpointPolicy {
 public:
  /// Everything; for clients that no caller's address reaches.
  static EndpointPolicy anywhere();

  /// Public addresses, loopback if `loopback` says so, and what matches one of the patterns:
  /// `host`, `*.domain`, an address or `address/bits`, each also with `:port`, or `*`. Never what
  /// is AddressKind::kNever. kInvalid for a malformed pattern.
  EndpointPolicy(const std::vector<std::string>& patterns, bool loopback);

  /// Why a request for `host` (as in its URL, lower case) must not go to this address; nothing if
  /// it may.
  std::optional<std::string> refusal(std::string_view host, const sockaddr& address) const;

 private:
  struct Pattern {
    std::string text;            ///< A host name, perhaps with stars; empty: `bytes` counts.
    std::vector<uint8_t> bytes;  ///< Of an address.
    unsigned bits = 0;
    uint16_t port = 0;  ///< 0: any.
  };

  EndpointPolicy() = default;
  static Pattern parse(const std::string& text);
  static bool matches(const Pattern& pattern, std::string_view host, const sockaddr& address);

  bool anywhere_ = false;
  bool loopback_ = false;
  std::vector<Pattern> patterns_;
};

/// Whether a server that listens on this host is reached from its own machine only.
bool is_loopback_host(std::string_view host);

}  // namespace sluice
