#include "object_store/s3_body.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <functional>

#include "base/crc32c.h"
#include "base/encoding.h"
#include "base/hash.h"
#include "net/request_body.h"
#include "object_store/file_error.h"
#include "object_store/s3_crc32c.h"

namespace sluice {
namespace {

constexpr size_t kPieceBytes = 256 * 1024;

/// Reads rather than maps a file: an I/O error of a mapping ends the process.
void for_each_piece(const S3Body& body, const std::function<void(std::string_view)>& each) {
  if (body.file.empty()) return each(body.memory);
  HttpRequest request;
  request.body_file = body.file;
  request.body_offset = body.offset;
  request.body_size = body.size;
  RequestBody bytes(request);
  // Most bodies are small, and there are many of them.
  std::string piece(static_cast<size_t>(std::min<uint64_t>(body.size, kPieceBytes)), '\0');
  while (const size_t got = bytes.read(piece.data(), piece.size())) {
    each(std::string_view(piece).substr(0, got));
  }
}

}  // namespace

S3Body memory_body(std::string_view bytes) {
  S3Body body;
  body.memory = bytes;
  body.size = bytes.size();
  body.crc32c = crc32c(bytes);
  return body;
}

std::string sha256_of(const S3Body& body) {
  Sha256 hash;
  for_each_piece(body, [&](std::string_view piece) { hash.update(piece); });
  return hex_encode(hash.finish());
}

uint32_t crc32c_of(const S3Body& body) {
  uint32_t crc = 0;
  for_each_piece(body, [&](std::string_view piece) { crc = crc32c(piece, crc); });
  return crc;
}

std::string md5_of(const S3Body& body) {
  if (body.file.empty()) return hex_encode(md5(body.memory));
  if (body.size == 0) return hex_encode(md5(""));
  // Mapped, because MD5 is to be had in one piece only and a late part of a huge object is
  // gigabytes. Only stores that know no other checksum come here.
  const auto page = static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
  const uint64_t start = body.offset / page * page;
  const uint64_t skip = body.offset - start;
  const int fd = open(body.file.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) throw file_error(errno, "reading", body.file);
  const size_t length = static_cast<size_t>(body.size + skip);
  void* mapped = mmap(nullptr, length, PROT_READ, MAP_PRIVATE, fd, static_cast<off_t>(start));
  const int code = errno;
  close(fd);
  if (mapped == MAP_FAILED) throw file_error(code, "reading", body.file);
  const std::string_view bytes(static_cast<const char*>(mapped) + skip,
                               static_cast<size_t>(body.size));
  std::string digest = hex_encode(md5(bytes));
  munmap(mapped, length);
  return digest;
}

}  // namespace sluice
