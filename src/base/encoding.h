#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sluice {

/// Lower-case hex of raw bytes.
std::string hex_encode(std::string_view bytes);
/// Bytes of hex text in any case; nothing if it is not hex.
std::optional<std::string> hex_decode(std::string_view text);

/// RFC 4648, section 4 (with padding).
std::string base64_encode(std::string_view bytes);
/// RFC 4648, section 5, without padding, as in JSON Web Tokens.
std::string base64url_encode(std::string_view bytes);
void base64_append(std::string& out, std::string_view bytes);

/// RFC 3986: everything but unreserved characters (A-Z a-z 0-9 - . _ ~) becomes %XX.
std::string percent_encode(std::string_view text);
/// The same, but leaves `/` as it is: for paths and object keys.
std::string percent_encode_path(std::string_view text);

/// Whether the bytes are well-formed UTF-8 (RFC 3629: no surrogates, no overlong forms).
bool is_utf8(std::string_view bytes);

std::string ascii_lower(std::string_view text);
std::string_view trim(std::string_view text);

}  // namespace sluice
