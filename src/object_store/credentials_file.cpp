#include "object_store/credentials_file.h"

#include <cerrno>
#include <fstream>
#include <string_view>

#include "base/encoding.h"
#include "object_store/file_error.h"

namespace sluice {
namespace {

/// The text in the brackets of a section's line; nothing for another line.
std::optional<std::string> section_of(std::string_view line) {
  if (!line.starts_with('[')) return std::nullopt;
  const size_t end = line.find(']');
  if (end == std::string_view::npos) return std::nullopt;
  return std::string(trim(line.substr(1, end - 1)));
}

void take(StoreCredentials& out, std::string_view line) {
  const size_t equals = line.find('=');
  if (equals == std::string_view::npos) return;
  const std::string name = ascii_lower(trim(line.substr(0, equals)));
  const std::string value(trim(line.substr(equals + 1)));
  if (name == "aws_access_key_id") out.access_key = value;
  if (name == "aws_secret_access_key") out.secret_key = Secret(value);
  if (name == "aws_session_token") out.session_token = Secret(value);
}

}  // namespace

std::optional<StoreCredentials> read_credentials_file(const std::string& path,
                                                      const std::string& profile) {
  if (path.empty()) return std::nullopt;
  errno = 0;
  std::ifstream file(path);
  if (!file) {
    if (errno == ENOENT || errno == ENOTDIR) return std::nullopt;
    throw file_error(errno, "reading", path);
  }
  StoreCredentials out;
  bool inside = false;
  for (std::string line; std::getline(file, line);) {
    const std::string_view text = trim(line);
    if (text.empty() || text.front() == '#' || text.front() == ';') continue;
    if (const auto section = section_of(text)) {
      inside = *section == profile;
    } else if (inside) {
      take(out, text);
    }
  }
  if (out.access_key.empty() || out.secret_key.empty()) return std::nullopt;
  return out;
}

}  // namespace sluice
