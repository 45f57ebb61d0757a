#include "pipeline/spill_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>

#include "object_store/file_error.h"

namespace sluice {

SpillFile::~SpillFile() {
  if (descriptor_ >= 0) close(descriptor_);
}

void SpillFile::create() {
  if (folder_.empty()) folder_ = std::filesystem::temp_directory_path().string();
  descriptor_ = open(folder_.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (descriptor_ >= 0) return;
  // Some file systems have no files without a name; one that is removed at once is nearly as good.
  std::string path = folder_ + "/spill-XXXXXX";
  descriptor_ = mkostemp(path.data(), O_CLOEXEC);
  if (descriptor_ < 0) throw file_error(errno, "making a file in", folder_);
  unlink(path.c_str());
}

void SpillFile::append(std::string_view bytes) {
  if (descriptor_ < 0) create();
  while (!bytes.empty()) {
    const ssize_t written =
        pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(size_));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) throw file_error(errno, "spilling rows into", folder_);
    size_ += static_cast<uint64_t>(written);
    bytes.remove_prefix(static_cast<size_t>(written));
  }
}

void SpillFile::read(uint64_t offset, size_t size, CharBuffer& bytes) const {
  bytes.clear();
  char* const room = bytes.room(size);
  for (size_t done = 0; done < size;) {
    const ssize_t got =
        pread(descriptor_, room + done, size - done, static_cast<off_t>(offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) throw file_error(got == 0 ? EIO : errno, "reading spilled rows from", folder_);
    done += static_cast<size_t>(got);
  }
  bytes.wrote(room + size);
}

}  // namespace sluice
