#include "object_store/file_error.h"

#include <cerrno>
#include <system_error>

namespace sluice {

Error file_error(int code, const std::string& doing, const std::string& path) {
  const std::string text =
      doing + " " + path + " failed: " + std::generic_category().message(code) + ".";
  switch (code) {
    case ENOSPC:
    case EDQUOT:
      return {ErrorCode::kStorage, text, "Free space on the disk that holds it."};
    case EROFS:
      return {ErrorCode::kStorage, text, "The disk is mounted read-only."};
    case EACCES:
    case EPERM:
      return {ErrorCode::kForbidden, text,
              "Give the user who runs Sluice the right to write there."};
    case ENAMETOOLONG:
      return {ErrorCode::kInvalid, text,
              "A file system takes 255 bytes in each part of a name: shorten the path, the file "
              "template or the values in it."};
    case ENOTDIR:
    case EISDIR:
    case ELOOP:
      return {ErrorCode::kConflict, text,
              "A part of the name is a file, a folder or a link where another kind is needed; the "
              "local store follows no links."};
    case EMFILE:
    case ENFILE:
      return {ErrorCode::kUnavailable, text, "Raise the limit of open files."};
    default:
      return {ErrorCode::kStorage, text};
  }
}

}  // namespace sluice
