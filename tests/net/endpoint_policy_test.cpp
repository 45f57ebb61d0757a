#include "net/endpoint_policy.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstring>

#include "support/caught.h"

namespace sluice {
namespace {

struct Address {
  explicit Address(const std::string& text, uint16_t port = 443) {
    sockaddr_in v4{};
    sockaddr_in6 v6{};
    if (inet_pton(AF_INET, text.c_str(), &v4.sin_addr) == 1) {
      v4.sin_family = AF_INET;
      v4.sin_port = htons(port);
      std::memcpy(&storage, &v4, sizeof v4);
    } else {
      EXPECT_EQ(inet_pton(AF_INET6, text.c_str(), &v6.sin6_addr), 1) << text;
      v6.sin6_family = AF_INET6;
      v6.sin6_port = htons(port);
      std::memcpy(&storage, &v6, sizeof v6);
    }
  }
  const sockaddr& operator*() const { return reinterpret_cast<const sockaddr&>(storage); }
  sockaddr_storage storage{};
};

AddressKind kind(const std::string& text) { return address_kind(*Address(text)); }

TEST(AddressKinds, Public) {
  for (const char* text : {"8.8.8.8", "52.216.0.1", "172.15.255.255", "172.32.0.0", "100.63.0.1",
                           "192.169.0.1", "223.255.255.255", "2600:1f18::1", "2a00:1450::1"}) {
    EXPECT_EQ(kind(text), AddressKind::kPublic) << text;
  }
}

TEST(AddressKinds, LoopbackAndPrivate) {
  for (const char* text : {"127.0.0.1", "127.255.255.254", "::1", "::ffff:127.0.0.1"}) {
    EXPECT_EQ(kind(text), AddressKind::kLoopback) << text;
  }
  for (const char* text :
       {"10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1", "198.19.0.1",
        "203.0.113.9", "fc00::1", "fdab::1", "fec0::1", "2001:db8::1", "::ffff:10.0.0.1",
        "64:ff9b::a00:1", "2002:a00:1::", "::10.1.2.3"}) {
    EXPECT_EQ(kind(text), AddressKind::kPrivate) << text;
  }
}

TEST(AddressKinds, Never) {
  for (const char* text : {"0.0.0.0",
                           "0.1.2.3",
                           "169.254.169.254",
                           "169.254.170.2",
                           "169.254.0.1",
                           "100.100.100.200",
                           "168.63.129.16",
                           "192.0.0.192",
                           "224.0.0.1",
                           "255.255.255.255",
                           "240.0.0.1",
                           "::",
                           "fe80::1",
                           "febf::1",
                           "ff02::1",
                           "fd00:ec2::254",
                           "fd00:ec2::23",
                           "fd20:ce::254",
                           "::ffff:169.254.169.254",
                           "64:ff9b::a9fe:a9fe",
                           "2002:a9fe:a9fe::",
                           "::169.254.169.254",
                           "::ffff:0.0.0.0"}) {
    EXPECT_EQ(kind(text), AddressKind::kNever) << text;
  }
  sockaddr other{};
  other.sa_family = AF_UNIX;
  EXPECT_EQ(address_kind(other), AddressKind::kNever);
}

bool allows(const std::vector<std::string>& patterns, const std::string& host,
            const std::string& address, uint16_t port = 443, bool loopback = false) {
  return !EndpointPolicy(patterns, loopback).refusal(host, *Address(address, port));
}

TEST(EndpointPolicy, PublicAddressesAlwaysLoopbackWhereToldPrivateOnesNot) {
  EXPECT_TRUE(allows({}, "s3.amazonaws.com", "52.216.0.1"));
  EXPECT_FALSE(allows({}, "localhost", "127.0.0.1"));
  EXPECT_TRUE(allows({}, "localhost", "127.0.0.1", 9000, true));
  EXPECT_TRUE(allows({}, "localhost", "::1", 9000, true));
  EXPECT_FALSE(allows({}, "rebound.example.com", "10.0.0.1", 443, true));
  EXPECT_FALSE(allows({}, "fd.example.com", "fd12::1", 443, true));
}

TEST(EndpointPolicy, PatternsOfHosts) {
  EXPECT_TRUE(allows({"minio"}, "minio", "10.0.0.1"));
  EXPECT_TRUE(allows({"http://MinIO:9000/"}, "minio", "10.0.0.1", 9000));
  EXPECT_FALSE(allows({"minio:9000"}, "minio", "10.0.0.1", 9001));
  EXPECT_FALSE(allows({"minio"}, "minio.example.com", "10.0.0.1"));
  EXPECT_TRUE(allows({"*.corp"}, "s3.corp", "10.0.0.1"));
  EXPECT_FALSE(allows({"*.corp"}, "corp", "10.0.0.1"));
  EXPECT_FALSE(allows({"*.corp"}, "s3.corp.example.com", "10.0.0.1"));
  EXPECT_TRUE(allows({"a", "b"}, "b", "192.168.0.1"));
  EXPECT_TRUE(allows({"*"}, "anything", "192.168.0.1"));
  EXPECT_TRUE(allows({"localhost"}, "localhost", "127.0.0.1"));
}

TEST(EndpointPolicy, PatternsOfAddresses) {
  EXPECT_TRUE(allows({"10.0.0.0/8"}, "any.name", "10.255.0.1"));
  EXPECT_TRUE(allows({"10.0.0.0/8"}, "any.name", "::ffff:10.255.0.1"));
  EXPECT_FALSE(allows({"10.0.0.0/9"}, "any.name", "10.255.0.1"));
  EXPECT_TRUE(allows({"192.168.1.5:9000"}, "192.168.1.5", "192.168.1.5", 9000));
  EXPECT_FALSE(allows({"192.168.1.5:9000"}, "192.168.1.5", "192.168.1.5", 9001));
  EXPECT_FALSE(allows({"192.168.1.5"}, "192.168.1.6", "192.168.1.6"));
  EXPECT_TRUE(allows({"fd12::/16"}, "x", "fd12::9"));
  EXPECT_TRUE(allows({"[fd12::9]:9000"}, "[fd12::9]", "fd12::9", 9000));
  EXPECT_FALSE(allows({"[fd12::9]:9000"}, "[fd12::9]", "fd12::9", 9001));
  EXPECT_TRUE(allows({"0.0.0.0/0"}, "x", "127.0.0.1"));
}

TEST(EndpointPolicy, NoPatternOpensWhatIsNeverAllowed) {
  for (const char* pattern : {"*", "169.254.169.254", "0.0.0.0/0", "metadata"}) {
    EXPECT_FALSE(allows({pattern}, "metadata", "169.254.169.254", 80, true)) << pattern;
  }
  EXPECT_FALSE(allows({"::/0", "*"}, "x", "fe80::1", 80, true));
  EXPECT_EQ(EndpointPolicy::anywhere().refusal("x", *Address("169.254.169.254")), std::nullopt);
}

TEST(EndpointPolicy, TheRefusalNamesTheAddress) {
  const EndpointPolicy policy({}, true);
  EXPECT_THAT(policy.refusal("x", *Address("10.1.2.3")).value(),
              testing::HasSubstr("10.1.2.3 is an address of a private network"));
  EXPECT_THAT(policy.refusal("x", *Address("fd00:ec2::254")).value(),
              testing::HasSubstr("fd00:ec2::254 is a link-local, metadata"));
}

TEST(EndpointPolicy, MalformedPatterns) {
  for (const char* bad : {"", "a b", "a/b", "10.0.0.0/33", "10.0.0.0/x", "host:0", "host:65536",
                          "host:x", "fd00::/129", "http://", "user@host"}) {
    EXPECT_ERROR(EndpointPolicy({bad}, false), kInvalid) << bad;
  }
}

TEST(LoopbackHosts, AreTold) {
  for (const char* host : {"127.0.0.1", "localhost", "LOCALHOST", "::1", "127.1.2.3"}) {
    EXPECT_TRUE(is_loopback_host(host)) << host;
  }
  for (const char* host : {"0.0.0.0", "::", "10.0.0.1", "example.com", ""}) {
    EXPECT_FALSE(is_loopback_host(host)) << host;
  }
}

}  // namespace
}  // namespace sluice
