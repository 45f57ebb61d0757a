#include "object_store/staging.h"

#include <algorithm>
#include <filesystem>
#include <string_view>
#include <system_error>

#include "base/encoding.h"
#include "base/error.h"
#include "base/limits.h"
#include "object_store/file_error.h"

namespace sluice {
namespace {

bool is_safe_name(std::string_view name) {
  return !name.empty() && name.size() <= 128 && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
  });
}

}  // namespace

void check_key(const std::string& key) {
  if (key.empty()) throw Error(ErrorCode::kInvalid, "An object's name must not be empty.");
  if (key.size() > limits::kKeyBytes) {
    throw Error(ErrorCode::kInvalid,
                "The object name " + key.substr(0, 64) + "... has " + std::to_string(key.size()) +
                    " bytes; " + std::to_string(limits::kKeyBytes) + " are the limit.",
                "Shorten the path, the file template or the values in it.");
  }
  if (!is_utf8(key) || key.find('\0') != std::string::npos) {
    throw Error(ErrorCode::kInvalid, "An object's name must be UTF-8 without NUL.");
  }
}

void check_range(uint64_t offset, uint64_t size) {
  constexpr uint64_t kFarthest = uint64_t{1} << 62;
  if (size <= limits::kResponseBytes && offset <= kFarthest) return;
  throw Error(ErrorCode::kInvalid, "At most " + std::to_string(limits::kResponseBytes) +
                                       " bytes of an object can be read at a time.");
}

void check_job_id(const std::string& job_id) {
  if (is_safe_name(job_id)) return;
  throw Error(ErrorCode::kInvalid, "A job id may hold letters, digits, - and _ only.");
}

void check_staging_path(const std::string& path) {
  const size_t slash = std::min(path.find('/'), path.size());
  const std::string_view view(path);
  if (is_safe_name(view.substr(0, slash)) && slash < path.size() &&
      is_safe_name(view.substr(slash + 1))) {
    return;
  }
  throw Error(ErrorCode::kCorrupt, "A staged object's ticket names a file that is not staged.");
}

void remove_staging_folder(const std::string& staging, const std::string& job_id) {
  check_job_id(job_id);
  const std::string folder = staging + "/" + job_id;
  std::error_code code;
  std::filesystem::remove_all(folder, code);
  if (code) throw file_error(code.value(), "removing", folder);
}

}  // namespace sluice
