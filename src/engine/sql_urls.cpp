#include <algorithm>
#include <array>
#include <charconv>
#include <string>

#include "base/encoding.h"
#include "engine/sql_functions.h"
#include "engine/sql_values.h"

namespace sluice {
namespace {

constexpr size_t kNone = std::string_view::npos;

/// The parts of a URL, by looking for the marks between them; nothing is decoded.
struct Url {
  explicit Url(std::string_view text) : all(text) {
    const size_t mark = text.find("://");
    const bool has_scheme = mark != kNone && is_scheme(text.substr(0, mark));
    if (has_scheme) {
      scheme = text.substr(0, mark);
      authority_at = mark + 3;
    } else if (text.starts_with("//")) {
      authority_at = 2;
    } else if (const size_t colon = text.find(':'); colon != kNone && colon > 0) {
      // `mailto:a@b.c`, but not `a.b:80`.
      const bool is_port =
          colon + 1 < text.size() && text[colon + 1] >= '0' && text[colon + 1] <= '9';
      if (is_scheme(text.substr(0, colon)) && !is_port && text.find('.') > colon) {
        scheme = text.substr(0, colon);
        is_opaque = true;
      }
    }
    const std::string_view rest = text.substr(authority_at);
    authority = rest.substr(0, std::min(rest.find_first_of("/?#"), rest.size()));
    const std::string_view behind = rest.substr(authority.size());
    path = behind.substr(0, std::min(behind.find_first_of("?#"), behind.size()));
    query_at = text.find('?');
    fragment_at = text.find('#');
  }

  static bool is_scheme(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
             c == '+' || c == '-' || c == '.';
    });
  }

  std::string_view host_and_port() const {
    const size_t at = authority.rfind('@');
    return at == kNone ? authority : authority.substr(at + 1);
  }

  /// A name with a dot in it; what has none is no domain to ClickHouse.
  std::string_view domain() const {
    if (is_opaque) return {};
    const std::string_view host = host_and_port();
    const std::string_view name = host.substr(0, std::min(host.find(':'), host.size()));
    const bool is_fine = name.find('.') != kNone && name.find_first_of(" \t[]<>") == kNone;
    return is_fine ? name : std::string_view();
  }

  std::string_view all;
  std::string_view scheme;
  size_t authority_at = 0;
  bool is_opaque = false;
  std::string_view authority;
  std::string_view path;
  size_t query_at = kNone;
  size_t fragment_at = kNone;
};

std::string_view without_www(std::string_view domain) {
  return domain.starts_with("www.") ? domain.substr(4) : domain;
}

void domain(const SqlCall& call) { call.give_text(Url(call.text(0)).domain()); }
void domain_without_www(const SqlCall& call) {
  call.give_text(without_www(Url(call.text(0)).domain()));
}
void protocol(const SqlCall& call) { call.give_text(Url(call.text(0)).scheme); }
void path(const SqlCall& call) { call.give_text(Url(call.text(0)).path); }

void top_level_domain(const SqlCall& call) {
  const std::string_view name = Url(call.text(0)).domain();
  const std::string_view last = name.substr(name.rfind('.') + 1);
  const bool is_address = !last.empty() && last.front() >= '0' && last.front() <= '9';
  call.give_text(is_address ? std::string_view() : last);
}

void path_full(const SqlCall& call) {
  const Url url(call.text(0));
  call.give_text(url.all.substr(url.authority_at + url.authority.size()));
}

void port(const SqlCall& call) {
  const std::string_view host = Url(call.text(0)).host_and_port();
  const size_t colon = host.rfind(':');
  const int64_t otherwise = call.size() > 1 ? call.integer(1) : 0;
  if (colon == kNone) return call.give(otherwise);
  uint16_t number = 0;
  const auto [end, failed] =
      std::from_chars(host.data() + colon + 1, host.data() + host.size(), number);
  const bool is_number = failed == std::errc() && end == host.data() + host.size();
  call.give(is_number ? int64_t{number} : otherwise);
}

std::string_view query_of(std::string_view url) {
  const size_t begin = url.find('?');
  if (begin == kNone) return {};
  const std::string_view rest = url.substr(begin + 1);
  return rest.substr(0, std::min(rest.find('#'), rest.size()));
}

void query_string(const SqlCall& call) { call.give_text(query_of(call.text(0))); }

void fragment(const SqlCall& call) {
  const Url url(call.text(0));
  call.give_text(url.fragment_at == kNone ? std::string_view()
                                          : url.all.substr(url.fragment_at + 1));
}

/// Where `name=` stands behind a `?`, `&` or `#`; kNone where it does not.
size_t find_parameter(std::string_view url, std::string_view name) {
  for (size_t mark = url.find_first_of("?#"); mark != kNone;
       mark = url.find_first_of("?&#", mark + 1)) {
    const std::string_view rest = url.substr(mark + 1);
    if (rest.starts_with(name) && rest.substr(name.size()).starts_with("=")) return mark + 1;
  }
  return kNone;
}

size_t end_of_parameter(std::string_view url, size_t begin) {
  return std::min(url.find_first_of("&#", begin), url.size());
}

void extract_parameter(const SqlCall& call) {
  const std::string_view url = call.text(0);
  const std::string_view name = call.text(1);
  const size_t begin = find_parameter(url, name);
  if (begin == kNone) return call.give_text({});
  const size_t value = begin + name.size() + 1;
  call.give_text(url.substr(value, end_of_parameter(url, value) - value));
}

template <bool kNamesOnly>
void extract_parameters(const SqlCall& call) {
  const std::string_view url = call.text(0);
  std::string out = "[";
  for (size_t mark = url.find_first_of("?#"); mark != kNone;
       mark = url.find_first_of("?&#", mark + 1)) {
    const std::string_view rest = url.substr(mark + 1);
    const std::string_view pair = rest.substr(0, std::min(rest.find_first_of("?&#"), rest.size()));
    const size_t sign = pair.find('=');
    if (sign == kNone || sign == 0) continue;
    if (out.size() > 1) out += ',';
    append_repaired_json_string(out, kNamesOnly ? pair.substr(0, sign) : pair);
    call.check_size(out.size());
  }
  call.give_json(out + "]");
}

void cut_parameter(const SqlCall& call) {
  const std::string_view url = call.text(0);
  size_t begin = find_parameter(url, call.text(1));
  if (begin == kNone) return call.give_text(url);
  size_t end = end_of_parameter(url, begin);
  // With the mark that parts it from what stays: the one behind, or else the one before.
  if (end < url.size() && url[end] == '&') {
    ++end;
  } else if (url[begin - 1] == '&') {
    --begin;
  }
  call.give_text(std::string(url.substr(0, begin)) += url.substr(end));
}

void cut_query(const SqlCall& call) {
  const std::string_view url = call.text(0);
  const size_t begin = url.find('?');
  if (begin == kNone) return call.give_text(url);
  const size_t end = std::min(url.find('#', begin), url.size());
  call.give_text(std::string(url.substr(0, begin)) += url.substr(end));
}

void cut_fragment(const SqlCall& call) {
  const std::string_view url = call.text(0);
  call.give_text(url.substr(0, std::min(url.find('#'), url.size())));
}

void cut_query_and_fragment(const SqlCall& call) {
  const std::string_view url = call.text(0);
  call.give_text(url.substr(0, std::min(url.find_first_of("?#"), url.size())));
}

void decode_component(const SqlCall& call) {
  const std::string_view text = call.text(0);
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    uint8_t byte = 0;
    const bool has_code = text[i] == '%' && text.size() - i > 2;
    const char* const begin = text.data() + i + 1;
    if (has_code && std::from_chars(begin, begin + 2, byte, 16).ptr == begin + 2) {
      out += static_cast<char>(byte);
      i += 2;
    } else {
      out += text[i];
    }
  }
  call.give_bytes(out);
}

void encode_component(const SqlCall& call) {
  const std::string_view text = call.text(0);
  call.check_size(text.size() * 3);
  call.give_text(percent_encode(text));
}

constexpr auto kTable = std::to_array<SqlFunction>({
    {"domain(url)", 1, 1, domain},
    {"domainWithoutWWW(url)", 1, 1, domain_without_www},
    {"topLevelDomain(url)", 1, 1, top_level_domain},
    {"protocol(url)", 1, 1, protocol},
    {"port(url[, default])", 1, 2, port},
    {"path(url)", 1, 1, path},
    {"pathFull(url)", 1, 1, path_full},
    {"queryString(url)", 1, 1, query_string},
    {"fragment(url)", 1, 1, fragment},
    {"extractURLParameter(url, name)", 2, 2, extract_parameter},
    {"extractURLParameters(url)", 1, 1, extract_parameters<false>},
    {"extractURLParameterNames(url)", 1, 1, extract_parameters<true>},
    {"cutURLParameter(url, name)", 2, 2, cut_parameter},
    {"cutQueryString(url)", 1, 1, cut_query},
    {"cutFragment(url)", 1, 1, cut_fragment},
    {"cutQueryStringAndFragment(url)", 1, 1, cut_query_and_fragment},
    {"decodeURLComponent(text)", 1, 1, decode_component},
    {"encodeURLComponent(text)", 1, 1, encode_component},
});

}  // namespace

std::span<const SqlFunction> url_functions() { return kTable; }

}  // namespace sluice
